import { saveText, scheduleFrom } from '../../../src/conductor/wire.ts';
import type { Execution } from '../../../src/model/execution.ts';
import type { FailureKind } from '../../../src/model/generated/report-parts.ts';
import { type Json, type JsonObject, parseJson } from '../../../src/model/json.ts';
import {
  type Capabilities,
  type Failure,
  fail,
  type Operation,
  type Outcome,
  type Reader,
  succeed,
  type Writer,
} from '../../../src/model/port.ts';
import { type ObservedSchedule, type Tag, tagSet } from '../../../src/model/schedule.ts';

/** How a server of the model differs from another. */
export interface ServerKind {
  readonly tags: boolean;
  readonly tagsInList: boolean;
  readonly keepsReason: boolean;
  /** It is known whether it does. */
  readonly tellsOfReason: boolean;
  /** A save answers with the schedule; otherwise with nothing. */
  readonly answersSaves: boolean;
  /** A create of a name that is taken is refused with 409; otherwise it replaces in silence. */
  readonly refusesTaken: boolean;
  /** A pause of a paused schedule changes its reason. */
  readonly pausesAgain: boolean;
  readonly putTags: 'replace' | 'upsert' | 'append';
}

/** One schedule as the server holds it. */
export interface Stored {
  readonly body: JsonObject;
  readonly tags: readonly Tag[];
  /** False = it looks active and never fires: its timer was lost in a failed save. */
  readonly timer: boolean;
  /** This key may not see it. */
  readonly hidden?: true;
}

/** What another hand does to a schedule. */
export type Hand =
  | {
      readonly kind: 'edit';
      readonly name: string;
      readonly edit: JsonObject;
      readonly inRequest: JsonObject;
    }
  | { readonly kind: 'delete'; readonly name: string }
  | {
      readonly kind: 'create';
      readonly name: string;
      readonly body: JsonObject;
      readonly tags: readonly Tag[];
    }
  | { readonly kind: 'pause'; readonly name: string; readonly reason?: string }
  | { readonly kind: 'resume'; readonly name: string }
  | { readonly kind: 'tags'; readonly name: string; readonly tags: readonly Tag[] };

/**
 * What goes wrong with a request. Of the answer: `before` and `after` = it was lost, before or after the effect;
 * `unavailable` = 503 without effect; `broken` and `broken after` = 500 of the store, whose timer is then gone;
 * `killed` = lost after the effect, and the timer with it; `refused` = 400.
 */
export type Fault =
  | 'before'
  | 'after'
  | 'unavailable'
  | 'broken'
  | 'broken after'
  | 'killed'
  | 'refused'
  | { readonly drops: readonly string[] };

export type Happening =
  | { readonly kind: 'hand'; readonly hand: Hand }
  /** Right after the next write, whatever became of it, another hand acts on the same schedule. */
  | {
      readonly kind: 'rival';
      readonly hand: Hand;
      /** What they create where there is none. */
      readonly otherwise: JsonObject;
    }
  | { readonly kind: 'fault'; readonly on: 'read' | 'write'; readonly fault: Fault; readonly times: number }
  | { readonly kind: 'stop' };

export type WriteKind = 'save' | 'delete' | 'pause' | 'resume' | 'put tags' | 'delete tags';

/** Everything that happened, in order. */
export type Entry =
  | {
      readonly kind: 'read';
      readonly what: 'get' | 'list' | 'tags' | 'runs';
      readonly name?: string;
      readonly seen: Contents;
    }
  | {
      readonly kind: 'write';
      readonly what: WriteKind;
      readonly name: string;
      readonly body?: JsonObject;
      readonly tags?: readonly Tag[];
      readonly before: Stored | undefined;
      readonly after: Stored | undefined;
      readonly took: boolean;
      readonly answer: 'ok' | 'failed';
      /** It was sent after the stop. */
      readonly late: boolean;
      /** The answer shows the schedule as it is stored. */
      readonly shows: boolean;
    }
  | { readonly kind: 'hand'; readonly name: string }
  | { readonly kind: 'stop' }
  | { readonly kind: 'wait'; readonly ms: number };

export type Contents = ReadonlyMap<string, Stored>;

/** The adversarial port: an in-memory server behind the two doors, at which one thing may happen before each request. */
export interface ModelServer {
  readonly reader: Reader;
  readonly writer: Writer;
  readonly capabilities: Capabilities;
  readonly journal: readonly Entry[];
  contents(): Contents;
  /** With tags, whether or not its list has them. */
  observed(): readonly ObservedSchedule[];
  /** From now on the happenings take place: the n-th before the request of that number, counted from 0. */
  begin(happenings: readonly { readonly at: number; readonly what: Happening }[], deaf: boolean): void;
  act(hand: Hand): void;
  stopped(): boolean;
  now(): number;
  wait(ms: number): Promise<void>;
  /** The fires that this run's writes have cost: they were due, and had not been started. */
  lost(): readonly { readonly name: string; readonly at: number }[];
}

/** When the schedules of the model fire: 30 s after each full two minutes. */
export function nextModelFire(after: number): number {
  return Math.floor((after - 30_000) / 120_000) * 120_000 + 150_000;
}

/** How the server's clock stands, and how late it starts fires; milliseconds. */
export interface ModelTime {
  readonly clock: number;
  readonly lateness: number;
}

const start = Date.UTC(2026, 10, 23, 12);

export function modelServer(kind: ServerKind, contents: Contents, time: ModelTime): ModelServer {
  let store = new Map(contents);
  const journal: Entry[] = [];
  let waiting: readonly { readonly at: number; readonly what: Happening }[] = [];
  let faults: { on: 'read' | 'write'; fault: Fault; times: number }[] = [];
  let rivals: (Happening & { readonly kind: 'rival' })[] = [];
  let requests = 0;
  let stopped = false;
  let deaf = false;
  let now = start + time.clock;
  const runs: Execution[] = [];
  const lostFires: { name: string; at: number }[] = [];
  /** Fires from before were started in time. */
  const first = now - 600_000;

  /** The fire that the timer of a schedule waits for; undefined = it has no timer. */
  function awaited(name: string): number | undefined {
    const stored = store.get(name);
    if (stored === undefined || !stored.timer || stored.body.paused === true) return undefined;
    const own = runs
      .filter(({ schedule }) => schedule === name)
      .map(({ executionTime = 0 }) => executionTime);
    return nextModelFire(Math.max(first, Number(stored.body.updatedTime ?? 0), ...own));
  }

  function fire(): void {
    for (const name of store.keys())
      for (let at = awaited(name); at !== undefined && at + time.lateness <= now; at = awaited(name))
        runs.push({
          schedule: name,
          scheduledTime: at,
          executionTime: at + time.lateness,
          state: 'EXECUTED',
        });
  }

  function pass(ms: number): void {
    now += ms;
    fire();
  }

  const capabilities: Capabilities = {
    tags: kind.tags,
    tagsInList: kind.tagsInList,
    cronSchedules: 'kept',
    numbers: 'kind',
    pauseReason: kind.tellsOfReason ? (kind.keepsReason ? 'kept' : 'dropped') : 'unknown',
    idempotency: true,
    anyName: true,
    bulk: false,
    hidesUnreadable: kind.refusesTaken,
    executionQuery: 'clauses',
    pauseAll: 'unknown',
  };

  function set(name: string, stored: Stored | undefined): void {
    store = new Map(store);
    if (stored === undefined) store.delete(name);
    else store.set(name, stored);
  }

  /** What the server makes of a saved body. */
  function saved(body: JsonObject, before: Stored | undefined, drops: readonly string[]): Stored {
    const { startWorkflowRequest, ...top } = body;
    const request = { ...(startWorkflowRequest as JsonObject) };
    const kept: { [key: string]: Json } = { ...top };
    for (const drop of drops) {
      if (drop === 'keeps workflowDef') {
        const old = (before?.body.startWorkflowRequest as JsonObject | undefined)?.workflowDef;
        if (old !== undefined && request.workflowDef === undefined) request.workflowDef = old;
      } else if (drop.startsWith('request.')) delete request[drop.slice('request.'.length)];
      else delete kept[drop];
    }
    if (!kind.keepsReason || kept.paused !== true) delete kept.pausedReason;
    return {
      body: {
        ...kept,
        startWorkflowRequest: request,
        createTime: before?.body.createTime ?? now,
        updatedTime: now,
      },
      tags: before?.tags ?? [],
      timer: true,
      ...(before?.hidden ? { hidden: true } : {}),
    };
  }

  function switched(stored: Stored, paused: boolean, reason: string | undefined): Stored {
    const { pausedReason, ...rest } = stored.body;
    const keeps = paused && stored.body.paused === true && !kind.pausesAgain;
    const next = keeps ? pausedReason : reason;
    return {
      ...stored,
      timer: true,
      body: {
        ...rest,
        paused,
        ...(paused && kind.keepsReason && next !== undefined ? { pausedReason: next } : {}),
        updatedTime: now,
      },
    };
  }

  function act(hand: Hand): void {
    const there = store.get(hand.name);
    journal.push({ kind: 'hand', name: hand.name });
    const next = handled(hand, there);
    if (next !== 'as it is') set(hand.name, next);
  }

  function handled(hand: Hand, there: Stored | undefined): Stored | undefined | 'as it is' {
    if (hand.kind === 'create') {
      if (there !== undefined) return 'as it is';
      const made = saved({ ...hand.body, name: hand.name }, undefined, []);
      return { ...made, tags: kind.tags ? hand.tags : [] };
    }
    if (there === undefined) return 'as it is';
    switch (hand.kind) {
      case 'delete':
        return undefined;
      case 'edit': {
        const request = { ...(there.body.startWorkflowRequest as JsonObject), ...hand.inRequest };
        return saved({ ...there.body, ...hand.edit, startWorkflowRequest: request }, there, []);
      }
      case 'pause':
        return switched(there, true, hand.reason);
      case 'resume':
        return there.body.paused === true ? switched(there, false, undefined) : 'as it is';
      case 'tags':
        return kind.tags ? { ...there, tags: tagSet(hand.tags) } : 'as it is';
    }
  }

  /** Lets happen what is to happen before this request; what goes wrong with it. */
  async function arrive(on: 'read' | 'write'): Promise<Fault | undefined> {
    await Promise.resolve();
    pass(40);
    const due = waiting.filter(({ at }) => at <= requests);
    waiting = waiting.filter(({ at }) => at > requests);
    requests += 1;
    for (const { what } of due) {
      if (what.kind === 'hand') act(what.hand);
      else if (what.kind === 'rival') rivals.push(what);
      else if (what.kind === 'stop') {
        stopped = true;
        journal.push({ kind: 'stop' });
      } else faults.push({ ...what });
    }
    const found = faults.find((one) => one.on === on);
    if (found === undefined) return undefined;
    found.times -= 1;
    faults = faults.filter(({ times }) => times > 0);
    return found.fault;
  }

  function failure(
    operation: Operation,
    schedule: string | undefined,
    failed: FailureKind,
    effect: Failure['effect'],
    status?: number,
  ): Failure {
    return {
      kind: failed,
      operation,
      ...(schedule === undefined ? {} : { schedule }),
      method: 'ANY',
      url: 'model',
      ...(status === undefined ? {} : { status }),
      words: failed,
      attempts: 1,
      ...(effect === 'unknown' && (status === undefined || status === 503)
        ? { retryable: true as const }
        : {}),
      effect,
    };
  }

  async function read<T>(
    what: 'get' | 'list' | 'tags' | 'runs',
    name: string | undefined,
    answer: () => Outcome<T>,
  ): Promise<Outcome<T>> {
    const operation = ({ tags: 'tags get', runs: 'search executions', get: 'get', list: 'list' } as const)[
      what
    ];
    if (stopped && deaf) return fail(failure(operation, name, 'interrupted', 'none'));
    const fault = await arrive('read');
    if (fault !== undefined) return fail(failure(operation, name, 'reset', 'none'));
    const result = answer();
    if (result.ok) journal.push({ kind: 'read', what, ...(name === undefined ? {} : { name }), seen: store });
    return result;
  }

  async function write<T>(...asked: Parameters<typeof carriedOut<T>>): Promise<Outcome<T>> {
    const answer = await carriedOut(...asked);
    const [, , name] = asked;
    const rival = rivals.shift();
    if (rival !== undefined)
      act(
        store.has(name) ? { ...rival.hand, name } : { kind: 'create', name, body: rival.otherwise, tags: [] },
      );
    return answer;
  }

  /** A request that changes one schedule. `effect` says what becomes of it, or why it is refused. */
  async function carriedOut<T>(
    what: WriteKind,
    operation: Operation,
    name: string,
    effect: (drops: readonly string[]) => Outcome<{ readonly stored: Stored | undefined; readonly value: T }>,
    sent: { readonly body?: JsonObject; readonly tags?: readonly Tag[] } = {},
  ): Promise<Outcome<T>> {
    const late = stopped;
    const fault = await arrive('write');
    const before = store.get(name);
    const due = awaited(name);
    const note = (took: boolean, answer: 'ok' | 'failed', shows = false): void => {
      if (due !== undefined && due <= now && awaited(name) !== due) lostFires.push({ name, at: due });
      journal.push({
        kind: 'write',
        what,
        name,
        ...sent,
        before,
        after: store.get(name),
        took,
        answer,
        late,
        shows,
      });
    };
    const lost = (failed: FailureKind, status?: number): Outcome<T> => {
      return fail(failure(operation, name, failed, 'unknown', status));
    };
    const drops = typeof fault === 'object' ? fault.drops : [];
    const result = effect(drops);
    if (fault === 'refused' || (!result.ok && typeof fault !== 'string')) {
      note(false, 'failed');
      return result.ok ? fail(failure(operation, name, 'status', 'none', 400)) : result;
    }
    if (fault === 'before' || fault === 'unavailable' || !result.ok) {
      note(false, 'failed');
      return fault === 'unavailable' ? lost('status', 503) : lost('reset');
    }
    if (fault === 'broken') {
      if (what === 'save' && before !== undefined) set(name, { ...before, timer: false });
      note(false, 'failed');
      return lost('status', 500);
    }
    const { stored, value } = result.value;
    const dead =
      what === 'save' && (fault === 'broken after' || (fault === 'killed' && before === undefined));
    set(name, dead && stored !== undefined ? { ...stored, timer: false } : stored);
    if (fault === 'after' || fault === 'killed' || fault === 'broken after') {
      note(true, 'failed');
      return fault === 'broken after' ? lost('status', 500) : lost('reset');
    }
    note(true, 'ok', what === 'save' && kind.answersSaves);
    return succeed(value);
  }

  const missing = (operation: Operation, name: string): Outcome<never> =>
    fail(failure(operation, name, 'missing', 'none', 404));
  const visible = (name: string): Stored | undefined => {
    const stored = store.get(name);
    return stored?.hidden ? undefined : stored;
  };
  const unused = async (): Promise<never> => {
    throw new Error('no part of an apply');
  };

  const reader: Reader = {
    list: () =>
      read('list', undefined, () =>
        succeed({
          schedules: [...store.values()]
            .filter(({ hidden }) => !hidden)
            .map(({ body, tags }) =>
              scheduleFrom(kind.tagsInList ? { ...body, tags: tags as unknown as Json } : body),
            ),
        }),
      ),
    get: (name) =>
      read('get', name, () => {
        const stored = store.get(name);
        if (stored?.hidden) return fail(failure('get', name, 'forbidden', 'none', 403));
        return succeed(stored === undefined ? null : scheduleFrom(stored.body));
      }),
    tags: (name) => read('tags', name, () => succeed(visible(name)?.tags ?? [])),
    identify: unused,
    nextFew: unused,
    searchExecutions: ({ names, after = 0 }) =>
      read('runs', undefined, () => {
        const results = runs
          .filter((run) => names?.includes(run.schedule) !== false && (run.scheduledTime ?? 0) > after)
          .reverse();
        return succeed({ totalHits: results.length, results });
      }),
  };

  const writer: Writer = {
    save: async (sent, mode) => {
      const { name } = sent;
      const parsed = parseJson(saveText(sent));
      if (!parsed.ok) throw new Error(parsed.why);
      const body = parsed.value as JsonObject;
      return write(
        'save',
        'save',
        name,
        (drops) => {
          const there = store.get(name);
          if (there?.hidden) return fail(failure('save', name, 'forbidden', 'none', 403));
          if (mode === 'create' && there !== undefined && kind.refusesTaken)
            return fail(failure('save', name, 'conflict', 'none', 409));
          const stored = saved(body, there, drops);
          return succeed({ stored, value: kind.answersSaves ? scheduleFrom(stored.body) : null });
        },
        { body },
      );
    },
    delete: (name) =>
      write('delete', 'delete', name, () =>
        visible(name) === undefined ? missing('delete', name) : succeed({ stored: undefined, value: null }),
      ),
    pause: (name, reason) =>
      write('pause', 'pause', name, (drops) => {
        const stored = visible(name);
        if (stored === undefined) return missing('pause', name);
        const kept = drops.includes('pausedReason') ? undefined : reason;
        return succeed({
          stored: drops.includes('paused') ? stored : switched(stored, true, kept),
          value: null,
        });
      }),
    resume: (name) =>
      write('resume', 'resume', name, (drops) => {
        const stored = visible(name);
        if (stored === undefined || stored.body.paused !== true) return missing('resume', name);
        return succeed({
          stored: drops.includes('paused') ? stored : switched(stored, false, undefined),
          value: null,
        });
      }),
    putTags: (name, tags) =>
      write(
        'put tags',
        'tags set',
        name,
        (drops) => {
          const stored = visible(name);
          if (stored === undefined) return missing('tags set', name);
          const put = drops.includes('tags') ? tags.slice(1) : tags;
          const keys = new Set(put.map(({ key }) => key));
          const kept =
            kind.putTags === 'replace'
              ? []
              : kind.putTags === 'append'
                ? stored.tags
                : stored.tags.filter(({ key }) => !keys.has(key));
          return succeed({ stored: { ...stored, tags: tagSet([...kept, ...put]) }, value: null });
        },
        { tags },
      ),
    deleteTags: (name, tags) =>
      write(
        'delete tags',
        'tags delete',
        name,
        (drops) => {
          const stored = visible(name);
          if (stored === undefined) return missing('tags delete', name);
          const gone = drops.includes('tags') ? tags.slice(1) : tags;
          const kept = stored.tags.filter(
            (one) => !gone.some(({ key, value }) => key === one.key && value === one.value),
          );
          return succeed({ stored: { ...stored, tags: kept }, value: null });
        },
        { tags },
      ),
    pauseMany: unused,
    resumeMany: unused,
    pauseAll: unused,
    resumeAll: unused,
    requeue: unused,
  };

  return {
    reader,
    writer,
    capabilities,
    journal,
    contents: () => store,
    observed: () =>
      [...store.values()]
        .filter(({ hidden }) => !hidden)
        .map(({ body, tags }) => scheduleFrom(kind.tags ? { ...body, tags: tags as unknown as Json } : body)),
    begin: (happenings, isDeaf) => {
      deaf = isDeaf;
      journal.length = 0;
      requests = 0;
      waiting = happenings;
      faults = [];
      rivals = [];
    },
    act,
    stopped: () => stopped,
    now: () => now,
    wait: async (ms) => {
      journal.push({ kind: 'wait', ms });
      pass(ms);
    },
    lost: () => lostFires,
  };
}
