import { basisOf } from '../compare/basis.ts';
import { onlyLooks } from '../model/hiding/hiding.ts';
import type { Failure } from '../model/port.ts';
import type { ObservedSchedule } from '../model/schedule.ts';
import { compareText } from '../model/schedule.ts';
import { isOurs, markedReason, type Standstill, takesReason } from '../model/standstill.ts';
import { type SwitchOptions, switchOne, wasStopped } from './switch-many.ts';
import { onEach } from './workers.ts';

/** What became of one schedule of the record. `seen`: as it was read last, when that says more than the outcome. */
export type StandstillEnd =
  | { readonly kind: 'done'; readonly reasonLost?: true; readonly changed?: true }
  | { readonly kind: 'already' }
  /** Paused by somebody else. */
  | { readonly kind: 'left'; readonly seen: ObservedSchedule }
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'not-run' };

export interface StandstillOptions extends SwitchOptions {
  /** Puts the record where it survives everything. Returns why it could not; then nothing more is paused. */
  readonly remember: (record: Standstill) => string | undefined;
  readonly ignores: (name: string) => boolean;
  readonly now: () => number;
  readonly onEnd?: () => void;
}

export type StandstillResult =
  | {
      readonly kind: 'ended';
      readonly record: Standstill;
      readonly ends: ReadonlyMap<string, StandstillEnd>;
    }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** The record could not be written. */
  | { readonly kind: 'unwritten'; readonly why: string };

/**
 * Pauses every running schedule by itself. What runs is in the record before the first of them is paused, and what
 * comes to run meanwhile is in it before that is: ended at any moment and begun again with the record as it is on the
 * disk, it goes on where it was.
 */
export async function stopEach(
  started: Standstill,
  reason: string | undefined,
  options: StandstillOptions,
): Promise<StandstillResult> {
  const { reader, remember, ignores, stopped } = options;
  const ends = new Map<string, StandstillEnd>();
  let record = started;
  let observed: ReadonlyMap<string, ObservedSchedule> = new Map();
  const ended = (): StandstillResult => ({ kind: 'ended', record, ends: settled(record, observed, ends) });
  const pauseOne = async ({ schedule: { name } }: ObservedSchedule): Promise<StandstillEnd> => {
    const wish = { paused: true, reason: markedReason(record.mark, reason) };
    const end = await freshly(name, 'pause', record, () => switchOne(name, wish, options), options);
    ends.set(name, end);
    options.onEnd?.();
    return end;
  };

  for (let round = 0; ; round += 1) {
    if (round > 0) {
      if (stopped()) return ended();
      if (round > 1) await options.wait(options.retryDelay(round));
    }
    const list = await reader.list();
    if (!list.ok) return round === 0 ? { kind: 'failed', failure: list.failure } : ended();
    observed = new Map(list.value.schedules.map((one) => [one.schedule.name, one]));
    const running = list.value.schedules.filter(
      ({ schedule }) => !schedule.paused && !ignores(schedule.name) && !isFinal(ends.get(schedule.name)),
    );
    const grown = withRunning(record, running);
    if (grown !== record || round === 0) {
      const why = remember(grown);
      if (why !== undefined) return { kind: 'unwritten', why };
      record = grown;
    }
    if (running.length === 0 || round > options.maxRetries + 1) return ended();
    const tried = new Set<string>();
    // One at a time, until it is known how to tell our pauses from others.
    for (const first of running.filter(({ schedule }) => takesReason(schedule.name))) {
      if (record.marksKept !== undefined || stopped()) break;
      tried.add(first.schedule.name);
      const end = await pauseOne(first);
      if (end.kind !== 'done') continue;
      record = { ...record, marksKept: end.reasonLost !== true };
      const why = remember(record);
      if (why !== undefined) return { kind: 'unwritten', why };
    }
    const queue = running.filter(({ schedule }) => !tried.has(schedule.name));
    await onEach(queue, options.parallelism, stopped, async (one) => void (await pauseOne(one)));
  }
}

/**
 * Resumes what the record knows and nothing else: whatever somebody else paused since stays paused. When none of it is
 * left, the record says so.
 */
export async function restartEach(
  started: Standstill,
  options: StandstillOptions,
): Promise<StandstillResult> {
  const { reader, stopped } = options;
  const list = await reader.list();
  if (!list.ok) return { kind: 'failed', failure: list.failure };
  const observed = new Map(list.value.schedules.map((one) => [one.schedule.name, one]));
  const ends = new Map<string, StandstillEnd>();
  const todo: Standstill['running'][number][] = [];
  for (const one of started.running) {
    const end = endOfPaused(started, observed.get(one.name));
    if (end === undefined) todo.push(one);
    else ends.set(one.name, end);
  }
  await onEach(todo, options.parallelism, stopped, async ({ name, basis }) => {
    const seen = observed.get(name);
    const changed = seen !== undefined && stoppedBasis(seen) !== basis;
    const end = await freshly(
      name,
      'resume',
      started,
      () => switchOne(name, { paused: false }, options),
      options,
    );
    ends.set(name, end.kind === 'done' && changed ? { ...end, changed } : end);
    options.onEnd?.();
  });
  for (const { name } of started.running) if (!ends.has(name)) ends.set(name, { kind: 'not-run' });
  const open = [...ends.values()].some(({ kind }) => kind === 'failed' || kind === 'not-run');
  const stays = open || started.resumedAt !== undefined;
  const record = stays ? started : { ...started, resumedAt: options.now() };
  if (record !== started) {
    const why = options.remember(record);
    if (why !== undefined) return { kind: 'unwritten', why };
  }
  return { kind: 'ended', record, ends };
}

/** Reads the schedule once more just before it is switched: whoever was quicker keeps what he did. */
async function freshly(
  name: string,
  action: 'pause' | 'resume',
  record: Standstill,
  switched: () => ReturnType<typeof switchOne>,
  { reader }: StandstillOptions,
): Promise<StandstillEnd> {
  const fresh = await reader.get(name);
  // A name that no URL can hold is switched in bulk, on the word of the list.
  if (!fresh.ok && fresh.failure.kind !== 'unaddressable')
    return fresh.failure.kind === 'interrupted'
      ? { kind: 'not-run' }
      : { kind: 'failed', failure: fresh.failure };
  if (fresh.ok) {
    if (fresh.value === null) return { kind: 'gone' };
    const { paused, pausedReason } = fresh.value.schedule;
    if (paused && !isOurs(record, name, pausedReason)) return { kind: 'left', seen: fresh.value };
    if (paused === (action === 'pause')) return { kind: 'already' };
  }
  const end = await switched();
  return wasStopped(end) ? { kind: 'not-run' } : end;
}

/** Of a schedule that is to be resumed: why there is nothing to do, if so. A record that is done with undoes nothing. */
function endOfPaused(record: Standstill, seen: ObservedSchedule | undefined): StandstillEnd | undefined {
  if (seen === undefined) return { kind: 'gone' };
  const { paused, pausedReason } = seen.schedule;
  if (!paused) return { kind: 'already' };
  const ours = record.resumedAt === undefined && isOurs(record, seen.schedule.name, pausedReason);
  return ours ? undefined : { kind: 'left', seen };
}

/** The end of every schedule of the record, also of those that this run had nothing to do for. */
function settled(
  record: Standstill,
  observed: ReadonlyMap<string, ObservedSchedule>,
  ends: ReadonlyMap<string, StandstillEnd>,
): ReadonlyMap<string, StandstillEnd> {
  return new Map(
    record.running.map(({ name }) => {
      const seen = observed.get(name);
      const known = ends.get(name);
      const paused = seen?.schedule.paused === true && isOurs(record, name, seen.schedule.pausedReason);
      // Its answer was lost, or the look at it afterwards.
      if (known?.kind === 'failed' && paused) return [name, { kind: 'done' }];
      if (known !== undefined) return [name, known];
      if (seen === undefined) return [name, { kind: 'gone' }];
      if (!seen.schedule.paused) return [name, { kind: 'not-run' }];
      return [name, paused ? { kind: 'already' } : { kind: 'left', seen }];
    }),
  );
}

/** No further try would end otherwise. */
function isFinal(end: StandstillEnd | undefined): boolean {
  return end?.kind === 'failed' && end.failure.effect === 'none' && end.failure.status !== undefined;
}

function withRunning(record: Standstill, running: readonly ObservedSchedule[]): Standstill {
  const known = new Set(record.running.map(({ name }) => name));
  const added = running.filter(({ schedule }) => !known.has(schedule.name));
  if (added.length === 0) return record;
  const all = [
    ...record.running,
    ...added.map((one) => ({ name: one.schedule.name, basis: stoppedBasis(one) })),
  ];
  return { ...record, running: all.sort((a, b) => compareText(a.name, b.name)) };
}

/** Hash of a schedule as it is apart from its pause. */
function stoppedBasis(observed: ObservedSchedule): string {
  const { pausedReason: _reason, ...schedule } = observed.schedule;
  return basisOf({ ...observed, schedule: { ...schedule, paused: false } }, onlyLooks, undefined);
}
