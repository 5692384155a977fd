import { parseTimer, type TimerEntry, type Timing } from '../cron/fire/entry-timers.ts';
import { addFiresPerMinute, countFires, type Span } from '../cron/fire/fires.ts';
import { timesOf } from '../cron/fire/times.ts';
import { modulo } from '../cron/zone/civil.ts';
import { compareText } from '../model/schedule.ts';
import type { Cause } from './load.ts';
import { type SteadyTime, steadyTimes } from './zone-stretches.ts';

/** A schedule that is not paused. */
export interface ActiveSchedule {
  readonly name: string;
  /** One object for all that are known to fire at the same times: they are counted in one go. */
  readonly timing: Timing;
}

/** A minute of time with all that fires in it. */
export interface CrowdedMinute {
  /** When it begins; epoch milliseconds. */
  readonly at: number;
  readonly fires: number;
  /** Who fires then, the most first. */
  readonly who: readonly Cause[];
}

const minuteMs = 60_000;
const minutesPerDay = 1440;
const chunkMs = 32 * 86_400_000;

/**
 * The first minute of an interval in which some schedules together fire more often than `most` times, and, with `before`,
 * more often than those fire in it. Only those that take part in a minute of the day that could be too full are looked at.
 */
export function firstMinuteOver(
  schedules: readonly ActiveSchedule[],
  span: Span,
  most: number,
  before?: readonly ActiveSchedule[],
): CrowdedMinute | undefined {
  const suspects = suspected(grouped(schedules), span, most);
  if (suspects.length === 0) return undefined;
  const earlier = before === undefined ? [] : grouped(before);
  const from = Math.floor(span.from / minuteMs) * minuteMs;
  for (let start = from; start < span.to; start += chunkMs) {
    const chunk = {
      from: Math.max(start, span.from),
      to: Math.min(start + chunkMs, span.to),
      since: span.since ?? span.from - 1,
    };
    const tally = tallyOf(suspects, chunk);
    const index = tally.findIndex((fires) => fires > most);
    if (index < 0) continue;
    const theirs = before === undefined ? undefined : tallyOf(earlier, chunk);
    const found =
      theirs === undefined
        ? index
        : tally.findIndex((fires, at) => fires > most && fires > (theirs[at] ?? 0));
    if (found < 0) continue;
    const at = (Math.floor(chunk.from / minuteMs) + found) * minuteMs;
    return { at, fires: tally[found] ?? 0, who: whoFires(suspects, at, chunk.since) };
  }
  return undefined;
}

/** The schedules that fire at the same times. */
type Group = { readonly timing: Timing; readonly names: readonly string[] };

function grouped(schedules: readonly ActiveSchedule[]): readonly Group[] {
  const groups = new Map<Timing, string[]>();
  for (const { name, timing } of schedules) {
    const names = groups.get(timing);
    if (names === undefined) groups.set(timing, [name]);
    else names.push(name);
  }
  return Array.from(groups, ([timing, names]) => ({ timing, names }));
}

/** Those that have a minute of the UTC day in which, if all timers fired every day, there would be too many. */
function suspected(groups: readonly Group[], span: Span, most: number): readonly Group[] {
  const bound = new Float64Array(minutesPerDay);
  const minutesOf = dayMinutes(span);
  for (const { timing, names } of groups)
    for (const entry of timing.entries) {
      const { perMinute, minutes } = minutesOf(entry);
      for (const minute of minutes) bound[minute] = (bound[minute] as number) + perMinute * names.length;
    }
  if (bound.every((fires) => fires <= most)) return [];
  return groups.filter(({ timing }) =>
    timing.entries.some((entry) =>
      minutesOf(entry).minutes.some((minute) => (bound[minute] as number) > most),
    ),
  );
}

/** The minutes of the UTC day in which a timer ever fires, and how often at most. */
function dayMinutes({
  from,
  to,
}: Span): (entry: TimerEntry) => { readonly perMinute: number; readonly minutes: readonly number[] } {
  // At each minute, the number of the last timer that has it.
  const last = new Uint32Array(minutesPerDay);
  let number = 0;
  return (entry) => {
    const found: number[] = [];
    const parsed = parseTimer(entry);
    if (parsed === undefined) return { perMinute: 0, minutes: found };
    const { hours, minutes, seconds } = timesOf(parsed.cron);
    number += 1;
    for (const shift of shiftsOf(steadyTimes([parsed.zone], from, to)))
      for (const hour of hours.values)
        for (const minute of minutes.values) {
          const at = modulo(hour * 60 + minute - shift, minutesPerDay);
          if (last[at] === number) continue;
          last[at] = number;
          found.push(at);
        }
    return { perMinute: seconds.values.length, minutes: found };
  };
}

/** How many minutes the clock of one zone is before UTC, at any time. */
function shiftsOf(times: readonly SteadyTime[]): ReadonlySet<number> {
  const shifts = new Set<number>();
  for (const { offsets } of times) {
    const minutes = (offsets[0] ?? 0) / 60;
    // Old zones are some seconds off the full minute.
    shifts.add(Math.floor(minutes)).add(Math.ceil(minutes));
  }
  return shifts;
}

function tallyOf(groups: readonly Group[], span: Span): Uint32Array {
  const size = Math.floor((span.to - 1) / minuteMs) - Math.floor(span.from / minuteMs) + 1;
  const tally = new Uint32Array(size);
  for (const { timing, names } of groups) addFiresPerMinute(timing, span, tally, names.length);
  return tally;
}

function whoFires(groups: readonly Group[], at: number, since: number): readonly Cause[] {
  return groups
    .flatMap(({ timing, names }) => {
      const fires = countFires(timing, { from: at, to: at + minuteMs, since });
      return fires === 0 ? [] : names.map((name) => ({ name, fires }));
    })
    .sort((a, b) => b.fires - a.fires || compareText(a.name, b.name));
}
