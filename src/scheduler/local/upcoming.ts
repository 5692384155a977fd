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
  // No later one can be among the first.
  const open: UpcomingFire[] = [];
  for (const [name, own] of timers) for (const timer of own) insert(open, { name, timer }, limit);
  const names = new Set(open.map(({ name }) => name));
  const byName = new Map(
    schedules.flatMap((schedule) =>
      names.has(String(schedule.name)) ? [[String(schedule.name), schedule] as const] : [],
    ),
  );
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
    insert(open, { name, timer: next }, Number.POSITIVE_INFINITY);
  }
  return found;
}

/** Puts one in its place by time; of more than `most` the last is dropped. */
function insert(open: UpcomingFire[], one: UpcomingFire, most: number): void {
  const last = open.at(-1);
  if (open.length >= most && last !== undefined && last.timer.at <= one.timer.at) return;
  const at = open.findLastIndex((other) => other.timer.at <= one.timer.at) + 1;
  open.splice(at, 0, one);
  if (open.length > most) open.pop();
}
