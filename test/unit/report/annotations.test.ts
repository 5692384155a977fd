import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { problem } from '../../../src/problems/diagnostic.ts';
import type { RunDocument } from '../../../src/report/documents/document.ts';
import { driftDocument } from '../../../src/report/documents/drift.ts';
import { failureDocument } from '../../../src/report/documents/failure.ts';
import { planDocument } from '../../../src/report/documents/plan.ts';
import { resultDocument } from '../../../src/report/documents/result.ts';
import { validationDocument } from '../../../src/report/documents/validation.ts';
import { renderAnnotations } from '../../../src/report/formats/annotations.ts';
import { failed, field, leave, plan, remove, rename, result, update } from './samples.ts';

const hide = { showSensitive: false };
const nowhere = { kind: 'nowhere' } as const;

interface Command {
  readonly level: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** As the runner reads a line of the log (actions/runner, ActionCommand.TryParseV2). */
function commands(document: RunDocument): readonly Command[] {
  return renderAnnotations(document)
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [, level = '', rest = '', data = ''] = /^::(\w+) (.*?)::(.*)$/.exec(line) ?? [];
      const properties = rest.split(',').map((pair) => {
        const at = pair.indexOf('=');
        return [pair.slice(0, at), back(pair.slice(at + 1))];
      });
      return { level, properties: Object.fromEntries(properties), message: back(data) };
    });
}

function back(text: string): string {
  return text
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%25', '%');
}

test('a problem is at its line, with the hint below', () => {
  const at = { file: 'schedules/a,b:c.yaml', line: 12, column: 3, source: 'x' };
  const diagnostic = problem('unknown-key', { key: 'nane', nearest: 'name', parent: [] }, nowhere);
  expect(renderAnnotations(validationDocument({ files: 1, manifests: 1 }, [{ diagnostic, at }]))).toBe(
    '::error file=schedules/a%2Cb%3Ac.yaml,line=12,col=3,title=unknown-key::unknown key "nane"%0Ahint: did you mean "name"?\n',
  );
});

test('a plan: deletes are warnings, pauses and resumes are notices, other changes are not annotated', () => {
  const changes = [
    update('u', [field('zoneId', 'UTC', 'Asia/Tokyo')]),
    update('p', [field('paused', false, true), field('pausedReason', undefined, 'stocktaking')]),
    update('r', [field('paused', true, false)], { pausedBefore: true, pausedReasonBefore: 'INC-1' }),
    rename('new', ['old'], [field('name', 'old', 'new')]),
    remove('gone'),
    leave('left', { pausedReasonBefore: 'x' }),
  ];
  expect(commands(planDocument(plan(changes), [], hide))).toStrictEqual([
    {
      level: 'warning',
      properties: { file: 'schedules/shop.yaml', title: 'Deletes a schedule' },
      message: '"old" is deleted: it is "new" now',
    },
    {
      level: 'warning',
      properties: { title: 'Deletes a schedule' },
      message:
        '"gone" is deleted: it is no longer in a manifest; last changed by jane@acme.com at 2026-11-23T19:16:36Z',
    },
    {
      level: 'notice',
      properties: { file: 'schedules/shop.yaml', title: 'Pauses a schedule' },
      message: '"p" is paused; reason: "stocktaking"',
    },
    {
      level: 'notice',
      properties: { file: 'schedules/shop.yaml', title: 'Resumes a schedule' },
      message:
        '"r" is resumed; paused on the server: "INC-1"; last changed by jane@acme.com at 2026-11-23T19:16:36Z',
    },
  ]);
});

test('a result: failed, stale and possibly missed', () => {
  const step = { kind: 'save', mode: 'update', set: [], unset: [] } as const;
  const document = resultDocument(
    result(
      [
        { name: 'a', step, outcome: 'failed', failure: failed(), origin: { file: 'a.yaml', document: 0 } },
        { name: 'b', step, outcome: 'stale' },
        { name: 'c', step, outcome: 'done' },
      ],
      { possiblyMissed: [{ name: 'a', at: 0 }] },
    ),
    [],
  );
  const found = commands(document);
  expect(found.map(({ level, properties }) => [level, properties.title, properties.file])).toStrictEqual([
    ['error', 'A step failed', 'a.yaml'],
    ['warning', 'Stale', undefined],
    ['warning', 'Possibly missed a fire', undefined],
  ]);
  expect(found[0]?.message).toMatch(/^save "a"\ncannot save daily-orders: .*Unknown time-zone ID: Mars\/X\n/);
});

test('a drift: what counts is a warning, the rest is a notice', () => {
  const document = driftDocument(plan([remove('o'), leave('p', { pausedReasonBefore: 'x' })]), [], {
    ...hide,
    strict: false,
  });
  expect(commands(document).map(({ level, properties }) => [level, properties.title])).toStrictEqual([
    ['warning', 'No longer in a manifest'],
    ['notice', 'Paused on the server'],
  ]);
});

test('a failed request, and an empty report', () => {
  expect(commands(failureDocument([], failed()))[0]).toMatchObject({
    level: 'error',
    properties: { title: 'Request failed' },
  });
  expect(renderAnnotations(validationDocument({ files: 1, manifests: 1 }, []))).toBe('');
});

describe('the limit of ten', () => {
  const deletes = (count: number): readonly Command[] =>
    commands(planDocument(plan(Array.from({ length: count }, (_, index) => remove(`s${index}`))), [], hide));

  test('ten are ten', () => {
    expect(deletes(10)).toHaveLength(10);
  });

  test('of more, the tenth counts the rest', () => {
    const found = deletes(25);
    expect(found).toHaveLength(26);
    expect(found[9]).toStrictEqual({
      level: 'warning',
      properties: { title: '16 more' },
      message: '16 warnings more: see the log of this step; GitHub shows at most 10 here',
    });
    expect(new Set(found.map(({ message }) => message)).size).toBe(26);
  });

  test('each level is counted separately', () => {
    const problems = Array.from({ length: 11 }, () => ({
      diagnostic: problem('needs-adopt', { name: 'x' }, nowhere),
    }));
    const found = commands(planDocument(plan([remove('d')]), problems, hide));
    expect(found.filter(({ level }) => level === 'error')).toHaveLength(12);
    expect(found.filter(({ level }) => level === 'warning')).toHaveLength(1);
  });
});

test('text from outside stays in its place: one line per command, read back unchanged', () => {
  const parts = fc.constantFrom(
    ...[
      '::',
      '::error::',
      '##[error]',
      '%',
      '%0A',
      '%3A',
      '%25',
      '\n',
      '\r',
      ',',
      ':',
      '=',
      'title=',
      '\u001b[31m',
      '\u202e',
      '@x',
      '😀',
    ],
  );
  const text = fc.array(fc.oneof(parts, fc.string({ unit: 'binary', maxLength: 4 })), { minLength: 1 });
  fc.assert(
    fc.property(
      text.map((all) => all.join('')),
      (nasty) => {
        const at = { file: nasty, line: 1, column: 1 };
        const problems = [{ diagnostic: problem('needs-adopt', { name: nasty }, nowhere), at }];
        const changes = [
          remove(nasty),
          update(nasty, [field('paused', true, false)], { pausedBefore: true, pausedReasonBefore: nasty }),
        ];
        const document = planDocument(plan(changes), problems, hide);
        const written = renderAnnotations(document);
        expect(written).not.toMatch(/##\w*\[|[^\P{Cc}\n]|\p{Bidi_Control}/u);
        expect(written.match(/^::/gm)).toHaveLength(3);
        const [error, warning, notice] = commands(document);
        expect([error, warning, notice].map((one) => Object.keys(one?.properties ?? {}))).toStrictEqual([
          ['file', 'line', 'col', 'title'],
          ['title'],
          ['file', 'title'],
        ]);
        const shown = document.problems[0]?.at?.file ?? '';
        if (/^[\x20-\x7e]*$/.test(shown) && !/##\w*\[|^\s*::/.test(shown))
          expect(error?.properties.file).toBe(shown);
      },
    ),
  );
});
