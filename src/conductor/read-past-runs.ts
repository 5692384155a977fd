import type { Execution } from '../model/execution.ts';
import {
  type ExecutionFilter,
  type ExecutionPage,
  type Failure,
  type Outcome,
  type Reader,
  succeed,
} from '../model/port.ts';
import { type PageQuery, readPages, runKey } from './read-pages.ts';

/** What a reading of past runs could not find out; every other name without a run has none in the server's history. */
export interface PastRunsRead {
  /** Names that the server's grammar cannot express. */
  readonly unaddressable: ReadonlySet<string>;
  readonly searches: number;
  /** There were too many, or the server repeats its pages: of those before this time (epoch milliseconds) nothing is known. */
  readonly readFrom?: number;
}

const pageSize = 1000;
// A query is in the URL, of which servers take 8 KiB; a name can be three times as long percent-encoded.
const mostNameBytes = 1500;
/** Where pages go by number, a cut of the history moves later runs forward past the next page. */
const mostReadings = 3;

/**
 * Reads all past runs of a filter, page by page, and hands each to `take` once, newest first for each group of names: what
 * is kept of them is the caller's to decide. `severalAtOnce`: the server's grammar takes several names and times in one
 * search. Then the next page is asked for by the time that the last one ended at: whatever runs or is cut in the meantime moves
 * no other run past it. `most`: searches, for each group of names.
 */
export async function readPastRuns(
  { searchExecutions }: Pick<Reader, 'searchExecutions'>,
  filter: ExecutionFilter,
  severalAtOnce: boolean,
  take: (run: Execution) => void,
  most: number = Number.POSITIVE_INFINITY,
): Promise<Outcome<PastRunsRead>> {
  const { names, ...rest } = filter;
  const unaddressable = new Set<string>();
  let searches = 0;
  let readFrom: number | undefined;
  const counted: Reader['searchExecutions'] = (query) => {
    searches += 1;
    return searchExecutions(query);
  };
  for (const group of names === undefined ? [undefined] : groupedNames(names, severalAtOnce)) {
    const own = group === undefined ? rest : { ...rest, names: group };
    const failure = await readAll(own);
    if (failure?.kind === 'unaddressable' && group !== undefined)
      for (const name of group) unaddressable.add(name);
    else if (failure !== undefined) return { ok: false, failure };
  }
  return succeed({ unaddressable, searches, ...(readFrom === undefined ? {} : { readFrom }) });

  async function readAll(own: ExecutionFilter): Promise<Failure | undefined> {
    let byMoment = severalAtOnce;
    let seen = new Set<string>();
    let oldest: number | undefined;
    let newest: number | undefined;
    let [total, shrunk, readings, sorted] = [0, false, 1, true];
    /** Of a page that begins inside of a time: how many there must be, or a cut has moved them. */
    let leastTotal = 0;
    let atOldest = 0;
    const from = (start: number, before: number | undefined): PageQuery => ({
      start,
      size: pageSize,
      ...(before === undefined ? {} : { before }),
    });
    const step = ({ results, totalHits }: ExecutionPage, { start, before }: PageQuery) => {
      sorted &&= isInOrder(results);
      if (byMoment && !isInOrder(results, before)) {
        // The server has no ear for times, or for the order: pages go by number, from where they are.
        byMoment = false;
        if (seen.size > 0) return from(seen.size, own.before);
      }
      if (byMoment && totalHits < leastTotal) {
        leastTotal = 0;
        return from(0, before);
      }
      for (const run of results) {
        const { scheduledTime = 0 } = run;
        const key = runKey(run);
        // New runs push the pages on in the meantime.
        if (seen.has(key)) continue;
        // Only of the time that a page ends at can the next one have a run once more.
        if (byMoment && before !== own.before && scheduledTime !== oldest) seen = new Set();
        atOldest = scheduledTime === oldest ? atOldest + 1 : 1;
        oldest = scheduledTime;
        newest = Math.max(newest ?? scheduledTime, scheduledTime);
        seen.add(key);
        if (fits(run, own)) take(run);
      }
      shrunk ||= !byMoment && totalHits < total;
      total = totalHits;
      const next = (oldest ?? 0) + 1;
      const isEnd = results.length === 0 || start + results.length >= totalHits;
      if (isEnd && (byMoment || !shrunk || readings === mostReadings)) return undefined;
      if (isEnd) {
        [total, shrunk, readings] = [0, false, readings + 1];
        return from(0, before);
      }
      if (byMoment && next !== before) {
        // What a time shares with this page is read again, unless that is most of a page.
        const isCrowded = atOldest > pageSize / 2;
        leastTotal = isCrowded ? totalHits - start - results.length + atOldest : 0;
        return from(isCrowded ? atOldest : 0, next);
      }
      return from(start + results.length, before);
    };
    const sort = { ...own, sort: 'scheduledTime:DESC' };
    const read = await readPages({ searchExecutions: counted }, sort, from(0, own.before), most, step);
    if (!read.ok) return read.failure;
    if (read.value.ended === 'done') return undefined;
    // Of runs in no order, any may be missing.
    const last = sorted ? oldest : newest;
    readFrom = Math.max(readFrom ?? 0, last === undefined ? (own.before ?? 0) : last + 1);
    return undefined;
  }
}

function isInOrder(results: readonly Execution[], before: number = Number.POSITIVE_INFINITY): boolean {
  return results.every(
    ({ scheduledTime }, at) =>
      scheduledTime !== undefined &&
      scheduledTime < before &&
      scheduledTime <= (results[at - 1]?.scheduledTime ?? Number.POSITIVE_INFINITY),
  );
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

/** Names that go into one search together. A name that is hard to express is sent by itself, so that it cannot break the search for others. */
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
