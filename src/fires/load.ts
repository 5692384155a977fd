import { addFiresPerMinute } from '../cron/fire/fires.ts';
import { compareText, type Schedule } from '../model/schedule.ts';
import { type ScheduleTiming, timingOf } from '../model/timing.ts';

/** How many fires the minutes of a UTC day have, over some days and all schedules. */
export interface Load {
  /** Epoch milliseconds, midnight UTC. */
  readonly from: number;
  readonly days: number;
  /** Fires of each of the 1,440 minutes, 00:00Z first, over all days. */
  readonly minutes: readonly number[];
  readonly total: number;
  /** The busiest minute of all of them; absent when nothing fires. */
  readonly busiest?: { readonly at: number; readonly fires: number };
  /** The busiest minutes of the day, busiest first. */
  readonly peaks: readonly Peak[];
  readonly schedules: { readonly active: number; readonly paused: number };
}

export interface Peak {
  /** Minute of the UTC day: 0 = 00:00Z. */
  readonly minute: number;
  /** Over all days. */
  readonly fires: number;
  /** Who fires then, the most first. */
  readonly causes: readonly Cause[];
}

export interface Cause {
  readonly name: string;
  readonly fires: number;
}

/** Four weeks hold every day of the week and of most months alike. */
export const loadDays = 28;
const minutesPerDay = 1440;
const minuteMs = 60_000;
const dayMs = minutesPerDay * minuteMs;
const peaksShown = 5;

/** The load of some schedules in the four weeks from the UTC day of `from` (epoch milliseconds) on. */
export function loadOf(schedules: readonly Schedule[], from: number): Load {
  const [load] = loadsOf([schedules], from);
  if (load === undefined) throw new Error('there is no load');
  return load;
}

/** Schedules that fire alike. */
type Alike = {
  readonly timing: ScheduleTiming;
  /** On each side. */
  readonly names: readonly string[][];
  /** The minutes of the UTC day in which they fire, and how often over all days. */
  minutes: Uint16Array;
  fires: Uint32Array;
};

/** Whether two sides have the same load, minute by minute, from the same schedules: no fire is computed for that. */
export function isSameLoad(before: readonly Schedule[], after: readonly Schedule[]): boolean {
  // Nearly all are on both sides as they are.
  const [then, now] = [new Set(before), new Set(after)];
  const gone = before.filter((one) => !now.has(one));
  const come = after.filter((one) => !then.has(one));
  return alike([gone, come]).every(({ names: [was = [], is = []] }) => {
    if (was.length !== is.length) return false;
    const others = new Set(was);
    return is.every((name) => others.has(name));
  });
}

/** The loads of several sides; what fires alike, on one side or on several, is counted once. */
export function loadsOf(sides: readonly (readonly Schedule[])[], from: number): readonly Load[] {
  const start = Math.floor(from / dayMs) * dayMs;
  const span = { from: start, to: start + loadDays * dayMs };
  const groups = alike(sides);
  const every = sides.map(() => new Uint32Array(loadDays * minutesPerDay));
  const own = new Uint16Array(loadDays * minutesPerDay);
  for (const group of groups) {
    own.fill(0);
    addFiresPerMinute(group.timing, span, own);
    addTo(every, own, group);
  }
  return sides.map((schedules, side) => {
    const each = every[side] as Uint32Array;
    const minutes = Array.from({ length: minutesPerDay }, () => 0);
    let fullest = 0;
    for (const [index, fires] of each.entries()) {
      const minute = index % minutesPerDay;
      minutes[minute] = (minutes[minute] ?? 0) + fires;
      if (fires > (each[fullest] ?? 0)) fullest = index;
    }
    const fires = each[fullest] ?? 0;
    const active = schedules.filter(({ paused }) => !paused).length;
    return {
      from: start,
      days: loadDays,
      minutes,
      total: minutes.reduce((sum, count) => sum + count, 0),
      ...(fires === 0 ? {} : { busiest: { at: start + fullest * minuteMs, fires } }),
      peaks: peaksOf(groups, side, minutes),
      schedules: { active, paused: schedules.length - active },
    };
  });
}

function alike(sides: readonly (readonly Schedule[])[]): readonly Alike[] {
  const groups = new Map<string, Alike>();
  for (const [side, schedules] of sides.entries())
    for (const schedule of schedules) {
      if (schedule.paused) continue;
      const timing = timingOf(schedule);
      const key = timing.days === undefined ? keyOf(timing) : `${side} ${schedule.name}`;
      const found = groups.get(key) ?? {
        timing,
        names: sides.map(() => []),
        minutes: new Uint16Array(),
        fires: new Uint32Array(),
      };
      groups.set(key, found);
      found.names[side]?.push(schedule.name);
    }
  return [...groups.values()];
}

/** Equal for timings on any day that fire alike. */
function keyOf({ entries, ...window }: ScheduleTiming): string {
  const timers = entries.map(({ cronExpression, zoneId }) => `${cronExpression}\n${zoneId}`).join('\n');
  return `${timers}\n${JSON.stringify(window)}`;
}

/** Adds the fires of one schedule to the sides, as often as they have such a schedule, and keeps those of each minute of the day. */
function addTo(every: readonly Uint32Array[], own: Uint16Array, group: Alike): void {
  const day = new Uint32Array(minutesPerDay);
  let firing = 0;
  // Most minutes have none, so four are looked at at once.
  const fours = new Float64Array(own.buffer);
  for (let four = 0; four < fours.length; four += 1) {
    if (fours[four] === 0) continue;
    for (let at = four * 4; at < four * 4 + 4; at += 1) {
      const fires = own[at] as number;
      if (fires === 0) continue;
      for (const [side, names] of group.names.entries()) {
        const sum = every[side] as Uint32Array;
        sum[at] = (sum[at] as number) + fires * names.length;
      }
      const minute = at % minutesPerDay;
      const before = day[minute] as number;
      if (before === 0) firing += 1;
      day[minute] = before + fires;
    }
  }
  group.minutes = new Uint16Array(firing);
  group.fires = new Uint32Array(firing);
  let next = 0;
  for (let minute = 0; next < firing; minute += 1) {
    const fires = day[minute] as number;
    if (fires === 0) continue;
    group.minutes[next] = minute;
    group.fires[next] = fires;
    next += 1;
  }
}

function peaksOf(groups: readonly Alike[], side: number, minutes: readonly number[]): readonly Peak[] {
  const fullest = minutes
    .map((fires, minute) => ({ minute, fires }))
    .filter(({ fires }) => fires > 0)
    .sort((a, b) => b.fires - a.fires || a.minute - b.minute)
    .slice(0, peaksShown);
  return fullest.map((peak) => ({
    ...peak,
    causes: groups
      .flatMap((group): readonly Cause[] => {
        const at = group.minutes.indexOf(peak.minute);
        const fires = at < 0 ? 0 : (group.fires[at] ?? 0);
        return fires === 0 ? [] : (group.names[side] ?? []).map((name) => ({ name, fires }));
      })
      .sort((a, b) => b.fires - a.fires || compareText(a.name, b.name)),
  }));
}
