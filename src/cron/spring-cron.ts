/** Spring's cron expressions by themselves: what they mean, when they fire, and how to say it. */

import { nextFire } from './fire/next.ts';
import type { CronProblem } from './parse/cron.ts';
import { parseCron } from './parse/parse-cron.ts';
import { parseZone } from './zone/zone.ts';

export { nextFire } from './fire/next.ts';
export type { Cron, CronField, CronProblem, CronRule } from './parse/cron.ts';
export { type CronParse, parseCron } from './parse/parse-cron.ts';
export { cronWords } from './words/words.ts';
export { parseZone, type Zone, type ZoneParse } from './zone/zone.ts';

export type NextFiresOptions = {
  /** IANA zone, or an offset such as `+02:00`. Default: `UTC`. */
  readonly zone?: string;
  /** Fires strictly later than this: epoch milliseconds. */
  readonly after: number;
  /** How many at most. Default: 10. */
  readonly limit?: number;
};

export type NextFires =
  /** Epoch milliseconds, ascending; fewer than asked for when there are no more. */
  | { readonly ok: true; readonly fires: readonly number[] }
  | { readonly ok: false; readonly problem: CronProblem }
  /** `why` completes "the zone is refused: …". */
  | { readonly ok: false; readonly zone: string; readonly why: string; readonly nearest?: string };

/** More at once would take too much memory: ask again, after the last of them. */
const mostFires = 100_000;

/**
 * The next fires of an expression, as a Conductor server starts them: Spring's `CronExpression.next` on a
 * `ZonedDateTime`, clock changes included. Throws for a `limit` above 100,000.
 *
 * @example
 * nextFires('0 0 9 * * MON-FRI', { zone: 'Europe/Berlin', after: Date.now(), limit: 3 });
 */
export function nextFires(
  expression: string,
  { zone = 'UTC', after, limit = 10 }: NextFiresOptions,
): NextFires {
  if (!(limit <= mostFires)) throw new RangeError(`limit must be at most ${mostFires}`);
  const parsed = parseCron(expression);
  if (!parsed.ok) return parsed;
  const place = parseZone(zone);
  if (!place.ok) return { ...place, zone };
  const fires: number[] = [];
  for (let last = after; fires.length < limit; ) {
    const next = nextFire(parsed.cron, place.zone, last);
    if (next === null) break;
    fires.push(next);
    last = next;
  }
  return { ok: true, fires };
}
