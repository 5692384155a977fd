import { nextChange } from './offsets.ts';
import type { Zone } from './zone.ts';

/**
 * The local time of day, in seconds, from which on no change of a zone's clock between two times (epoch milliseconds)
 * hides or repeats anything: the latest end of an hour that is left out or comes twice. Undefined without changes.
 */
export function clearOfChanges(zone: Zone, from: number, to: number): number | undefined {
  if (zone.kind === 'fixed') return undefined;
  let latest: number | undefined;
  for (let start = from / 1000; ; ) {
    const change = nextChange(zone.rules, start, to / 1000);
    if (change === undefined) return latest;
    const local = change.at + Math.max(change.before, change.after);
    latest = Math.max(latest ?? 0, local - Math.floor(local / 86_400) * 86_400);
    start = change.at;
  }
}
