import type { JsonObject } from '../../model/json.ts';
import { present } from '../../model/present.ts';
import type { Execution } from '../run-history.ts';
import { serve } from '../serve.ts';
import { editionOf, type ServedType } from '../server-types.ts';
import type { BackEnd } from '../storage/back-ends.ts';
import { localServer } from './local-server.ts';
import type { LoggedRequest } from './request-log.ts';
import { withPage } from './served-page.ts';
import type { FailOptions, LocalFault } from './switchable-faults.ts';

export type { FaultKind } from '../fault-kinds.ts';
export type { Execution } from '../run-history.ts';
export type { ServedType } from '../server-types.ts';
export type { BackEnd } from '../storage/back-ends.ts';
export type { WireRequest } from '../wire.ts';
export type { LoggedRequest } from './request-log.ts';
export type { FailOptions, LocalFault } from './switchable-faults.ts';

export type StartOptions = {
  /** Default: any free one. */
  readonly port?: number;
  /** Default: `127.0.0.1`, which only this machine reaches. */
  readonly host?: string;
  /** Names that lead here, besides `localhost`, names without a dot and names that cannot be registered. Default: none. */
  readonly allowHosts?: readonly string[];
  /** The server to act as. Default: `oss-2`. */
  readonly type?: ServedType;
  /** Its version. Default: a usual one. */
  readonly version?: string;
  /** The back end to act as. Default: `sqlite`. */
  readonly backEnd?: BackEnd;
  /**
   * The time at which the clock is stopped, as a `Date` or in epoch milliseconds: from then on only `advance` moves it,
   * so a test repeats exactly. Default: the clock of the machine, which `advance` moves ahead.
   */
  readonly now?: Date | number;
  /** Lets everything that is left to chance repeat. Default: 1. */
  readonly seed?: number;
  /** Start workflows that are not registered; a real server records a failed run instead. Default: false. */
  readonly acceptAnyWorkflow?: boolean;
};

/** A local Conductor scheduler on a port. */
export type LocalScheduler = {
  /** Scheme, host and port: what `CONDUCTOR_SERVER_URL` takes. */
  readonly url: string;
  readonly port: number;
  /** The server's clock, epoch milliseconds. */
  now(): number;
  /** Moves the clock on and starts every fire on the way at its own time. Returns how many there were. */
  advance(ms: number): number;
  /** As at the start: no schedules, runs, requests and faults, and the first time. */
  reset(): void;
  /** Every request since the start or the last `reset`, in order of their arrival. */
  requests(): readonly LoggedRequest[];
  /** Lets the next request, or fire, fail in this way. Returns how to take it back. Throws for what cannot happen here. */
  fail(kind: LocalFault, options?: FailOptions): () => void;
  /** The schedules as reads answer them. */
  schedules(): readonly JsonObject[];
  /** Past runs, oldest first. */
  runs(): readonly Execution[];
  /** Saves a schedule as somebody else would, past access and faults. Throws if the body cannot be saved. */
  put(schedule: JsonObject): void;
  /** Drops every connection and frees the port. */
  close(): Promise<void>;
};

/**
 * Starts a local Conductor scheduler, for tests. Rejects when the port cannot be had, and for a version that the type
 * does not have.
 *
 * @example
 * const scheduler = await startScheduler({ type: 'oss-2', now: Date.UTC(2027, 0, 1), acceptAnyWorkflow: true });
 * // … let the code under test save schedules at scheduler.url …
 * scheduler.advance(24 * 60 * 60 * 1000);
 * console.log(scheduler.runs().length, scheduler.requests().length);
 * await scheduler.close();
 */
export async function startScheduler({
  port = 0,
  host = '127.0.0.1',
  allowHosts = [],
  type = 'oss-2',
  version,
  backEnd,
  now,
  seed = 1,
  acceptAnyWorkflow = false,
}: StartOptions = {}): Promise<LocalScheduler> {
  if (version !== undefined && editionOf(type, version) === undefined)
    throw new RangeError(`${type} has no version ${version}`);
  const start = now === undefined ? undefined : Number(now);
  const local = localServer({
    serverType: type,
    seed,
    acceptAnyWorkflow,
    now: start === undefined ? Date.now : () => start,
    isStopped: start !== undefined,
    mostRequests: Number.POSITIVE_INFINITY,
    ...present({ version, backEnd }),
  });
  const served = await serve(withPage(local, [host, ...allowHosts]), { host, port, now: local.now });
  return {
    url: served.url,
    port: served.port,
    now: local.now,
    advance: local.advance,
    reset: local.reset,
    requests: local.requests,
    fail: local.faults.fail,
    schedules: () => local.scheduler().state().schedules,
    runs: () => local.scheduler().state().executions,
    put: (schedule) => local.scheduler().put(schedule),
    close: served.close,
  };
}
