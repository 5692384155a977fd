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
  const cuts = new Set<number>([begin]);
  for (const zone of zones) for (const at of changesOf(zone, begin, end)) cuts.add(at);
  const starts = [...cuts].sort((a, b) => a - b);
  return starts.map((start, index) => ({
    from: start,
    to: starts[index + 1] ?? end,
    offsets: zones.map((zone) => offsetOf(zone, start)),
  }));
}

/** Seconds east of UTC at an instant in epoch seconds. */
export function offsetOf(zone: Zone, instant: number): number {
  return zone.kind === 'fixed' ? zone.offset : offsetAt(zone.rules, instant);
}

// Thousands of schedules in a few zones ask for one interval.
let known: { readonly from: number; readonly to: number; readonly changes: Map<string, readonly number[]> } =
  {
    from: 0,
    to: 0,
    changes: new Map(),
  };

function changesOf(zone: Zone, from: number, to: number): readonly number[] {
  if (zone.kind === 'fixed') return [];
  if (known.from !== from || known.to !== to) known = { from, to, changes: new Map() };
  const changes = known.changes.get(zone.rules) ?? changesIn(zone.rules, from, to);
  known.changes.set(zone.rules, changes);
  return changes;
}

function changesIn(rules: string, from: number, to: number): readonly number[] {
  const found: number[] = [];
  for (let change = nextChange(rules, from, to); change !== undefined; ) {
    found.push(change.at);
    change = nextChange(rules, change.at, to);
  }
  return found;
}
