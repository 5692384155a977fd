import { groupedNames } from '../../conductor/read-past-runs.ts';
import type { Execution } from '../../model/execution.ts';
import { type Failure, type Outcome, type Reader, succeed } from '../../model/port.ts';

export interface LastRuns {
  /** By schedule. */
  readonly runs: ReadonlyMap<string, Execution>;
  /** Not found out; every other name without a run has none in the server's history. */
  readonly unknown: ReadonlySet<string>;
  /** Everything that was seen on the way, in no order: the newest runs of the server are among it. */
  readonly recent: readonly Execution[];
}

// As much as one answer should carry, and as many searches as a look at the state of things is worth.
const pageSize = 1000;
const mostSearches = 20;

/**
 * The newest run of each schedule. One search of the newest runs of all answers for most; whoever fires seldom is asked
 * for by name, many at a time.
 */
export async function lastRuns(
  reader: Reader,
  names: readonly string[],
  asked: boolean,
  severalAtOnce: boolean,
): Promise<Outcome<LastRuns>> {
  const runs = new Map<string, Execution>();
  const unknown = new Set<string>();
  const newest = { size: pageSize, sort: 'scheduledTime:DESC' };
  const recent: Execution[] = [];
  const note = (found: readonly Execution[]): void => {
    for (const run of found) {
      recent.push(run);
      const { scheduledTime = 0 } = runs.get(run.schedule) ?? {};
      if (!runs.has(run.schedule) || (run.scheduledTime ?? 0) > scheduledTime) runs.set(run.schedule, run);
    }
  };

  let left = [...names];
  let searches = 0;
  if (!asked) {
    const page = await reader.searchExecutions(newest);
    if (!page.ok) return page;
    searches += 1;
    note(page.value.results);
    // Those are all the runs there are: whoever is not among them has none.
    if (page.value.totalHits <= page.value.results.length) left = [];
    left = left.filter((name) => !runs.has(name));
  }
  let failure: Failure | undefined;
  while (left.length > 0 && failure === undefined) {
    const groups = groupedNames(left, severalAtOnce).slice(0, Math.max(0, mostSearches - searches));
    if (groups.length === 0) break;
    searches += groups.length;
    const settled = new Set<string>();
    await Promise.all(
      groups.map(async (group) => {
        const page = await reader.searchExecutions({ ...newest, names: group });
        if (!page.ok) {
          if (page.failure.kind !== 'unaddressable') failure ??= page.failure;
          for (const name of group) {
            unknown.add(name);
            settled.add(name);
          }
          return;
        }
        const own = page.value.results.filter(({ schedule }) => group.includes(schedule));
        note(own);
        const complete = page.value.totalHits <= page.value.results.length;
        // A page of other schedules' runs only: the server does not look for names, and has said nothing about these.
        const isOfOthers = !complete && own.length === 0;
        for (const name of group) {
          if (isOfOthers && !runs.has(name)) unknown.add(name);
          if (complete || isOfOthers || runs.has(name)) settled.add(name);
        }
      }),
    );
    left = left.filter((name) => !settled.has(name));
  }
  if (failure !== undefined) return { ok: false, failure };
  for (const name of left) unknown.add(name);
  return succeed({ runs, unknown, recent });
}
