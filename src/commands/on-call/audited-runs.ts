import { groupedNames, readPastRuns } from '../../conductor/read-past-runs.ts';
import { completeFrom } from '../../fires/audit/complete-from.ts';
import type { PastRun } from '../../fires/audit/judge.ts';
import type { Execution } from '../../model/execution.ts';
import { type Capabilities, type Failure, type Outcome, type Reader, succeed } from '../../model/port.ts';

/** The past runs of an interval, by schedule. */
export type AuditedRuns = {
  readonly bySchedule: ReadonlyMap<string, readonly PastRun[]>;
  /** The newest run from before the interval, of schedules whose first fire of the interval has none. */
  readonly older: ReadonlyMap<string, PastRun>;
  /** From which time on no run of a schedule is missing. */
  readonly completeFrom: (name: string) => number;
  /** The newest start of any schedule on the server. */
  readonly lastStart?: number;
  /** There were too many: those before this time were not read. */
  readonly readFrom?: number;
};

/** The same before it is known what ran before the interval. */
export type IntervalRuns = Pick<AuditedRuns, 'bySchedule'> & {
  /**
   * Reads the rest that an audit needs. `startsLate`: schedules that have fires before their first run of the interval;
   * only of these older runs matter.
   */
  readonly rest: (
    startsLate: (name: string, runs: readonly PastRun[]) => boolean,
  ) => Promise<Outcome<AuditedRuns>>;
};

type Question = {
  /** All schedules that it is about. */
  readonly schedules: readonly string[];
  /** They are some of many, so that it is better to ask for them by name. */
  readonly isNarrow: boolean;
  /** Inclusive. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly capabilities: Capabilities;
  /** Workflow ids are kept. */
  readonly keepsIds: boolean;
};

// A megabyte a page at most, as a rule, and two million runs in all.
const mostPages = 2000;
const mostGroups = 2;
// So many schedules are asked for older runs one by one.
const mostOlder = 20;
const recentSize = 100;

/** Reads the past runs of an interval: all of them, and of few names only theirs. */
export async function readIntervalRuns(reader: Reader, question: Question): Promise<Outcome<IntervalRuns>> {
  const { schedules, isNarrow, from, to, capabilities, keepsIds } = question;
  const names = isNarrow ? schedules : undefined;
  const bySchedule = new Map<string, PastRun[]>();
  let lastStart: number | undefined;
  let oldest: number | undefined;
  const look = ({ scheduledTime, executionTime }: Execution): void => {
    if (scheduledTime === undefined) return;
    lastStart = Math.max(lastStart ?? 0, executionTime ?? scheduledTime);
    oldest = Math.min(oldest ?? scheduledTime, scheduledTime);
  };
  const few = names !== undefined && areFew(names, capabilities) ? names : undefined;
  const wanted = new Set(schedules);
  const read = await readPastRuns(
    reader,
    { after: from - 1, before: to, ...(few && { names: few }) },
    capabilities.executionQuery === 'clauses',
    (run) => {
      look(run);
      const { schedule, scheduledTime } = run;
      if (scheduledTime === undefined || !wanted.has(schedule)) return;
      const own = bySchedule.get(schedule);
      const past = pastRun(run, scheduledTime, keepsIds);
      if (own === undefined) bySchedule.set(schedule, [past]);
      else own.push(past);
    },
    mostPages,
  );
  if (!read.ok) return read;
  // Newest first as they came.
  for (const runs of bySchedule.values()) runs.reverse().sort((a, b) => a.at - b.at);
  const rest: IntervalRuns['rest'] = async (startsLate) => {
    const [recent, older] = await Promise.all([
      // Whether anything at all runs on this server, and since when it remembers.
      few !== undefined || bySchedule.size === 0
        ? reader.searchExecutions({ size: recentSize, sort: 'scheduledTime:DESC' })
        : undefined,
      olderRuns(
        reader,
        schedules.filter((name) => startsLate(name, bySchedule.get(name) ?? [])),
        from,
        capabilities,
      ),
    ]);
    if (recent?.ok === false) return recent;
    for (const run of recent?.value.results ?? []) look(run);
    if (!older.ok) return older;
    const keeps = capabilities.historyKeeps;
    const { readFrom = Number.NEGATIVE_INFINITY } = read.value;
    return succeed({
      bySchedule,
      older: older.value,
      completeFrom: (name) =>
        completeFrom(
          {
            moments: (bySchedule.get(name) ?? []).map(({ at }) => at),
            hasOlder: older.value.has(name),
            readFrom,
            oldest,
          },
          keeps,
        ),
      ...(lastStart === undefined ? {} : { lastStart }),
      ...(read.value.readFrom === undefined ? {} : { readFrom: read.value.readFrom }),
    });
  };
  return succeed({ bySchedule, rest });
}

function pastRun(
  { executionTime, state, reason, workflowId }: Execution,
  at: number,
  keepsIds: boolean,
): PastRun {
  return {
    at,
    // One of the few words there are, so that no page of an answer is kept for it.
    state: state === 'EXECUTED' ? 'EXECUTED' : state === 'FAILED' ? 'FAILED' : own(state),
    ...(executionTime === undefined ? {} : { started: executionTime }),
    ...(reason === undefined ? {} : { reason: own(reason) }),
    ...(keepsIds && workflowId !== undefined ? { workflowId: own(workflowId) } : {}),
  };
}

/** A copy: what is cut out of an answer keeps all of that answer in memory. */
function own(text: string): string {
  return Buffer.from(text).toString();
}

/** Whether some names are asked for by themselves: each can be, and they fit into a search or two. */
function areFew(names: readonly string[], { executionQuery }: Capabilities): boolean {
  const plain = names.every(
    (name) => /^[\w.:/ -]+$/.test(name) && !name.includes(' AND ') && name === name.trim(),
  );
  return executionQuery === 'clauses' && plain && groupedNames(names, true).length <= mostGroups;
}

/** The newest run of some schedules from before a time. */
async function olderRuns(
  reader: Reader,
  names: readonly string[],
  before: number,
  capabilities: Capabilities,
): Promise<Outcome<ReadonlyMap<string, PastRun>>> {
  const found = new Map<string, PastRun>();
  if (names.length === 0 || capabilities.executionQuery !== 'clauses') return succeed(found);
  const note = (runs: readonly Execution[]): void => {
    for (const run of runs)
      if (run.scheduledTime !== undefined && !found.has(run.schedule))
        found.set(run.schedule, pastRun(run, run.scheduledTime, false));
  };
  const recent = await reader.searchExecutions({ before, size: 1000, sort: 'scheduledTime:DESC' });
  if (!recent.ok) return recent;
  note(recent.value.results);
  const isAll = recent.value.totalHits <= recent.value.results.length;
  const left = isAll ? [] : names.filter((name) => !found.has(name)).slice(0, mostOlder);
  let failure: Failure | undefined;
  await Promise.all(
    left.map(async (name) => {
      const page = await reader.searchExecutions({
        names: [name],
        before,
        size: 1,
        sort: 'scheduledTime:DESC',
      });
      if (page.ok) note(page.value.results.filter(({ schedule }) => schedule === name));
      else if (page.failure.kind !== 'unaddressable') failure ??= page.failure;
    }),
  );
  return failure === undefined ? succeed(found) : { ok: false, failure };
}
