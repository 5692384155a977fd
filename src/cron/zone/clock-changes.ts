import { nextFire } from '../fire/next.ts';
import { type Run, runs, type Timer, timer } from '../fire/runs-of-days.ts';
import { type Times, timeAt, timesBefore } from '../fire/times.ts';
import type { Cron } from '../parse/cron.ts';
import { type Change, nextChange } from './offsets.ts';
import type { Zone } from './zone.ts';

/**
 * Fires of one local date that a change of the clock takes away or gives twice. Those of a cron that goes on in the same
 * rhythm through the change (each hour, where an hour is left out) are none.
 */
export interface ShiftedFires {
  readonly kind: 'skipped' | 'doubled';
  /** Day number of the local date: 0 = 1970-01-01. */
  readonly day: number;
  /** Local time of the first and the last of them, in seconds of the day. */
  readonly first: number;
  readonly last: number;
  /** How many local times; a doubled one counts once. */
  readonly count: number;
  /** When the clock changes, in epoch milliseconds. */
  readonly at: number;
  /** Seconds east of UTC before and after. */
  readonly before: number;
  readonly after: number;
}

const dayLength = 86_400;

/**
 * The fires from `from` to before `to` (epoch milliseconds) that changes of the clock skip or double, in order: what
 * Spring 6.2.19 makes of them for a schedule that is saved at `from`. Empty for a zone that keeps its offset, and quick
 * for a cron that does not fire in the hours in which clocks change.
 */
export function shiftedFires(cron: Cron, zone: Zone, from: number, to: number): readonly ShiftedFires[] {
  if (zone.kind === 'fixed') return [];
  const own = timer(cron, zone);
  const found: ShiftedFires[] = [];
  const end = Math.ceil(to / 1000);
  for (let start = Math.ceil(from / 1000); ; ) {
    const change = nextChange(zone.rules, start, end);
    if (change === undefined) return found;
    found.push(...(change.after > change.before ? skipped(own, change) : doubled(own, change, from)));
    start = change.at;
  }
}

/** Local times that do not exist on a date that the cron fires on. */
function skipped(own: Timer, change: Change): readonly ShiftedFires[] {
  const begin = change.at + change.before;
  const end = change.at + change.after;
  if (!hasTimes(own.times, begin, end) || keepsRhythm(own.times, end - begin)) return [];
  // A zone in which that hour exists knows the dates.
  const without = timer(own.cron, { kind: 'fixed', id: 'UTC', offset: 0 });
  return [...firesBetween(without, begin * 1000, end * 1000)].map(({ day, first, end }) =>
    shifted('skipped', own.times, change, day, first, end),
  );
}

/** Local times that fire in both of the hours in which the clock shows them: not all do, see `nextFire`. */
function doubled(own: Timer, change: Change, from: number): readonly ShiftedFires[] {
  const length = change.before - change.after;
  const local = change.at + change.after;
  if (!hasTimes(own.times, local, local + length) || keepsRhythm(own.times, length)) return [];
  const around: Run[] = [];
  for (const run of firesBetween(own, from, (change.at + length) * 1000)) {
    if (run.day >= Math.floor(local / dayLength)) around.push(run);
  }
  const found: ShiftedFires[] = [];
  for (const early of around.filter(({ offset }) => offset === change.before))
    for (const late of around.filter(({ offset, day }) => offset === change.after && day === early.day)) {
      const first = Math.max(early.first, late.first);
      const end = Math.min(early.end, late.end);
      if (first < end) found.push(shifted('doubled', own.times, change, early.day, first, end));
    }
  return found;
}

function firesBetween(own: Timer, from: number, to: number): Iterable<Run> {
  return runs(own, nextFire(own.cron, own.zone, from - 1), to);
}

function shifted(
  kind: ShiftedFires['kind'],
  times: Times,
  { at, before, after }: Change,
  day: number,
  first: number,
  end: number,
): ShiftedFires {
  return {
    kind,
    day,
    first: timeAt(times, first),
    last: timeAt(times, end - 1),
    count: end - first,
    at: at * 1000,
    before,
    after,
  };
}

/** Whether a cron may fire between two local times less than a day apart, in seconds since 1970-01-01T00:00 there. */
function hasTimes(times: Times, from: number, to: number): boolean {
  const midnight = Math.floor(from / dayLength) * dayLength;
  const [begin, end] = [from - midnight, to - midnight];
  return timesBefore(times, end) > timesBefore(times, begin) || timesBefore(times, end - dayLength) > 0;
}

/** Whether the times of day stay the same when all are moved by so many seconds. */
function keepsRhythm(times: Times, length: number): boolean {
  // A date that is left out may be one that counts.
  if (length % 60 !== 0 || length >= dayLength) return false;
  // Whole minutes move the seconds along with them.
  const step = times.seconds.values.length;
  for (let index = 0; index < times.count; index += step) {
    const moved = (timeAt(times, index) + length) % dayLength;
    if (timesBefore(times, moved + 1) === timesBefore(times, moved)) return false;
  }
  return true;
}
