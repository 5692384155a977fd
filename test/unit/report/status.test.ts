import { describe, expect, it } from 'vitest';
import type { StatusEntry } from '../../../src/report/documents/generated/documents.ts';
import { statusDocument } from '../../../src/report/documents/status.ts';
import { renderStatus } from '../../../src/report/text/status.ts';
import { createColors } from '../../../src/report/text/style.ts';

const entry = (name: string, more: Partial<StatusEntry> = {}): StatusEntry => ({
  name,
  state: 'active',
  ...more,
});

function lines(schedules: readonly StatusEntry[], width: number): readonly string[] {
  const document = statusDocument({
    target: { url: 'http://127.0.0.1:8080/api', serverType: 'orkes-new' },
    at: '2026-11-23T12:00:00Z',
    manifests: 'none',
    problems: [],
    ofOtherOwners: 0,
    schedules,
  });
  return renderStatus(document, { colors: createColors(false), width })
    .split('\n')
    .slice(2, -3);
}

describe('the owner in a status', () => {
  it('has a column only where a schedule has one', () => {
    expect(lines([entry('nightly')], 80).join('\n')).not.toContain('OWNER');
  });

  it('is not claimed to be absent where the tags were not read', () => {
    const [header, known, unknown] = lines(
      [entry('a', { owner: 'billing' }), entry('b', { ownerUnknown: true })],
      80,
    );
    expect([header, known, unknown].map((line) => line?.split(/ +/).at(-1))).toEqual([
      'OWNER',
      'billing',
      '?',
    ]);
  });

  it('is below the schedule where a column has no room', () => {
    expect(lines([entry('nightly', { owner: 'billing' }), entry('other')], 50)).toContain(
      '    owner billing',
    );
  });
});
