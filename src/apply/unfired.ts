import type { Execution } from '../model/execution.ts';
import type { MissedFire } from '../model/result.ts';
import type { ObservedSchedule } from '../model/schedule.ts';
import { longestDelay } from './due-fires.ts';
import type { ApplyOptions } from './options.ts';

/** Who has been changed earlier than this, in milliseconds, is left to an audit: most have fired since. */
const recently = 7 * 86_400_000;
/** So many are asked for by name; the rest is not known, and not said. */
const mostAsked = 50;

type UnfiredOptions = Pick<ApplyOptions, 'reader' | 'now' | 'nextFire' | 'stopped'>;

/**
 * The running schedules that should have fired since they were last changed, and that no past run shows since, each with
 * the first fire that is missing. A server that is killed in the middle of a save leaves one that looks active and has no
 * timer (OSS 3.32.1); nothing but its missing runs gives it away. Asks nothing unless a schedule was changed in the last
 * week and a fire of it is over for longer than any server takes.
 */
export async function unfired(
  schedules: readonly ObservedSchedule[],
  { reader, now, nextFire, stopped }: UnfiredOptions,
): Promise<readonly MissedFire[]> {
  const late = now() - longestDelay;
  const waiting = new Map<string, { readonly since: number; readonly at: number }>();
  for (const { schedule, facts } of schedules) {
    const { updatedTime: since = 0 } = facts;
    if (since < now() - recently) continue;
    const at = nextFire(schedule, since);
    if (at !== null && at <= late) waiting.set(schedule.name, { since, at });
  }
  if (waiting.size === 0) return [];
  const note = (runs: readonly Execution[]): void => {
    for (const { schedule, scheduledTime, executionTime = scheduledTime } of runs)
      if ((executionTime ?? 0) >= (waiting.get(schedule)?.since ?? Number.POSITIVE_INFINITY))
        waiting.delete(schedule);
  };
  const sort = 'scheduledTime:DESC';
  const after = Math.min(...[...waiting.values()].map(({ at }) => at)) - 1;
  const page = await reader.searchExecutions({ after, size: 1000, sort });
  if (!page.ok) return [];
  note(page.value.results);
  // Else those were all the runs there are.
  const isCut = page.value.totalHits > page.value.results.length;
  const known = isCut ? [...waiting.keys()].slice(0, mostAsked) : [...waiting.keys()];
  for (const name of isCut ? known : []) {
    if (stopped()) return [];
    const own = await reader.searchExecutions({ names: [name], after, size: 1, sort });
    if (own.ok) note(own.value.results);
    else waiting.delete(name);
  }
  return known.flatMap((name) => {
    const missing = waiting.get(name);
    return missing === undefined ? [] : [{ name, at: missing.at }];
  });
}
