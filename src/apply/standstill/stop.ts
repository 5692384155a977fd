import type { Failure } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import type { ObservedSchedule } from '../../model/schedule.ts';
import type { Standstill } from '../../model/standstill.ts';
import { isOurs, markedReason, takesReason } from '../../model/standstill.ts';
import { type SwitchOptions, switchOne } from '../switch-many.ts';
import { onEach } from '../workers.ts';
import { goOnWith, keep, type RecordKeeper, withSchedules } from './kept-record.ts';

/** What became of one schedule of the record. `seen`: as it was read last, when that says more than the outcome. */
export type StandstillEnd =
  | { readonly kind: 'done'; readonly reasonLost?: true; readonly changed?: true }
  | { readonly kind: 'already' }
  /** Paused by somebody else. `otherMark`: by Downbeat, for another record or a rename. */
  | { readonly kind: 'left'; readonly seen: ObservedSchedule; readonly otherMark?: true }
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'not-run' };

export type StandstillOptions = SwitchOptions & {
  readonly keeper: RecordKeeper;
  readonly ignores: (name: string) => boolean;
  readonly now: () => number;
  readonly onEnd?: () => void;
};

/** What this run paused, as it was before, and both clocks at the last list; epoch milliseconds. */
export type Pauses = {
  readonly befores: readonly ObservedSchedule[];
  readonly serverTime: number | undefined;
  readonly ours: number;
};

export type StandstillResult =
  | {
      readonly kind: 'ended';
      readonly record: Standstill;
      readonly ends: ReadonlyMap<string, StandstillEnd>;
      /** Why the record is not what this run would have made of it. Nothing more is paused then. */
      readonly broken?: string;
      /** Of a pause. */
      readonly pauses?: Pauses;
    }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** The record could not be written, and nothing was paused. */
  | { readonly kind: 'unwritten'; readonly why: string };

/**
 * Pauses every running schedule by itself. What runs is in the record before the first of them is paused, and what
 * comes to run in the meantime is in it before that is: ended at any time and started again with the record as it is on the
 * disk, it goes on where it was. Runs at the same time share the record. `fresh` is the record where there is none.
 */
export async function stopEach(
  fresh: Standstill,
  reason: string | undefined,
  options: StandstillOptions,
): Promise<StandstillResult> {
  const { reader, keeper, ignores } = options;
  const ends = new Map<string, StandstillEnd>();
  let record: Standstill | undefined;
  let broken: string | undefined;
  let clocks: Pick<Pauses, 'serverTime' | 'ours'> = { serverTime: undefined, ours: options.now() };
  const befores: ObservedSchedule[] = [];
  let observed: ReadonlyMap<string, ObservedSchedule> = new Map();
  const stopped = (): boolean => options.stopped() || broken !== undefined;
  const ended = (): StandstillResult => {
    const known = record ?? fresh;
    return {
      kind: 'ended',
      record: known,
      ends: settled(known, observed, ends),
      ...present({ broken }),
      pauses: { befores, ...clocks },
    };
  };
  /** The record on the disk, with the schedules in it; undefined = it has not. */
  const holding = (
    schedules: readonly ObservedSchedule[],
    more: (now: Standstill) => Standstill = (now) => now,
  ): Standstill | undefined => {
    if (broken !== undefined) return undefined;
    const kept = keep(keeper, (now) => {
      const base = record === undefined ? begun(now, fresh, [...observed.values()]) : goOnWith(now, record);
      if ('why' in base) return base;
      return more(withSchedules(base, schedules));
    });
    if (kept.ok) record = kept.record;
    else broken = kept.why;
    return kept.ok ? record : undefined;
  };
  const pauseOne = async (one: ObservedSchedule): Promise<void> => {
    const { name } = one.schedule;
    // Another run may have written the record since, and what is not in it is not paused.
    const held = holding([one]);
    if (held === undefined) return;
    const wish = { paused: true, reason: markedReason(held.mark, reason) };
    const watched = watching(name, options);
    const pause = (): ReturnType<typeof switchOne> => switchOne(name, wish, watched.options);
    const switched = await freshly(name, 'pause', held, pause, options);
    ends.set(name, switched);
    if (switched.kind !== 'done') return options.onEnd?.();
    befores.push(one);
    const isMarked = takesReason(name) && switched.reasonLost !== true;
    holding([one], isMarked ? undefined : (now) => pausedAt(now, name, watched.updatedTime()));
    options.onEnd?.();
  };

  for (let round = 0; ; round += 1) {
    if (round > 0) {
      if (stopped()) return ended();
      if (round > 1) await options.wait(options.retryDelay(round));
    }
    const list = await reader.list();
    if (!list.ok) return round === 0 ? { kind: 'failed', failure: list.failure } : ended();
    clocks = { serverTime: list.value.serverTime, ours: options.now() };
    observed = new Map(list.value.schedules.map((one) => [one.schedule.name, one]));
    const running = list.value.schedules.filter(
      ({ schedule }) => !schedule.paused && !ignores(schedule.name) && !isFinal(ends.get(schedule.name)),
    );
    if (holding(running) === undefined)
      return round === 0 ? { kind: 'unwritten', why: broken ?? '' } : ended();
    if (running.length === 0 || round > options.maxRetries + 1) return ended();
    const tried = new Set<string>();
    // One at a time, until it is known how to tell our pauses from others.
    for (const first of running.filter(({ schedule }) => takesReason(schedule.name))) {
      if (record?.marksKept !== undefined || stopped()) break;
      tried.add(first.schedule.name);
      await pauseOne(first);
      const end = ends.get(first.schedule.name);
      if (end?.kind === 'done' && record?.marksKept === undefined)
        holding([], (now) => ({ ...now, marksKept: end.reasonLost !== true }));
    }
    const queue = running.filter(({ schedule }) => !tried.has(schedule.name));
    await onEach(queue, options.parallelism, stopped, pauseOne);
  }
}

/** The record with the time of change that its pause of one schedule left. */
function pausedAt(record: Standstill, name: string, at: number | undefined): Standstill {
  if (at === undefined) return record;
  const running = record.running.map((one) => (one.name === name ? { ...one, pausedAt: at } : one));
  return { ...record, running };
}

/** The options of a switch whose looks at the schedule are looked at too: `updatedTime` is that of the last one. */
function watching(
  name: string,
  options: StandstillOptions,
): { readonly options: StandstillOptions; updatedTime(): number | undefined } {
  const { reader } = options;
  let last: ObservedSchedule | undefined;
  const watched: typeof reader = {
    ...reader,
    get: async (asked) => {
      const found = await reader.get(asked);
      if (found.ok) last = found.value ?? undefined;
      return found;
    },
    list: async (filter) => {
      const found = await reader.list(filter);
      if (found.ok) last = found.value.schedules.find(({ schedule }) => schedule.name === name);
      return found;
    },
  };
  return { options: { ...options, reader: watched }, updatedTime: () => last?.facts.updatedTime };
}

/** A record that was resumed is started again, with its mark: what is paused with it still is was running before. */
function begun(
  now: Standstill | undefined,
  fresh: Standstill,
  observed: readonly ObservedSchedule[],
): Standstill {
  if (now === undefined) return fresh;
  if (now.resumedAt === undefined) return now;
  const { mark, marksKept } = now;
  const still = observed.filter((one) => one.schedule.paused && isOurs(now, one));
  const again = withSchedules({ ...fresh, mark, ...present({ marksKept }) }, still);
  const times = new Map(now.running.map((one) => [one.name, one.pausedAt]));
  const running = again.running.map((one) => ({ ...one, ...present({ pausedAt: times.get(one.name) }) }));
  return { ...again, running };
}

/** Reads the schedule once more just before it is switched: whoever was quicker keeps what he did. */
export async function freshly(
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
    const { paused } = fresh.value.schedule;
    if (paused && !isOurs(record, fresh.value)) return { kind: 'left', seen: fresh.value };
    if (paused === (action === 'pause')) return { kind: 'already' };
  }
  return switched();
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
      const paused = seen?.schedule.paused === true && isOurs(record, seen);
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
