import { describe, expect, it } from 'vitest';
import { isMinimal, type RequestCounts, tally, tallyText } from '../../../bench/counts.ts';
import { median, type Ran, ratio } from '../../../bench/measure.ts';
import { findsChanged, findsNoChanges, prints, printsNothing } from '../../../bench/proofs.ts';

const list = 'GET /api/scheduler/schedules';

function ran(stdout: string, counts: RequestCounts = { [list]: 1 }, code: number | null = 0): Ran {
  return { milliseconds: 1, code, stdout, stderr: '', requests: tally(counts) };
}

describe('a ratio', () => {
  it('is the median of the ratios of each round, not the ratio of the medians', () => {
    const samples = new Map([
      ['floor', [10, 20, 40]],
      ['plan', [30, 20, 80]],
    ]);
    expect(ratio(samples, 'plan', 'floor')).toEqual({ median: 2, least: 1, most: 3 });
  });

  it('without rounds, or with rounds of only one side, is refused', () => {
    expect(() => ratio(new Map(), 'plan', 'floor')).toThrow('no rounds');
    const samples = new Map([
      ['floor', [1]],
      ['plan', [1, 2]],
    ]);
    expect(() => ratio(samples, 'plan', 'floor')).toThrow('no rounds');
  });

  it.each([
    [[3], 3],
    [[9, 1, 10], 9],
    [[4, 1, 2, 3], 2.5],
  ])('median of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

describe('a run that did not do its work', () => {
  it.each([
    ['no output', findsNoChanges(ran('')), 'No changes.'],
    ['no request', findsNoChanges(ran('No changes.', {})), 'never asked'],
    [
      'a write',
      findsNoChanges(ran('No changes.', { [list]: 1, 'POST /api/scheduler/schedules': 1 })),
      'a write',
    ],
    ['an error', findsNoChanges(ran('No changes.', { [list]: 1 }, 1)), 'end with 0'],
    ['a signal', findsNoChanges(ran('No changes.', { [list]: 1 }, null)), 'end with 0'],
    ['a change not seen', findsChanged('a')(ran('No changes. a')), 'a is different'],
    ['another change seen', findsChanged('a')(ran('~ b')), 'a is different'],
    ['no version', prints('1.2.3')(ran('1.2.4')), '1.2.3'],
    ['a word too many', printsNothing(ran('?')), 'nothing'],
  ])('is detected: %s', (_what, wrong, words) => {
    expect(wrong).toContain(words);
  });

  it('is not reported for a run that did', () => {
    expect(findsNoChanges(ran('No changes. 10 schedules.'))).toBeUndefined();
    expect(findsChanged('a')(ran('~ a', { [list]: 1, 'GET /api/metadata/workflow/w': 1 }))).toBeUndefined();
    expect(prints('1.2.3')(ran('1.2.3\n'))).toBeUndefined();
    expect(printsNothing(ran(''))).toBeUndefined();
  });
});

describe('the requests of a plan without changes', () => {
  it.each<[RequestCounts, boolean, string]>([
    [{ [list]: 1 }, true, '1 list + nothing else'],
    [
      { [list]: 1, 'GET /api/version': 1, 'POST /api/token': 1 },
      true,
      '1 list + 1 version + 1 token + nothing else',
    ],
    [{}, false, '0 list + nothing else'],
    [{ [list]: 2 }, false, '2 list + nothing else'],
    [{ [list]: 1, 'GET /api/version': 2 }, false, '1 list + 2 version + nothing else'],
    [{ [list]: 1, 'GET /api/x': 3 }, false, '1 list + 3 other (GET /api/x …)'],
  ])('%j', (counts, minimal, text) => {
    expect(isMinimal(tally(counts))).toBe(minimal);
    expect(tallyText(tally(counts))).toBe(text);
  });
});
