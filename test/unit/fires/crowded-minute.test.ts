import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Timing } from '../../../src/cron/fire/entry-timers.ts';
import { type ActiveSchedule, firstMinuteOver } from '../../../src/fires/crowded-minute.ts';
import { casesOf } from '../../support/cases.ts';
import { anyCron, changes, walk } from '../../support/crons.ts';

const minute = 60_000;
const day = 86_400_000;
const mostFires = 1500;

type Span = { readonly from: number; readonly to: number; readonly since: number };

/** Fires of each minute by a walk from fire to fire; undefined when there are too many to walk. */
function tallied(schedules: readonly ActiveSchedule[], span: Span): Map<number, number> | undefined {
  const tally = new Map<number, number>();
  for (const { timing } of schedules) {
    const { fires, end } = walk(timing, span, mostFires);
    if (end !== span.to) return undefined;
    for (const at of fires) {
      const index = Math.floor(at / minute);
      tally.set(index, (tally.get(index) ?? 0) + 1);
    }
  }
  return tally;
}

const aCron = fc.oneof(
  anyCron(),
  fc.constantFrom(
    '0 0 0 * * *',
    '0 0 0 * * MON',
    '0 0 0 1 * *',
    '0 0 0 L * *',
    '30 0 0 * * *',
    '0 0 */6 * * *',
  ),
);

it('matches a walk over all fires, with and without a minute before', { timeout: 600_000 }, () => {
  const many = fc.array(fc.tuple(aCron, fc.constantFrom(...changes)), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(
      many,
      fc.integer({ min: 1, max: 4 }),
      fc.option(many, { nil: undefined }),
      fc.integer({ min: -45, max: 1 }),
      (all, most, earlier, days) => {
        const [[, change]] = all as [(typeof all)[number]];
        const from = Date.parse(change.at) + days * day + 1;
        const span = { from, to: from + 50 * day, since: from - 1 };
        const scheduled = (crons: typeof all): readonly ActiveSchedule[] =>
          crons.map(([cronExpression, { zone: zoneId }], index) => {
            const timing: Timing = { entries: [{ cronExpression, zoneId }], catchup: false };
            return { name: `s${index}`, timing };
          });
        const [after, before] = [scheduled(all), earlier && scheduled(earlier)];
        const [full, less] = [tallied(after, span), before && tallied(before, span)];
        if (full === undefined || (before !== undefined && less === undefined)) return;
        const [first] = [...full]
          .filter(([index, fires]) => fires > most && fires > (less?.get(index) ?? 0))
          .sort(([a], [b]) => a - b);
        const found = firstMinuteOver(after, span, most, before);
        expect(found && [found.at / minute, found.fires]).toStrictEqual(first);
        expect(found?.who.reduce((sum, { fires }) => sum + fires, 0)).toBe(first?.[1]);
      },
    ),
    { numRuns: casesOf(200) },
  );
});
