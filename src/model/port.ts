import type { Execution } from './execution.ts';
import type { FailureKind } from './generated/report-parts.ts';
import type { Json, JsonObject } from './json.ts';
import type { NumberEquality } from './number.ts';
import type { ObservedSchedule, Tag } from './schedule.ts';

/**
 * The doors to a Conductor server. `plan` is given a `Reader` only, so it cannot write. Neither door throws for
 * expected trouble: a refused connection, an HTML page, a 404 are `Outcome`s.
 */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

/** The server types in the field, and `documented`, which the published description promises. */
export const servedTypes = ['oss-1', 'oss-2', 'orkes-old', 'orkes-new', 'documented'] as const;
export type ServedType = (typeof servedTypes)[number];

/** The databases of Conductor OSS that the local scheduler can act as. */
export const backEnds = ['sqlite', 'postgres', 'mysql'] as const;
export type BackEnd = (typeof backEnds)[number];

/** `oss-0`, a pre-release, is only recognized and refused. */
export type ServerType = 'oss-0' | ServedType;

/** Whether a server keeps what it is sent; `unknown`: never seen, so its answer is looked at. */
export type Kept = 'kept' | 'dropped' | 'unknown';

/** What a server can do, as far as the logic outside the client must know. */
export type Capabilities = {
  /** Tags exist at all. */
  readonly tags: boolean;
  /** The list carries every schedule's tags. */
  readonly tagsInList: boolean;
  readonly cronSchedules: Kept;
  /** The reason of a pause. */
  readonly pauseReason: Kept;
  /** An idempotency key has an effect; false = it has none (oss#1527). */
  readonly idempotency: boolean;
  /** Names of other characters than letters, digits and `_` are promised to work. */
  readonly anyName: boolean;
  /** Bulk pause and resume exist. */
  readonly bulk: boolean;
  /** The list may leave out what the key may not read, so that absence from it proves nothing. */
  readonly hidesUnreadable: boolean;
  /**
   * How a search of past runs is put. `clauses`: clauses joined by ` AND `, several names in one, and what is not a known
   * clause is taken for a name; `equations`: `scheduleName='x' AND status='FAILED'`.
   */
  readonly executionQuery: 'clauses' | 'equations';
  /**
   * What "pause all" is: `one process` stops the polling of the one server process that gets the request, in its memory
   * (seen on OSS 3.32.1); `unknown` = never tried.
   */
  readonly pauseAll: 'one process' | 'unknown';
  /**
   * How many past runs of a schedule a cut of the history leaves, the newest ones (OSS v3.32.1 SchedulerProperties);
   * absent = it is not known what is cut.
   */
  readonly historyKeeps?: number;
  /** `kind`: 1 and 1.0 are kept apart (seen on OSS 3.32.1); `value` = not known, so they count as equal. */
  readonly numbers: NumberEquality;
};

/** What it takes to tell whether a server kept what it was sent. */
export type Keeping = Pick<Capabilities, 'numbers' | 'pauseReason'>;

/** The server as this run knows it. */
export type ServerIdentity = {
  readonly serverType: ServerType;
  /** What was seen of it fits other server types as well. */
  readonly assumed?: true;
  /** As `GET /version` says, if it was asked. */
  readonly version?: string;
  readonly capabilities: Capabilities;
  /** A key and secret are set, but this server has no `POST /token`: requests go without them. */
  readonly credentialsUnused?: true;
  /** Its scheduler came before the one that Downbeat speaks to: nothing may be compared or written. */
  readonly outdated?: true;
};

export type ScheduleList = {
  readonly schedules: readonly ObservedSchedule[];
  /** The time of the answer by the server's `Date` header, epoch milliseconds; absent if it has none. */
  readonly serverTime?: number;
};

/** One page of past runs. */
export type ExecutionPage = {
  /** Of the whole search. */
  readonly totalHits: number;
  readonly results: readonly Execution[];
};

/** Which past runs; what a server cannot narrow to, it answers too, so the caller looks at the results once more. */
export type ExecutionFilter = {
  /** Any of these schedules; absent = all. */
  readonly names?: readonly string[];
  /** Only those that could not be started. */
  readonly failed?: boolean;
  /** Scheduled after this time, epoch milliseconds. */
  readonly after?: number;
  /** Scheduled before this time, epoch milliseconds. */
  readonly before?: number;
};

export type ExecutionQuery = ExecutionFilter & {
  /** In the server's own grammar, instead of a filter. */
  readonly query?: string;
  readonly start?: number;
  readonly size?: number;
  /** `field:DESC`, several joined by commas, in the words of OSS. */
  readonly sort?: string;
};

export type NextFewQuery = {
  readonly cronExpression: string;
  /** Epoch milliseconds. */
  readonly scheduleStartTime?: number;
  readonly scheduleEndTime?: number;
  readonly limit?: number;
};

export type IdentifyOptions = {
  /** One more request may tell whether an Orkes server is one that keeps the reason of a pause. */
  readonly tellsAge?: boolean;
};

export type ListOptions = {
  /** Only schedules of this workflow; not all servers obey. */
  readonly workflowName?: string;
  /** `identify` comes next: what it is sure to ask is asked beside the list. */
  readonly identifies?: boolean;
};

export type Reader = {
  /** Every schedule that the key may read. Anything but an array of distinctly named schedules is a failure. */
  list(options?: ListOptions): Promise<Outcome<ScheduleList>>;
  /** What kind of server this is; cheap after `list`, which often tells. */
  identify(options?: IdentifyOptions): Promise<Outcome<ServerIdentity>>;
  /** `null` = there is none of that name. Tags are not part of it. */
  get(name: string): Promise<Outcome<ObservedSchedule | null>>;
  /** Sorted; a failure of kind `unsupported` where the server has no tags. */
  tags(name: string): Promise<Outcome<readonly Tag[]>>;
  /** Epoch milliseconds, in the server's zone, at most five. */
  nextFew(query: NextFewQuery): Promise<Outcome<readonly number[]>>;
  /** A name that the server's grammar cannot express is a failure of kind `unaddressable`, and nothing is sent. */
  searchExecutions(query: ExecutionQuery): Promise<Outcome<ExecutionPage>>;
};

/** The versions of each workflow that the key may read, by name; ascending. */
export type WorkflowVersions = ReadonlyMap<string, readonly number[]>;

/** What a workflow's definition says of its input. */
export type WorkflowInputs = {
  /** Every key that it names; absent = it names none, or takes any, or its schema is kept elsewhere. */
  readonly declared?: readonly string[];
  /** Keys that its schema requires and that have no default. */
  readonly required: readonly string[];
};

/** The reading door to workflow definitions, which the scheduler's own do not lead to. */
export type WorkflowReader = {
  versions(): Promise<Outcome<WorkflowVersions>>;
  /** Without a version the latest; `null` = there is none. */
  inputs(name: string, version?: number): Promise<Outcome<WorkflowInputs | null>>;
  /** How a started workflow is; `null` = the server has it no more. */
  run(id: string): Promise<Outcome<WorkflowRun | null>>;
};

/** One workflow that was started: `RUNNING`, `COMPLETED`, `FAILED`, `TIMED_OUT`, `TERMINATED` or `PAUSED`, and why. */
export type WorkflowRun = {
  readonly status: string;
  readonly reason?: string;
};

/** The whole of what a save sends; a save replaces everything. */
export type SaveBody = {
  readonly name: string;
  /** In the API's names: the normal form, or what the server had before with the differences in it. */
  readonly fields: JsonObject;
};

export type BulkResult = {
  readonly succeeded: readonly string[];
  /** The server's words by name. */
  readonly failed: { readonly [name: string]: string };
};

/**
 * Each call is one effect. A call is repeated by the client itself only when the server cannot have taken it
 * (refused connection, 429); where that is not certain it fails with `effect: 'unknown'`, and the caller reads
 * before it writes again.
 */
export type Writer = {
  /** The stored schedule as the answer shows it; `null` when the answer is empty (Orkes). */
  save(body: SaveBody, mode: 'create' | 'update'): Promise<Outcome<ObservedSchedule | null>>;
  delete(name: string): Promise<Outcome<null>>;
  pause(name: string, reason?: string): Promise<Outcome<null>>;
  /** A running schedule answers like a missing one (404): a failure of kind `missing`. */
  resume(name: string): Promise<Outcome<null>>;
  /** What a PUT leaves of other tags differs between servers: read afterwards. */
  putTags(name: string, tags: readonly Tag[]): Promise<Outcome<null>>;
  deleteTags(name: string, tags: readonly Tag[]): Promise<Outcome<null>>;
  pauseMany(names: readonly string[]): Promise<Outcome<BulkResult>>;
  resumeMany(names: readonly string[]): Promise<Outcome<BulkResult>>;
  /** Stops the polling of one server process; no schedule's `paused` changes (OSS v3.32.1). */
  pauseAll(): Promise<Outcome<Json>>;
  resumeAll(): Promise<Outcome<Json>>;
  requeue(): Promise<Outcome<Json>>;
};

export type Operation =
  | 'list'
  | 'get'
  | 'save'
  | 'delete'
  | 'pause'
  | 'resume'
  | 'tags get'
  | 'tags set'
  | 'tags delete'
  | 'bulk pause'
  | 'bulk resume'
  | 'pause all'
  | 'resume all'
  | 'requeue'
  | 'next few'
  | 'search executions'
  | 'workflow names'
  | 'workflow get'
  | 'workflow run'
  | 'token'
  | 'version'
  | 'pause verbs';

/** A failed request, safe to print: no token, no credentials, no query string. */
export type Failure = {
  readonly kind: FailureKind;
  readonly operation: Operation;
  readonly schedule?: string;
  readonly method: string;
  /** Scheme, host and path, without user, password and query. */
  readonly url: string;
  /** Host and port of the proxy that requests go through, if there is one. */
  readonly proxy?: string;
  /** The server's; of a failure of kind `proxy`, the proxy's. */
  readonly status?: number;
  /** The message of the server, or of the system, in one line of at most 500 characters. */
  readonly words: string;
  /** Of a write also the earlier ones of this run, since the last that succeeded. */
  readonly attempts: number;
  /** Nothing was sent that could prove who asks: no key, no token, no header. */
  readonly anonymous?: true;
  /** Another try may help: trouble on the network, 429, 502 to 504, or the server says so. */
  readonly retryable?: true;
  /** `none`: the server did not take it. `unknown`: it may have. Reads are always `none`. */
  readonly effect: 'none' | 'unknown';
};

export function fail<T>(failure: Failure): Outcome<T> {
  return { ok: false, failure };
}

export function succeed<T>(value: T): Outcome<T> {
  return { ok: true, value };
}
