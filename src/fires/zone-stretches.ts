import { nextChange, offsetAt } from '../cron/zone/offsets.ts';
import type { Zone } from '../cron/zone/zone.ts';

/** A time during which none of some zones changes its clock. Epoch seconds, `to` exclusive. */
export interface SteadyTime {
  readonly from: number;
  readonly to: number;
  /** Seconds east of UTC, in the order of the zones. */
  readonly offsets: readonly number[];
}

/** Cuts an interval (epoch milliseconds) wherever the clock of one of the zones changes. */
export function steadyTimes(zones: readonly Zone[], from: number, to: number): readonly SteadyTime[] {
  const [begin, end] = [Math.floor(from / 1000), Math.ceil(to / 1000)];
  if (known.begin !== begin || known.end !== end) known = { begin, end, times: new Map() };
  const clocks = zones.map(clockOf).join(' ');
  const times = known.times.get(clocks) ?? cut(zones, begin, end);
  known.times.set(clocks, times);
  return times;
}

/** Seconds east of UTC at an instant in epoch seconds. */
export function offsetOf(zone: Zone, instant: number): number {
  return zone.kind === 'fixed' ? zone.offset : offsetAt(zone.rules, instant);
}

// Thousands of schedules in a few zones ask for one interval.
let known: {
  readonly begin: number;
  readonly end: number;
  readonly times: Map<string, readonly SteadyTime[]>;
} = { begin: 0, end: 0, times: new Map() };

/** The same for zones with the same clock. */
function clockOf(zone: Zone): string {
  return zone.kind === 'fixed' ? String(zone.offset) : zone.rules;
}

function cut(zones: readonly Zone[], begin: number, end: number): readonly SteadyTime[] {
  const cuts = new Set<number>([begin]);
  for (const zone of zones) for (const at of changesOf(zone, begin, end)) cuts.add(at);
  const starts = [...cuts].sort((a, b) => a - b);
  return starts.map((start, index) => ({
    from: start,
    to: starts[index + 1] ?? end,
    offsets: zones.map((zone) => offsetOf(zone, start)),
  }));
}

function changesOf(zone: Zone, from: number, to: number): readonly number[] {
  if (zone.kind === 'fixed') return [];
  const found: number[] = [];
  for (let change = nextChange(zone.rules, from, to); change !== undefined; ) {
    found.push(change.at);
    change = nextChange(zone.rules, change.at, to);
  }
  return found;
}
