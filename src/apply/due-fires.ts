import type { Execution } from '../model/execution.ts';
import type { Step } from '../model/plan.ts';
import type { Outcome } from '../model/port.ts';
import type { MissedFire, StepResult } from '../model/result.ts';
import type { ObservedSchedule, Schedule } from '../model/schedule.ts';
import { isTagStep } from './look.ts';
import type { ApplyOptions, FireTiming } from './options.ts';

/**
 * A write that removes a schedule's timers (a save, a pause, a delete) loses a fire that is due: it has come, and no past
 * run shows it. The clock cannot tell: servers start a fire from 0.34 s early to 1.5 s late, and on PostgreSQL and MySQL
 * up to two minutes late (OSS 3.32.1). So a write waits until the fire is seen among the past runs. All times are epoch
 * milliseconds of the server's clock.
 */

export type FireOptions = FireTiming &
  Pick<ApplyOptions, 'reader' | 'now' | 'stopped' | 'fireWait' | 'waitAside' | 'onFireWait'>;

/** What it takes to see which fires a write would lose. */
export type OutlookOptions = FireTiming &
  Pick<ApplyOptions, 'now' | 'fireWait'> & {
    readonly reader: Pick<ApplyOptions['reader'], 'searchExecutions'>;
  };

/** No write comes closer before a fire: it may be started early, and again by the timer that the write sets. */
export const margin = 1000;
/** For so long a fire that is not seen may still come. */
export const longestDelay = 180_000;
/** How long to wait for one by default, by how late the server's fires were seen to start. */
const patience = { prompt: 10_000, late: 150_000, unknown: 150_000 } as const;
/** A prompt server starts a fire within this time, so for as long it is looked for often. */
const promptly = 3000;
/** Where the past runs cannot be read, a fire counts as started after this time. */
const blindly = 1500;
/** At most this many are named: a schedule that fires every second would fill the report. */
export const mostNamed = 10;

/** What keeps a schedule from being written at a time. */
export type Outlook = {
  /** The fires that have come or come within `ahead`, and are not seen among the past runs; in order. */
  readonly fires: readonly number[];
  /** How long they are waited for. */
  readonly patience: number;
  /** The past runs could not be read: then only the clock says what is near. */
  readonly blind: boolean;
};

/** A time at which a schedule is written. */
export interface Quiet {
  /** The schedule as it was read last. */
  readonly before: ObservedSchedule;
  /** It was waited for, so that what was read before is old. */
  readonly waited: boolean;
  /** From here on fires are in question. */
  readonly from: number;
  /** Fires from before that were waited for in vain, or not waited for. */
  readonly due: readonly number[];
}

/** These remove or replace the timers: a fire that is due but not started is lost. */
export function losesDueFire(step: Step): boolean {
  return !isTagStep(step) && step.kind !== 'resume';
}

/** It was sent, and the server may have done it. */
export function mayHaveLostFires({ step, outcome, failure }: StepResult): boolean {
  const isSent = outcome === 'done' || (outcome === 'failed' && failure?.effect !== 'none');
  return isSent && losesDueFire(step);
}

/** Waits until no fire of a schedule is due or near, as long as that is worth it. */
export async function quietMoment(
  observed: ObservedSchedule,
  options: FireOptions,
  /** Nothing is to be written any more. */
  halted: () => boolean,
): Promise<Quiet> {
  let before = observed;
  const begun = options.now();
  let waited = false;
  let said = false;
  for (;;) {
    const from = options.now();
    const outlook = await outlookOf(before, margin, options);
    const now = options.now();
    const due = outlook.fires.filter((at) => at <= from);
    const first = outlook.fires.find((at) => !outlook.blind || at > now - blindly);
    if (first === undefined) return { before, waited, from, due };
    const wait = waitFor(first, now, begun, outlook);
    if (wait <= 0 || isHopeless(before.schedule, first, options) || halted())
      return { before, waited, from, due };
    if (!said && now - first > promptly) {
      said = true;
      options.onFireWait?.({ name: before.schedule.name, at: first });
    }
    await options.waitAside(wait);
    waited = true;
    before = await asItIsNow(before, options);
  }
}

/** Whoever saves a schedule sets its timer anew: what was due then does not come any more. */
export async function asItIsNow(
  observed: ObservedSchedule,
  { reader }: Pick<FireOptions, 'reader'>,
): Promise<ObservedSchedule> {
  const found = await reader.get(observed.schedule.name);
  return found.ok && found.value !== null ? found.value : observed;
}

/** How long to wait before the next look at a fire; 0 = no longer. */
export function waitFor(fire: number, now: number, begun: number, { patience, blind }: Outlook): number {
  const left = begun + patience - now;
  if (patience === 0 || left <= 0) return 0;
  if (fire > now) return fire - now;
  if (blind) return Math.max(0, fire + blindly - now);
  return Math.min(left, now - fire < promptly ? 250 : 1000);
}

/** A schedule that fires every second has no quiet time: what may be missed is reported instead. */
function isHopeless(schedule: Schedule, fire: number, { nextFire }: FireTiming): boolean {
  const next = nextFire(schedule, fire);
  return next !== null && next - fire <= margin;
}

/** Looks for fires that a write would lose. Nothing is asked where none can be. */
export async function outlookOf(
  { schedule, facts }: ObservedSchedule,
  ahead: number,
  options: OutlookOptions,
): Promise<Outlook> {
  const now = options.now();
  const { cronSchedules = [], runCatchupScheduleInstances: catchup, paused } = schedule;
  const { updatedTime = now - longestDelay } = facts;
  // Of a backlog of catch-up every fire is still to come; with several timers it is not known whose runs are the newest.
  const since = catchup && cronSchedules.length < 2 ? updatedTime : Math.max(updatedTime, now - longestDelay);
  const none: Outlook = { fires: [], patience: 0, blind: false };
  const until = (fires: readonly number[], end: number): readonly number[] => fires.filter((at) => at <= end);
  if (paused || until(options.awaitedFires(schedule, since, []), now + ahead).length === 0) return none;
  const runs = await recentRuns(schedule.name, since - longestDelay, options);
  const end = options.now() + ahead;
  if (!runs.ok) {
    const fires = firesFrom(schedule, since, end, options);
    return { fires, patience: options.fireWait ?? patience.prompt, blind: true };
  }
  return {
    fires: until(options.awaitedFires(schedule, since, runs.value), end),
    patience: options.fireWait ?? patience[options.punctuality(schedule, since, runs.value)],
    blind: false,
  };
}

/** The fires in question after a write that no past run shows: those that were due before it, and those that came since. */
export async function missedSince(
  { before: { schedule }, due, from }: Quiet,
  options: FireOptions,
): Promise<readonly MissedFire[]> {
  if (schedule.paused) return [];
  return unseen(schedule.name, [...due, ...firesFrom(schedule, from, options.now(), options)], options);
}

/** Of some fires of a schedule those that no past run shows. Two fires at one time need two runs. */
export async function unseen(
  name: string,
  fires: readonly number[],
  options: FireOptions,
): Promise<readonly MissedFire[]> {
  if (fires.length === 0) return [];
  const runs = await recentRuns(name, Math.min(...fires) - 1, options);
  const seen = runs.ok ? runs.value.map(({ scheduledTime }) => scheduledTime) : [];
  return [...fires]
    .sort((a, b) => a - b)
    .filter((at) => {
      const index = seen.indexOf(at);
      if (index >= 0) seen.splice(index, 1);
      return index < 0;
    })
    .slice(0, mostNamed)
    .map((at) => ({ name, at }));
}

/** The first fires after `from` and up to `to`. */
export function firesFrom(
  schedule: Schedule,
  from: number,
  to: number,
  { nextFire }: Pick<FireTiming, 'nextFire'>,
): readonly number[] {
  const found: number[] = [];
  for (let at = nextFire(schedule, from); at !== null && at <= to && found.length < mostNamed; ) {
    found.push(at);
    at = nextFire(schedule, at);
  }
  return found;
}

/** The newest past runs of a schedule that were scheduled after a time. */
async function recentRuns(
  name: string,
  after: number,
  { reader }: Pick<OutlookOptions, 'reader'>,
): Promise<Outcome<readonly Execution[]>> {
  const newest = { after, sort: 'scheduledTime:DESC' };
  let page = await reader.searchExecutions({ ...newest, names: [name], size: 100 });
  // A name that no search can ask for is looked for among all.
  if (!page.ok && page.failure.kind === 'unaddressable')
    page = await reader.searchExecutions({ ...newest, size: 1000 });
  if (!page.ok) return page;
  const own = page.value.results.filter(
    ({ schedule, scheduledTime = 0 }) => schedule === name && scheduledTime > after,
  );
  return { ok: true, value: own };
}
