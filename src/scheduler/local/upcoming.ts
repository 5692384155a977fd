import type { JsonObject } from '../../model/json.ts';
import { type Timer, timerAfter } from '../timers.ts';

export type UpcomingFire = { readonly name: string; readonly timer: Timer };

/**
 * The next fires by the timers that are there, in order, at most `limit`, and at most `limitOfEach` of each schedule so
 * that a busy one leaves room for the others.
 */
export function upcoming(
  schedules: readonly JsonObject[],
  timers: ReadonlyMap<string, readonly Timer[]>,
  { limit, limitOfEach }: { readonly limit: number; readonly limitOfEach: number },
): readonly UpcomingFire[] {
  const byName = new Map(schedules.map((schedule) => [String(schedule.name), schedule]));
  const open: UpcomingFire[] = [...timers].flatMap(([name, own]) => own.map((timer) => ({ name, timer })));
  open.sort((a, b) => a.timer.at - b.timer.at);
  // No later one can be among the first.
  open.length = Math.min(open.length, limit);
  const found: UpcomingFire[] = [];
  const counts = new Map<string, number>();
  while (found.length < limit) {
    const first = open.shift();
    if (first === undefined) break;
    const { name, timer } = first;
    const count = (counts.get(name) ?? 0) + 1;
    if (count > limitOfEach) continue;
    counts.set(name, count);
    found.push(first);
    const next = timerAfter(timer, byName.get(name) ?? {}, timer.at, (ready) => ready);
    if (next === null) continue;
    const at = open.findIndex((other) => other.timer.at > next.at);
    open.splice(at < 0 ? open.length : at, 0, { name, timer: next });
  }
  return found;
}
