import { expect, it } from 'vitest';
import { readRecord, recordText } from '../../../src/commands/on-call/record-file.ts';
import type { Standstill } from '../../../src/model/standstill.ts';

const record: Standstill = {
  format: 1,
  kind: 'record',
  server: 'http://s/api',
  at: 5,
  mark: 'm',
  marksKept: true,
  resumedAt: 7,
  running: [{ name: 'a', basis: '0'.repeat(64), pausedAt: 1_795_435_200_001 }],
};

function read(text: string) {
  const files = { readFile: () => ({ kind: 'read', text }) } as never;
  return readRecord(files, 'r.json', 'http://s/api');
}

it('a record is read as it was written', () => {
  expect(read(recordText(record))).toStrictEqual({ ok: true, value: record });
});

it.each<[string, object, string]>([
  ['another kind', { kind: 'plan' }, 'see "kind"'],
  ['another format', { format: 2 }, 'see "format"'],
  ['no time', { at: undefined }, 'see "at"'],
  ['a time that is a number', { at: 5 }, 'see "at"'],
  ['a text that is not a time', { at: 'now' }, 'see "at"'],
  ['marks that are no truth value', { marksKept: 'yes' }, 'see "marksKept"'],
  ['a key too many', { more: 1 }, 'see "more"'],
  ['no list', { running: {} }, 'see "running"'],
  ['an entry that is a text', { running: ['a'] }, 'see "running[0]"'],
  ['an entry without a hash', { running: [{ name: 'a' }] }, 'see "running[0].basis"'],
  ['a hash that is none', { running: [{ name: 'a', basis: 'x' }] }, 'see "running[0].basis"'],
])('%s', (_what, wrong, why) => {
  const outcome = read(JSON.stringify({ ...JSON.parse(recordText(record)), ...wrong }));
  expect(outcome.ok ? '' : outcome.usage.message).toBe(`"r.json" is not a record of a pause: ${why}`);
});

it.each(['', '[', 'null', '[]', '"record"', recordText(record).slice(0, -3)])('%j', (text) => {
  const outcome = read(text);
  const message = '"r.json" is not a record of a pause: it is not a JSON object';
  expect(outcome.ok ? '' : outcome.usage.message).toBe(message);
});
