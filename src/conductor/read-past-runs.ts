import type { Execution } from '../model/execution.ts';
import { type ExecutionFilter, type Failure, type Outcome, type Reader, succeed } from '../model/port.ts';

/** What a reading of past runs could not find out; every other name without a run has none that the server remembers. */
export interface PastRunsRead {
  /** Names that the server's grammar has no words for. */
  readonly unaddressable: ReadonlySet<string>;
  readonly searches: number;
}

const pageSize = 1000;
// A query stands in the URL, of which servers take 8 KiB; a name can be three times as long percent-encoded.
const mostNameBytes = 1500;
/** The server may cut its history between two pages, which moves later runs forward past the next page. */
const mostReadings = 3;

/**
 * Reads all past runs of a filter, page by page, and hands each to `take` once, newest first for each group of names: what
 * is kept of them is the caller's to decide. `severalAtOnce`: the server's grammar takes several names in one search.
 */
export async function readPastRuns(
  { searchExecutions }: Pick<Reader, 'searchExecutions'>,
  filter: ExecutionFilter,
  severalAtOnce: boolean,
  take: (run: Execution) => void,
): Promise<Outcome<PastRunsRead>> {
  const { names, ...rest } = filter;
  const unaddressable = new Set<string>();
  let searches = 0;
  for (const group of names === undefined ? [undefined] : groupedNames(names, severalAtOnce)) {
    const own = group === undefined ? rest : { ...rest, names: group };
    const failure = await readAll(own);
    if (failure?.kind === 'unaddressable' && group !== undefined)
      for (const name of group) unaddressable.add(name);
    else if (failure !== undefined) return { ok: false, failure };
  }
  return succeed({ unaddressable, searches });

  async function readAll(own: ExecutionFilter): Promise<Failure | undefined> {
    const seen = new Set<string>();
    for (let reading = 1; ; reading += 1) {
      let [start, total, shrunk] = [0, 0, false];
      for (;;) {
        const page = await searchExecutions({ ...own, start, size: pageSize, sort: 'scheduledTime:DESC' });
        searches += 1;
        if (!page.ok) return page.failure;
        const { results, totalHits } = page.value;
        for (const run of results) {
          // New runs push the pages on meanwhile.
          if (run.id !== undefined && seen.has(run.id)) continue;
          if (run.id !== undefined) seen.add(run.id);
          if (fits(run, own)) take(run);
        }
        shrunk ||= totalHits < total;
        total = totalHits;
        start += results.length;
        if (results.length === 0 || start >= totalHits) break;
      }
      if (!shrunk || reading === mostReadings) return undefined;
    }
  }
}

/** Whether a run is one of a filter: what a server could not narrow to is left out here. */
export function fits(
  { schedule, state, scheduledTime }: Execution,
  { names, failed = false, after, before }: ExecutionFilter,
): boolean {
  return (
    (names === undefined || names.includes(schedule)) &&
    (!failed || state === 'FAILED') &&
    (after === undefined || scheduledTime === undefined || scheduledTime > after) &&
    (before === undefined || scheduledTime === undefined || scheduledTime < before)
  );
}

/** Names that go into one search together. One that is hard to put into words goes alone, so that it spoils no other. */
export function groupedNames(
  names: readonly string[],
  severalAtOnce: boolean,
): readonly (readonly string[])[] {
  if (!severalAtOnce) return names.map((name) => [name]);
  const groups: string[][] = [];
  let current: string[] = [];
  let bytes = 0;
  for (const name of names) {
    if (!/^[\w.:/ -]+$/.test(name) || name.includes(' AND ') || name !== name.trim()) {
      groups.push([name]);
      continue;
    }
    if (bytes + name.length > mostNameBytes && current.length > 0) {
      groups.push(current);
      [current, bytes] = [[], 0];
    }
    current.push(name);
    bytes += name.length + 1;
  }
  return current.length > 0 ? [...groups, current] : groups;
}
