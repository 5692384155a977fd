import type { Json, JsonObject } from '../model/json.ts';
import type { Tag } from '../model/schedule.ts';
import { type AccessOptions, createAccess } from './access.ts';
import { readSave } from './body/record.ts';
import type { Change, Kept } from './data.ts';
import { answerWithFault, type FaultPlan } from './faults.ts';
import type { Journal } from './journal.ts';
import { createRouter, patternsIn } from './router.ts';
import { handlers, type Server } from './routes.ts';
import { editionOf, type ServedType, type ServerTypeRow, serverTypes } from './server-types.ts';
import { type BackEnd, backEndRows } from './storage/back-ends.ts';
import { createStore } from './store.ts';
import type { Switches } from './switches.ts';
import {
  badPath,
  empty,
  problem,
  queryOf,
  reset,
  startPage,
  type WireRequest,
  type WireResponse,
} from './wire.ts';
import { createWorkflows } from './workflows.ts';

export type SchedulerOptions = {
  readonly serverType: ServedType;
  /** Of the server type; default: a usual one. Throws if it has no such version, see `editionOf`. */
  readonly version?: string;
  /** Default: `sqlite`. */
  readonly backEnd?: BackEnd;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Ids of runs and tokens; absent = counted, so that a test repeats exactly. */
  readonly newId?: () => string;
  readonly access?: AccessOptions;
  readonly switches?: Switches;
  /** Start workflows that are not registered; a real server records a failed run instead. */
  readonly acceptAnyWorkflow?: boolean;
  /** Every workflow is completed so many milliseconds after its start; absent = when its tasks are done. */
  readonly completeAfterMs?: number;
  /** The scheduler is switched off on the server: none of its routes exists. */
  readonly off?: boolean;
  /** Told of every effect, in order. */
  readonly journal?: Journal;
  readonly fault?: FaultPlan;
  /** True for a fire that is to fail; asked once for each. */
  readonly failsRun?: () => boolean;
  /**
   * Told what is to be kept, once for each request, tick or other call that changed something, before that is answered:
   * whatever it puts away in one piece is all of an effect.
   */
  readonly keep?: (changes: readonly Change[]) => void;
  /** What is there at the start; `state()` of another one fits. */
  readonly initial?: Partial<SchedulerState>;
};

/** Everything a scheduler holds. */
type SchedulerState = Kept & {
  /** False after `pause all`: due fires wait. */
  readonly polling: boolean;
};

/** A Conductor scheduler in memory. It waits for nothing and knows no network: `serve` puts it on a port. */
export type Scheduler = {
  readonly serverType: ServedType;
  readonly version: string;
  readonly backEnd: BackEnd;
  /** Answers any request; never throws. */
  handle(request: WireRequest): WireResponse;
  /** Starts every fire that is due by now; answers how many. */
  tick(): number;
  /** Epoch milliseconds before which `tick` has nothing to start; `Infinity` = nothing will fire. */
  nextDue(): number;
  state(): SchedulerState;
  /** The next cron times of a schedule's live timers, epoch milliseconds; none = it will not fire. */
  timers(name: string): readonly number[];
  /** Saves a schedule past routes, access and faults, as somebody else would. Throws if the body cannot be saved. */
  put(schedule: JsonObject, tags?: readonly Tag[]): void;
  /** Every token issued so far is answered with EXPIRED_TOKEN. */
  expireTokens(): void;
  /**
   * The server ends and is back after so many milliseconds; until then every connection is reset and nothing fires.
   * What was stored is there again, with its timers; polling is on and tokens are gone.
   */
  restart(downMs: number): void;
};

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { now, switches = {}, initial = {} } = options;
  const row = rowOf(options);
  const backEnd = backEndRows[options.backEnd ?? 'sqlite'];
  const newId = options.newId ?? countedIds();
  // A server stores no name, or the key's, for a foreign writer too; only the journal tells them apart.
  let foreignNow = false;
  const journal: Journal = (effect) =>
    options.journal?.(foreignNow && 'by' in effect ? { ...effect, by: 'somebody else' } : effect);
  const acceptAny = options.acceptAnyWorkflow ?? false;
  let changes: Change[] = [];
  const note = (change: Change): void => {
    if (options.keep) changes.push(change);
  };
  /** What was done is stored before it is answered. */
  function kept<T>(action: () => T): T {
    const result = action();
    if (changes.length > 0) options.keep?.(changes);
    changes = [];
    return result;
  }
  const workflows = createWorkflows(
    { now, newId, acceptAny, completeAfterMs: options.completeAfterMs, note },
    { workflows: initial.workflows ?? [], runs: initial.runs ?? [] },
  );
  const store = createStore(
    {
      now,
      newId,
      workflows,
      journal,
      note,
      failsRun: options.failsRun ?? (() => false),
      pauseAgainRewrites: row.pauseAgain === 'rewrites',
      keepsPauseReason: row.pauseReason === 'stored',
      tagsOutliveSchedule: switches.tagsOutliveSchedule ?? false,
      backEnd,
    },
    { schedules: [], timers: new Map(), tags: {}, executions: [], polling: true, ...initial },
  );
  // Who gives it knows it.
  changes = [];
  const access = createAccess(options.access ?? {}, { now, newId });
  const server: Server = {
    row,
    backEnd,
    store,
    workflows,
    access,
    now,
    honoursWorkflowFilter: switches.honoursWorkflowFilter ?? true,
    tagsOfMissing: switches.tagsOfMissing ?? 'not found',
  };
  const find = createRouter(row.routes);
  const guarded = row.routes.token.length > 0;
  /** After a restart; epoch milliseconds. */
  let backAt = Number.NEGATIVE_INFINITY;

  function restart(downMs: number): void {
    backAt = now() + downMs;
    access.forgetTokens();
    store.restart();
  }

  function answer(request: WireRequest, foreign = false): WireResponse {
    if (isRefused(request)) return badPath();
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    if (method === 'TRACE') return { ...empty(), status: 405, headers: { allow: tomcatVerbs } };
    if (isPreflight(request)) return refusedOrigin();
    const segments = request.path.split('/').map((segment) => segment.split(';', 1)[0] ?? '');
    const match = find(method, segments);
    if (match.kind === 'no route') {
      return method === 'GET' && segments[1] !== 'api'
        ? startPage()
        : problem(404, `No static resource ${segments.filter((segment) => segment !== '').join('/')}.`);
    }
    if (match.kind === 'wrong verb') {
      if (method === 'OPTIONS') return { ...empty(), headers: { allow: verbs(match.allowed) } };
      return problem(row.wrongVerb, `Request method '${request.method}' is not supported`);
    }
    const { action, parameters } = match;
    const call = { request, parameters, query: queryOf(request.query) };
    const open = foreign || !guarded || action === 'token' || action === 'version' || action === 'health';
    if (open) return handlers[action](server, call);
    const admission = access.admit(request);
    if (!admission.ok) return admission.answer;
    return handlers[action](server, admission.key ? { ...call, key: admission.key } : call);
  }

  function handled(request: WireRequest): WireResponse {
    if (now() < backAt) return reset();
    // What Tomcat refuses never gets as far as anything that could go wrong.
    const fault = isRefused(request) ? undefined : options.fault?.(request);
    if (fault === undefined) return answer(request);
    return answerWithFault(fault, request, {
      answer,
      answerForeign(other) {
        foreignNow = true;
        answer(other, true);
        foreignNow = false;
      },
      expireTokens: access.expireTokens,
      stopTimers: store.stopTimers,
      restart,
    });
  }

  return {
    serverType: options.serverType,
    version: row.version,
    backEnd: options.backEnd ?? 'sqlite',
    handle: (request) => kept(() => handled(request)),
    tick: () => kept(() => (now() < backAt ? 0 : store.tick())),
    nextDue: () => Math.max(backAt, store.nextDue()),
    state() {
      const all = [...store.all()];
      return {
        schedules: all.map(({ schedule }) => schedule),
        timers: new Map(all.map(({ name, timers }) => [name, timers])),
        tags: Object.fromEntries(store.tagged()),
        executions: [...store.executions()],
        workflows: workflows.all(),
        runs: workflows.runs(),
        polling: store.polling(),
      };
    },
    timers: (name) => store.get(name)?.timers.map(({ at }) => at) ?? [],
    put: (schedule, tags) =>
      kept(() => {
        const read = readSave(schedule as Json, row.cronSchedules === 'kept');
        if (!read.ok) throw new Error(read.why);
        const written = store.save(read, '');
        if (written.kind !== 'done') throw new Error(JSON.stringify(written));
        if (tags) store.writeTags(String(schedule.name), tags, 'replace', '');
      }),
    expireTokens: access.expireTokens,
    restart,
  };
}

function rowOf({ serverType, version, switches = {}, off = false }: SchedulerOptions): ServerTypeRow {
  const { listTags, tagsWrite, conflictOnCreate, cronSchedules } = switches;
  const row = version === undefined ? serverTypes[serverType] : editionOf(serverType, version);
  if (row === undefined) throw new Error(`${serverType} has no version ${version}`);
  return {
    ...row,
    routes: off ? withoutScheduler(row.routes) : row.routes,
    listTags: listTags ?? row.listTags,
    tagsWrite: tagsWrite ?? row.tagsWrite,
    conflictOnCreate: conflictOnCreate ?? row.conflictOnCreate,
    cronSchedules: cronSchedules ?? row.cronSchedules,
  };
}

function withoutScheduler(routes: ServerTypeRow['routes']): ServerTypeRow['routes'] {
  const kept = Object.entries(routes).map(([action, patterns]) => [
    action,
    patternsIn(patterns).filter((pattern) => !pattern.includes('/api/scheduler/')),
  ]);
  return Object.fromEntries(kept) as ServerTypeRow['routes'];
}

// The methods that Tomcat lists, which do not include TRACE (OSS 3.32.1).
const tomcatVerbs = 'HEAD, DELETE, POST, GET, OPTIONS, PUT';

// Tomcat 10.1, HttpParser: what must not be in a request target as it is.
const refusedInTarget = /[^\x21-\x7e]|["#<>[\\\]^`{|}]/;

/**
 * Requests that Tomcat refuses before Conductor sees them: characters that must not be in a URL, and in the path an
 * encoded slash, backslash or NUL, a broken escape or one that is not UTF-8 (OSS 3.32.1).
 */
function isRefused({ path, query }: WireRequest): boolean {
  if (refusedInTarget.test(path) || refusedInTarget.test(query)) return true;
  if (/%2f|%5c|%00/i.test(path)) return true;
  try {
    decodeURIComponent(path);
    return false;
  } catch {
    return true;
  }
}

/** A browser's question whether a page of elsewhere may ask: Conductor lets none. */
function isPreflight({ method, headers }: WireRequest): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}

function refusedOrigin(): WireResponse {
  return { status: 403, headers: {}, body: 'Invalid CORS request' };
}

/** As Spring lists them: HEAD beside GET, OPTIONS last. */
function verbs(allowed: readonly string[]): string {
  const known = [...new Set(allowed)].sort();
  return [...known.flatMap((verb) => (verb === 'GET' ? ['GET', 'HEAD'] : verb)), 'OPTIONS'].join(',');
}

/** Ids in the form of UUIDs, counted from 1. */
function countedIds(): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `00000000-0000-4000-8000-${last.toString(16).padStart(12, '0')}`;
  };
}
