import { hasUnknownZone, parseTimer, type TimerEntry, type Timing } from '../../cron/fire/entry-timers.ts';
import { type Fire, fires } from '../../cron/fire/fires.ts';
import { lastDayOffsetTooLarge } from '../../cron/parse/parse-cron.ts';
import type { AuditClass, AuditWhy, UsualLateness } from '../../model/fires/audit.ts';

/** One past run of a schedule; epoch milliseconds. */
export type PastRun = {
  /** The exact cron time. */
  readonly at: number;
  /** When it was started; absent = the server does not say. */
  readonly started?: number;
  readonly state: string;
  readonly reason?: string;
  readonly workflowId?: string;
  /** How its workflow ended; only when it did not end well. */
  readonly ended?: string;
};

/** A schedule and all that is known of it; epoch milliseconds. */
export type AuditedSchedule = {
  readonly timing: Timing;
  /** Since its last change. */
  readonly paused: boolean;
  /** Its last change: what it was before is not known. Absent = the time of the change is not known. */
  readonly changed?: number;
  /** Before that there was none. */
  readonly created?: number;
  /** Those of the interval, in order of `at`. */
  readonly runs: readonly PastRun[];
  /** The newest one from before the interval, as far as it is known: it may have been started late, inside of it. */
  readonly before?: PastRun;
  /** From here on no past run is missing. */
  readonly completeFrom: number;
  /** Why its fires are missed when it does not run by design. */
  readonly excuse?: Extract<AuditWhy, { kind: 'not-on-server' | 'paused-on-server' }>;
};

/** The interval, `to` exclusive, and the server's clock; epoch milliseconds. */
export type AuditSpan = { readonly from: number; readonly to: number; readonly now: number };

/** One fire that should have been, or one run that should not. */
export type Judged = {
  readonly at: number;
  readonly class: AuditClass;
  readonly why?: AuditWhy;
  readonly run?: PastRun;
};

export type Judgment = {
  /** Runs from before its last change that no timer of today explains. */
  readonly earlier: number;
  /** The fire that a timer has been waiting for too long, of the timer that waits longest. */
  readonly overdue?: number;
};

// A save takes its time: whether a fire so soon after it was still among its timers depends on when exactly they were set.
export const changeMs = 2000;
// Where a clock goes back to the middle of an hour, Spring's next fire depends on the one before: the way there is walked.
const runUpMs = 26 * 3_600_000;
// Zones differ by at most so much between versions of their rules, in steps of a quarter of an hour.
const farthestMs = 2 * 3_600_000;
const stepMs = 15 * 60_000;

/**
 * Holds the fires that should have been in an interval against the past runs, by their exact times: each is told of
 * once, in order, and so is each run that no fire explains. Two timers that meet at one time are two fires.
 */
export function judge(
  audited: AuditedSchedule,
  span: AuditSpan,
  usual: UsualLateness,
  tell: (judged: Judged) => void,
): Judgment {
  if (audited.timing.entries.some(isRunaway)) return untold(audited, tell);
  if (audited.timing.entries.every(isSteady)) return walk(audited, span, usual, tell);
  const all: Judged[] = [];
  const judgment = walk(audited, span, usual, (one) => {
    all.push(one);
  });
  const movedTo = movedFires(all);
  const used = new Set(movedTo.values());
  for (const one of all) {
    const other = one.class === 'missed' ? movedTo.get(one.at) : undefined;
    if (other !== undefined) tell({ at: one.at, class: 'unknown', why: { kind: 'other-moment', at: other } });
    else if (!isStray(one) || !used.has(one.at)) tell(one);
  }
  const { earlier, overdue } = judgment;
  return overdue === undefined || movedTo.has(overdue) ? { earlier } : judgment;
}

function walk(
  audited: AuditedSchedule,
  span: AuditSpan,
  usual: UsualLateness,
  tell: (judged: Judged) => void,
): Judgment {
  const { timing, runs, before } = audited;
  const timers = new Map<TimerEntry, TimerState>(
    timing.entries.map((entry) => [
      entry,
      before === undefined ? { busyUntil: 0 } : { last: before, busyUntil: before.started ?? before.at },
    ]),
  );
  const lastStart = runs.reduce((last, { at, started = at }) => Math.max(last, started), 0);
  let earlier = 0;
  const stray = (run: PastRun, why?: AuditWhy): void => {
    if (isKnown(audited, run.at)) tell({ at: run.at, class: 'unexpected', ...(why && { why }), run });
    else earlier += 1;
  };
  let next = 0;
  for (const moment of moments(expected(audited, span))) {
    const { at } = moment[0] as Fire;
    for (; next < runs.length && (runs[next] as PastRun).at < at; next += 1) stray(runs[next] as PastRun);
    const begin = next;
    while (next < runs.length && runs[next]?.at === at) next += 1;
    const own = runs.slice(begin, Math.min(next, begin + moment.length));
    for (const [index, { entry }] of moment.entries()) {
      const timer = timers.get(entry) as TimerState;
      const run = own[index];
      if (run === undefined) tell(without(at, timer, audited, span, usual, lastStart));
      else tell(started(run, usual));
      // Which of several timers a single run is of is not known: it counts for all of them.
      const proof = run ?? own.at(-1);
      if (proof !== undefined) ran(timer, proof);
    }
    for (const run of runs.slice(begin + moment.length, next)) stray(run, { kind: 'again' });
  }
  for (; next < runs.length; next += 1) stray(runs[next] as PastRun);
  const waiting = [...timers.values()].flatMap(({ waitsFor = Number.NaN }) =>
    Number.isNaN(waitsFor) ? [] : [waitsFor],
  );
  return { earlier, ...(waiting.length === 0 ? {} : { overdue: Math.min(...waiting) }) };
}

/** One timer on the way through the interval. */
type TimerState = {
  /** Its last run, which was started at `busyUntil`: what fell due in between never comes. */
  last?: PastRun;
  busyUntil: number;
  /** The first fire since that it should have started. */
  waitsFor?: number | undefined;
};

function ran(timer: TimerState, run: PastRun): void {
  timer.last = run;
  timer.busyUntil = Math.max(timer.busyUntil, run.started ?? run.at);
  timer.waitsFor = undefined;
}

function started(run: PastRun, { lateAfter }: UsualLateness): Judged {
  const { at, started: start = at, state } = run;
  if (state === 'FAILED') return { at, class: 'failed', run };
  if (run.ended !== undefined) return { at, class: 'failed', run };
  if (state !== 'EXECUTED') return { at, class: 'unknown', why: { kind: 'state', state }, run };
  return { at, class: start - at > lateAfter ? 'late' : 'ran', run };
}

/** A fire without a run. */
function without(
  at: number,
  timer: TimerState,
  audited: AuditedSchedule,
  { now }: AuditSpan,
  { missedAfter }: UsualLateness,
  lastStart: number,
): Judged {
  const { changed, completeFrom, timing, excuse, runs } = audited;
  const lastRun = runs.at(-1)?.at ?? Number.POSITIVE_INFINITY;
  if (!isKnown(audited, at))
    return { at, class: 'unknown', why: { kind: 'changed', ...(changed !== undefined && { at: changed }) } };
  if (at < completeFrom) return { at, class: 'unknown', why: { kind: 'history' } };
  const { last, busyUntil } = timer;
  const behind = excuse === undefined && !timing.catchup && last !== undefined && at <= busyUntil;
  if (behind)
    return { at, class: 'missed', why: { kind: 'behind', run: last.at, started: last.started ?? last.at } };
  // With catch-up a server makes up one after the other.
  const makesUp = timing.catchup && at > lastRun && lastStart > now - missedAfter;
  const pending = at > now - missedAfter || makesUp;
  if (pending) return { at, class: 'due' };
  timer.waitsFor ??= at;
  return { at, class: 'missed', ...(excuse && { why: excuse }) };
}

/** Whether the schedule is known to have been at a time as it is. */
function isKnown({ changed = Number.POSITIVE_INFINITY, created }: AuditedSchedule, at: number): boolean {
  return at > changed + changeMs && (created === undefined || at > created);
}

/** The fires of the interval, as the timers of today have them; before the last change as if they had been then, too. */
function* expected(
  {
    timing,
    paused,
    changed,
    created = Number.NEGATIVE_INFINITY,
  }: Pick<AuditedSchedule, 'timing' | 'paused' | 'changed' | 'created'>,
  { from, to }: AuditSpan,
): Generator<Fire, undefined> {
  const since = changed ?? to;
  const begin = Math.max(from, created + 1);
  if (since >= from) {
    const end = Math.min(to, since + 1);
    if (end > begin) yield* fires(timing, { from: begin, to: end });
  }
  if (!paused && since < to) {
    const start = Math.max(begin - runUpMs, since + 1);
    if (start < to)
      for (const fire of fires(timing, { from: start, to, since })) if (fire.at >= begin) yield fire;
  }
  return undefined;
}

/** How many fires a pause since the last change kept from starting; undefined = that cannot be told. */
export function skippedFires(
  { timing, changed, created, runs }: Pick<AuditedSchedule, 'timing' | 'changed' | 'created' | 'runs'>,
  span: AuditSpan,
): number | undefined {
  if (changed === undefined || changed > span.now) return undefined;
  if (timing.entries.some((entry) => parseTimer(entry) === undefined || isRunaway(entry))) return undefined;
  const ifActive = { timing, paused: false, changed, ...(created !== undefined && { created }) };
  const left = new Map<number, number>();
  for (const { at } of runs) left.set(at, (left.get(at) ?? 0) + 1);
  let count = 0;
  for (const { at } of expected(ifActive, { ...span, from: Math.max(span.from, changed + 1) })) {
    const own = left.get(at) ?? 0;
    if (own > 0) left.set(at, own - 1);
    else count += 1;
  }
  return count;
}

/** Fires by their times. */
function* moments(all: Iterable<Fire>): Generator<readonly Fire[], undefined> {
  let current: Fire[] = [];
  for (const fire of all) {
    if (current.length > 0 && current[0]?.at !== fire.at) {
      yield current;
      current = [];
    }
    current.push(fire);
  }
  if (current.length > 0) yield current;
  return undefined;
}

/** Missed fires by the run at another time, as far off as zones are, that stands for each: other rules, not a fault. */
function movedFires(all: readonly Judged[]): ReadonlyMap<number, number> {
  const strays = new Set(all.filter(isStray).map(({ at }) => at));
  const movedTo = new Map<number, number>();
  if (strays.size === 0) return movedTo;
  for (const one of all) {
    if (one.class !== 'missed') continue;
    const other = quartersAround(one.at).find((at) => strays.delete(at));
    if (other !== undefined) movedTo.set(one.at, other);
  }
  return movedTo;
}

/** Times that a fire could be at by other rules of its zone, nearest first. */
export function quartersAround(at: number): readonly number[] {
  const around: number[] = [];
  for (let off = stepMs; off <= farthestMs; off += stepMs) around.push(at - off, at + off);
  return around;
}

function isStray({ class: kind, why }: Judged): boolean {
  return kind === 'unexpected' && why === undefined;
}

/** A zone whose clock never changes has no rules to differ in. */
export function isSteady(entry: TimerEntry): boolean {
  const timer = parseTimer(entry);
  return timer === undefined || timer.zone.kind === 'fixed';
}

/** Whether its fires cannot be computed: Spring answers its cron with the past, or its zone is not known here. */
export function isRunaway(entry: TimerEntry): boolean {
  if (hasUnknownZone(entry)) return true;
  const timer = parseTimer(entry);
  return timer !== undefined && lastDayOffsetTooLarge(timer.cron);
}

/** Its fires cannot be computed, but its runs are there. */
function untold({ runs }: AuditedSchedule, tell: (judged: Judged) => void): Judgment {
  for (const run of runs) tell({ at: run.at, class: 'unknown', why: { kind: 'runaway' }, run });
  return { earlier: 0 };
}
