import { isObject, type Json, type JsonObject, objectOf, writeJson } from '../model/json.ts';
import { compareText, type Tag, tagSet } from '../model/schedule.ts';
import type { Change } from './data.ts';
import type { Journal } from './journal.ts';
import { cutHistory, type Execution, newestFirst } from './run-history.ts';
import type { TagsWrite } from './server-types.ts';
import { type BackEndRow, freedAt, tablePlaces } from './storage/back-ends.ts';
import { type Timer, timerAfter, timersOf, zoneProblem } from './timers.ts';
import type { Workflows } from './workflows.ts';

/** One stored schedule. */
export type Stored = {
  readonly name: string;
  /** Every field as reads answer it. */
  readonly schedule: JsonObject;
  /** The same as JSON text, written once per save. */
  readonly text: string;
  readonly timers: readonly Timer[];
};

/** `failed` carries the words of the 500. */
export type Written =
  | { readonly kind: 'done'; readonly answer: JsonObject }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly message: string };

export type StoreOptions = {
  readonly now: () => number;
  readonly newId: () => string;
  readonly workflows: Workflows;
  readonly journal: Journal;
  /** Told of everything that outlives the process. */
  readonly note: (change: Change) => void;
  /** True for a fire whose workflow is not to be started. */
  readonly failsRun: () => boolean;
  /** A pause of a paused schedule writes it again. */
  readonly pauseAgainRewrites: boolean;
  readonly keepsPauseReason: boolean;
  readonly tagsOutliveSchedule: boolean;
  readonly backEnd: BackEndRow;
};

/** Schedules, their timers, tags and past runs, with the semantics that every server type shares. */
export type Store = {
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
  tags(name: string): readonly Tag[];
  /** Every name that has tags, with them. */
  tagged(): Iterable<readonly [string, readonly Tag[]]>;
  writeTags(name: string, tags: readonly Tag[], mode: TagsWrite, by: string): void;
  removeTags(name: string, tags: readonly Tag[], by: string): void;
  executions(): readonly Execution[];
  /** The same, newest moments first. */
  newestFirst(): readonly Execution[];
  polling(): boolean;
  setPolling(on: boolean): void;
  /**
   * What a restart of the server does to all this: polling is on again. Timers lie in the database: what fell due in
   * the meantime starts late, and a schedule that lost its timers stays without (seen on OSS 3.32.1).
   */
  restart(): void;
  /** Starts every fire that is due now, oldest first; answers how many. */
  tick(): number;
  /** Epoch milliseconds before which `tick` has nothing to start; `Infinity` = nothing will fire. */
  nextDue(): number;
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

// The archive is cut whenever so many more records are in it (OSS v3.32.1 SchedulerProperties).
const archiveStep = 5000;

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one state, and the short functions that alone may change it
export function createStore(options: StoreOptions, content: StoreContent): Store {
  const { now, newId, workflows, journal, note } = options;
  const { keyOf, listOrder, longestName = Number.POSITIVE_INFINITY, startsLate } = options.backEnd;
  /** By the key of the name. */
  const schedules = new Map<string, Stored>();
  const places = listOrder === 'place' ? tablePlaces() : undefined;
  let begun = now();
  const tags = new Map<string, readonly Tag[]>(Object.entries(content.tags));
  let executions = [...content.executions];
  const inOrder = newestFirst();
  let sinceCut = 0;
  let polling = content.polling;
  /** No timer is ready before this moment. */
  let soonest = Number.POSITIVE_INFINITY;

  /** Writes a row; the last one written is the last in the list of SQLite. */
  function put(schedule: JsonObject, timers: readonly Timer[]): void {
    const name = String(schedule.name);
    const key = keyOf(name);
    const old = schedules.get(key);
    schedules.delete(key);
    schedules.set(key, { name, schedule, text: writeJson(schedule), timers });
    places?.write(key);
    if (old !== undefined && old.name !== name) note({ kind: 'deleted', name: old.name });
    note({ kind: 'schedule', schedule, timers });
    for (const timer of timers) soonest = Math.min(soonest, timer.notBefore);
  }

  function lostFires(old: Stored | undefined): readonly number[] {
    return (old?.timers ?? []).filter((timer) => timer.at <= now()).map((timer) => timer.at);
  }

  function change(old: Stored, schedule: JsonObject, kind: 'paused' | 'resumed', by: string): Written {
    if (hasNullEntry(old.schedule)) return nullEntryFailure;
    put(schedule, timersOf(schedule, now()));
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

  function fire(stored: Stored, timer: Timer): void {
    const at = now();
    const executionId = newId();
    const request = isObject(stored.schedule.startWorkflowRequest)
      ? stored.schedule.startWorkflowRequest
      : {};
    const start = options.failsRun()
      ? askedFailure
      : workflows.start(request, {
          _startedByScheduler: stored.name,
          _scheduledTime: timer.at,
          _executedTime: at,
          _executionId: executionId,
          _schedulerCron: `${timer.entry.cronExpression} ${timer.entry.zoneId}`,
        });
    const state = start.ok ? 'EXECUTED' : 'FAILED';
    const execution: Execution = {
      executionId,
      scheduleName: stored.name,
      scheduledTime: timer.at,
      executionTime: at,
      workflowName: String(request.name),
      ...(start.ok
        ? { workflowId: start.workflowId }
        : {
            reason: start.reason.slice(0, 999),
            stackTrace: `${start.exception}: ${start.reason}\n`.slice(0, 2000),
          }),
      startWorkflowRequest: request,
      state,
      // Whatever the schedule's zone is (seen on OSS 3.32.1 with SQLite).
      zoneId: 'UTC',
    };
    executions.push(execution);
    note({ kind: 'execution', execution });
    journal({ at, kind: 'fired', name: stored.name, scheduledTime: timer.at, state });
    const next = timerAfter(timer, stored.schedule, at, freed);
    const current = schedules.get(keyOf(stored.name));
    const timers = (current?.timers ?? []).flatMap((other) => (other === timer ? (next ?? []) : other));
    schedules.set(keyOf(stored.name), { ...stored, timers });
    note({ kind: 'timers', name: stored.name, timers });
    sinceCut += 1;
    if (sinceCut >= archiveStep) {
      executions = [...cutHistory(executions)];
      sinceCut = 0;
      note({ kind: 'history cut' });
    }
  }

  function freed(ready: number): number {
    return startsLate ? freedAt(ready, begun) : ready;
  }

  function inListOrder(): Iterable<Stored> {
    if (listOrder === 'last write') return schedules.values();
    const keys = places?.keys() ?? [...schedules.keys()].sort(compareText);
    return Array.from(keys, (key) => schedules.get(key) as Stored);
  }

  /** Why the database does not take a row, in its words. */
  function rowRefusal(name: string, { startWorkflowRequest: request }: JsonObject): string | undefined {
    const { nullWords, longWords } = options.backEnd;
    const isTooLong = (value: Json): boolean => {
      const text = String(value);
      return text.length > longestName && [...text].length > longestName;
    };
    if (isTooLong(name)) return longWords('scheduler_name');
    if (!isObject(request) || request.name === undefined) return nullWords('workflow_name');
    return isTooLong(request.name) ? longWords('workflow_name') : undefined;
  }

  for (const schedule of content.schedules)
    put(schedule, content.timers.get(String(schedule.name)) ?? timersOf(schedule, now()));

  const store: Store = {
    get: (name) => schedules.get(keyOf(name)),
    all: inListOrder,
    save({ answer, stored }, by) {
      const badZone = zoneProblem(stored);
      if (badZone !== undefined) return { kind: 'failed', message: badZone };
      const { name } = stored;
      if (typeof name !== 'string') return failed(options.backEnd.nullWords('scheduler_name'));
      const old = schedules.get(keyOf(name));
      if (old && hasNullEntry(old.schedule)) return nullEntryFailure;
      const refusal = rowRefusal(name, stored);
      if (refusal !== undefined) {
        // The timers go before the row is written, and nothing brings them back.
        store.stopTimers(name);
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
      put(schedule, nullEntry ? [] : timersOf(schedule, now()));
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
    stopTimers(name) {
      const old = schedules.get(keyOf(name));
      if (old === undefined) return;
      schedules.set(keyOf(name), { ...old, timers: [] });
      note({ kind: 'timers', name: old.name, timers: [] });
      journal({ at: now(), kind: 'timers lost', name: old.name });
    },
    delete(name, by) {
      const old = schedules.get(keyOf(name));
      if (old === undefined) return { kind: 'missing' };
      if (hasNullEntry(old.schedule)) return nullEntryFailure;
      schedules.delete(keyOf(name));
      places?.leave(keyOf(name));
      note({ kind: 'deleted', name: old.name });
      if (!options.tagsOutliveSchedule && tags.delete(name)) note({ kind: 'tags', name, tags: [] });
      journal({ at: now(), kind: 'deleted', name: old.name, by, before: old.schedule });
      return { kind: 'done', answer: old.schedule };
    },
    pause(name, reason, by) {
      const old = schedules.get(keyOf(name));
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
      const old = schedules.get(keyOf(name));
      if (old?.schedule.paused !== true) return { kind: 'missing' };
      const resumed = { ...withoutReason(old.schedule), paused: false, updatedTime: now(), updatedBy: by };
      return change(old, resumed, 'resumed', by);
    },
    tags: (name) => tags.get(name) ?? [],
    tagged: () => tags,
    writeTags(name, written, mode, by) {
      const before = store.tags(name);
      const keys = new Set(written.map(({ key }) => key));
      const kept = { replace: [], upsert: before.filter(({ key }) => !keys.has(key)), append: before }[mode];
      const after = tagSet([...kept, ...written]);
      tags.set(name, after);
      note({ kind: 'tags', name, tags: after });
      journal({ at: now(), kind: 'tagged', name, by, before, after });
    },
    removeTags(name, removed, by) {
      const before = store.tags(name);
      const after = before.filter(
        (tag) => !removed.some(({ key, value }) => key === tag.key && value === tag.value),
      );
      tags.set(name, after);
      note({ kind: 'tags', name, tags: after });
      journal({ at: now(), kind: 'tagged', name, by, before, after });
    },
    executions: () => executions,
    newestFirst: () => inOrder(executions),
    polling: () => polling,
    setPolling(on) {
      polling = on;
      journal({ at: now(), kind: 'polling', on });
    },
    restart() {
      polling = true;
      begun = now();
      journal({ at: now(), kind: 'restarted' });
    },
    tick() {
      if (!polling || now() < soonest) return 0;
      const due = [...schedules.values()]
        .flatMap((stored) => stored.timers.map((timer) => ({ name: stored.name, timer })))
        .filter(({ timer }) => timer.notBefore <= now())
        .sort((a, b) => a.timer.at - b.timer.at);
      for (const { name, timer } of due) {
        const stored = schedules.get(keyOf(name));
        if (stored) fire(stored, timer);
      }
      soonest = Number.POSITIVE_INFINITY;
      for (const { timers } of schedules.values())
        for (const timer of timers) soonest = Math.min(soonest, timer.notBefore);
      return due.length;
    },
    nextDue: () => (polling ? soonest : Number.POSITIVE_INFINITY),
  };
  return store;
}

/** The record of a fire that a fault plan lets fail. */
const askedFailure = {
  ok: false,
  exception: 'com.netflix.conductor.core.exception.TransientException',
  reason: 'Could not start the workflow (a fault that was asked for)',
} as const;

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
