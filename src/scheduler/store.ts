import { type Json, type JsonObject, objectOf } from '../model/json.ts';
import type { Tag } from '../model/schedule.ts';
import type { Execution } from './run-history.ts';
import { type FireOptions, type Fires, startFires } from './runs/start-fires.ts';
import { type Rows, type Stored, scheduleRows } from './storage/rows.ts';
import { type TagRows, tagRows } from './storage/tag-rows.ts';
import { type Timer, timersOf, zoneProblem } from './timers.ts';

/** `failed` carries the words of the 500. */
export type Written =
  | { readonly kind: 'done'; readonly answer: JsonObject }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly message: string };

export type StoreOptions = FireOptions & {
  /** A pause of a paused schedule writes it again. */
  readonly pauseAgainRewrites: boolean;
  readonly keepsPauseReason: boolean;
  readonly tagsOutliveSchedule: boolean;
};

/** Schedules, their timers, tags and past runs, with the semantics that every server type shares. */
export type Store = Fires &
  Omit<TagRows, 'forget'> & {
    get(name: string): Stored | undefined;
    /** In the order of a list. */
    all(): Iterable<Stored>;
    /** Replaces everything. `answer` is what the save answers, `stored` what reads answer later. */
    save(schedule: { readonly answer: JsonObject; readonly stored: JsonObject }, by: string): Written;
    /** A schedule that stays, reads as active, and never fires. */
    stopTimers(name: string): void;
    delete(name: string, by: string): Written;
    pause(name: string, reason: string | undefined, by: string): Written;
    /** `missing` when there is none or it is not paused. */
    resume(name: string, by: string): Written;
  };

/** What a store begins with. */
export type StoreContent = {
  readonly schedules: readonly JsonObject[];
  readonly tags: { readonly [name: string]: readonly Tag[] };
  readonly executions: readonly Execution[];
  readonly polling: boolean;
  /** By name; a schedule that is not there gets those of one that is saved now. */
  readonly timers: ReadonlyMap<string, readonly Timer[]>;
};

export function createStore(options: StoreOptions, content: StoreContent): Store {
  const { now, note, journal } = options;
  const rows = scheduleRows(options.backEnd, note);
  const { forget, ...tags } = tagRows(content.tags, note, journal, now);
  for (const schedule of content.schedules)
    rows.write(schedule, content.timers.get(String(schedule.name)) ?? timersOf(schedule, now()));
  return {
    ...startFires(rows, options, content),
    ...tags,
    ...changesOf(rows, forget, options),
    get: rows.get,
    all: rows.inListOrder,
  };
}

/** What requests do to the rows. */
function changesOf(
  rows: Rows,
  forgetTags: TagRows['forget'],
  options: StoreOptions,
): Pick<Store, 'save' | 'stopTimers' | 'delete' | 'pause' | 'resume'> {
  const { now, journal } = options;

  function lostFires(old: Stored | undefined): readonly number[] {
    return (old?.timers ?? []).filter((timer) => timer.at <= now()).map((timer) => timer.at);
  }

  function change(old: Stored, schedule: JsonObject, kind: 'paused' | 'resumed', by: string): Written {
    if (hasNullEntry(old.schedule)) return nullEntryFailure;
    rows.write(schedule, timersOf(schedule, now()));
    journal({
      at: now(),
      kind,
      name: old.name,
      by,
      before: old.schedule,
      after: schedule,
      lostFires: lostFires(old),
    });
    return { kind: 'done', answer: schedule };
  }

  function stopTimers(name: string): void {
    const old = rows.get(name);
    if (old === undefined) return;
    rows.setTimers(old, []);
    journal({ at: now(), kind: 'timers lost', name: old.name });
  }

  return {
    save({ answer, stored }, by) {
      const badZone = zoneProblem(stored);
      if (badZone !== undefined) return { kind: 'failed', message: badZone };
      const { name } = stored;
      if (typeof name !== 'string') return failed(options.backEnd.nullWords('scheduler_name'));
      const old = rows.get(name);
      if (old && hasNullEntry(old.schedule)) return nullEntryFailure;
      const refusal = rows.refusal(name, stored);
      if (refusal !== undefined) {
        // The timers go before the row is written, and nothing brings them back.
        stopTimers(name);
        return failed(refusal);
      }
      const facts = {
        createTime: old?.schedule.createTime ?? now(),
        updatedTime: now(),
        createdBy: old?.schedule.createdBy ?? by,
        updatedBy: by,
      };
      const schedule = { ...stored, ...facts };
      const nullEntry = hasNullEntry(schedule);
      rows.write(schedule, nullEntry ? [] : timersOf(schedule, now()));
      journal({
        at: now(),
        kind: 'saved',
        name,
        by,
        before: old?.schedule ?? null,
        after: schedule,
        lostFires: lostFires(old),
      });
      return nullEntry ? nullEntryFailure : { kind: 'done', answer: { ...answer, ...facts } };
    },
    stopTimers,
    delete(name, by) {
      const old = rows.get(name);
      if (old === undefined) return { kind: 'missing' };
      if (hasNullEntry(old.schedule)) return nullEntryFailure;
      rows.remove(old);
      if (!options.tagsOutliveSchedule) forgetTags(name);
      journal({ at: now(), kind: 'deleted', name: old.name, by, before: old.schedule });
      return { kind: 'done', answer: old.schedule };
    },
    pause(name, reason, by) {
      const old = rows.get(name);
      if (old === undefined) return { kind: 'missing' };
      if (old.schedule.paused === true && !options.pauseAgainRewrites)
        return { kind: 'done', answer: old.schedule };
      const said = options.keepsPauseReason && reason !== undefined ? { pausedReason: reason } : {};
      const paused = {
        ...withoutReason(old.schedule),
        ...said,
        paused: true,
        updatedTime: now(),
        updatedBy: by,
      };
      return change(old, paused, 'paused', by);
    },
    resume(name, by) {
      const old = rows.get(name);
      if (old?.schedule.paused !== true) return { kind: 'missing' };
      const resumed = { ...withoutReason(old.schedule), paused: false, updatedTime: now(), updatedBy: by };
      return change(old, resumed, 'resumed', by);
    },
  };
}

function withoutReason(schedule: JsonObject): JsonObject {
  return objectOf(Object.entries(schedule).filter(([key]) => key !== 'pausedReason'));
}

/**
 * `cronSchedules: [null]` is stored, its save is a 500, and from then on every write to the schedule is one too,
 * the delete included (seen on OSS 3.32.1).
 */
function hasNullEntry({ cronSchedules }: JsonObject): boolean {
  return Array.isArray(cronSchedules) && cronSchedules.some((entry: Json) => entry === null);
}

const nullEntryFailure: Written = {
  kind: 'failed',
  message:
    'Cannot invoke "io.orkes.conductor.scheduler.model.CronSchedule.getCronExpression()" because "cs" is null',
};

function failed(message: string): Written {
  return { kind: 'failed', message };
}
