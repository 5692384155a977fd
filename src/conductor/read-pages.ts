import type { Execution } from '../model/execution.ts';
import {
  type ExecutionPage,
  type ExecutionQuery,
  type Outcome,
  type Reader,
  succeed,
} from '../model/port.ts';

/** What changes from page to page. */
export type PageQuery = {
  readonly start: number;
  readonly size: number;
  /** Exclusive, epoch milliseconds. */
  readonly before?: number;
};

/**
 * How a reading of pages ended.
 * - `done`: `step` wanted no further page
 * - `repeats`: the server says that there are more runs than it sent, and a further page has none that are new
 * - `too-many`: as many pages as one reading may take
 */
export type PagesEnd = { readonly ended: 'done' | 'repeats' | 'too-many' };

/**
 * Reads past runs page by page, for everybody who needs more than one page. `step` takes each page, the one at which
 * the reading stops as well, and returns what to ask for next; undefined = no more. `most`: pages.
 */
export async function readPages(
  { searchExecutions }: Pick<Reader, 'searchExecutions'>,
  filter: ExecutionQuery,
  first: PageQuery,
  most: number,
  step: (page: ExecutionPage, query: PageQuery) => PageQuery | undefined,
): Promise<Outcome<PagesEnd>> {
  let query = first;
  /** Of the runs of `query`, those that came since it began at 0. */
  let known = new Set<string>();
  for (let searches = 0; searches < most; searches += 1) {
    const page = await searchExecutions({ ...filter, ...query });
    if (!page.ok) return page;
    if (query.start === 0) known = new Set();
    const repeats = isRepeated(known, page.value, query.start);
    for (const run of page.value.results) known.add(runKey(run));
    const next = step(page.value, query);
    if (repeats && known.size < page.value.totalHits) return succeed({ ended: 'repeats' });
    if (next === undefined) return succeed({ ended: 'done' });
    const { before = Number.POSITIVE_INFINITY } = next;
    if (next.before !== query.before) {
      const inside = page.value.results.filter(({ scheduledTime = 0 }) => scheduledTime < before);
      known = new Set(inside.map(runKey));
    }
    query = next;
  }
  return succeed({ ended: 'too-many' });
}

/** What tells one run from another. */
export function runKey(run: Execution): string {
  return run.id ?? JSON.stringify(run);
}

/** New runs push a few known ones on into a page; one of mostly known ones, or the last with most of them, is an earlier page. */
function isRepeated(
  known: ReadonlySet<string>,
  { results, totalHits }: ExecutionPage,
  start: number,
): boolean {
  if (results.length === 0) return start < totalHits;
  if (start === 0) return false;
  const old = results.filter((run) => known.has(runKey(run))).length;
  const isLast = start + results.length >= totalHits;
  return old > (isLast ? known.size : results.length) / 2;
}
