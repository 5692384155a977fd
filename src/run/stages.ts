import type { Options } from '../argv/program.ts';
import { type Connection, connect } from '../conductor/connect.ts';
import type { Io } from '../io/io.ts';
import type { Config } from '../model/config.ts';
import type { Failure, ServerIdentity } from '../model/port.ts';
import type { Policy } from '../model/run-policy.ts';
import type { DesiredSchedule, ObservedSchedule } from '../model/schedule.ts';
import type { JudgedPlan } from '../plan/plan.ts';
import { namesWithTags, planOf } from '../plan/plan.ts';
import { type Diagnostic, problem } from '../problems/diagnostic.ts';
import { terminalText } from '../report/text/escape.ts';
import { type ConnectionSettings, connectionSettings, type UsageError } from '../settings/settings.ts';

/** The stages that several commands share behind `load`: observe → plan. */

export type Opened =
  | { readonly ok: true; readonly connection: Connection; readonly settings: ConnectionSettings }
  | { readonly ok: false; readonly usage: UsageError };

/** Makes the client. Sends nothing yet. */
export function open(io: Io, options: Options, config: Config, signal: AbortSignal): Opened {
  const settings = connectionSettings(options, io.env, config);
  if (!settings.ok) return settings;
  const { url, ...rest } = settings.value;
  const connection = connect({
    url,
    ...rest,
    now: io.now,
    random: io.random,
    wait: io.wait,
    signal,
    ...(options.debug
      ? {
          onRequest: ({ method, path, status, ms }) =>
            io.err(`debug: ${method} ${terminalText(path)} ${status ?? 'no answer'} ${Math.round(ms)} ms\n`),
        }
      : {}),
  });
  return { ok: true, connection, settings: settings.value };
}

export interface Observed {
  readonly schedules: readonly ObservedSchedule[];
  readonly server: ServerIdentity;
  /** When the list was asked for, by our clock in epoch milliseconds. */
  readonly at: number;
  /** The server's clock minus ours, in milliseconds. */
  readonly clockSkew: number;
}

export type Observation =
  | { readonly ok: true; readonly observed: Observed }
  | { readonly ok: false; readonly failure: Failure };

/**
 * Reads the server: one list request, and what kind of server it is. Where that has tags, those of the schedules that
 * `tagged` names are read by name. With a workflow the server is asked for its schedules alone; not all servers obey.
 */
export async function observe(
  { reader }: Connection,
  tagged: (schedules: readonly ObservedSchedule[]) => readonly string[],
  now: () => number,
  workflowName?: string,
): Promise<Observation> {
  const at = now();
  const list = await reader.list(workflowName === undefined ? {} : { workflowName });
  if (!list.ok) return list;
  const answered = now();
  const server = await reader.identify();
  if (!server.ok) return server;
  const { tags: hasTags } = server.value.capabilities;
  const unknown = new Set(hasTags ? tagged(list.value.schedules) : []);
  const schedules: ObservedSchedule[] = [];
  let failure: Failure | undefined;
  await Promise.all(
    list.value.schedules.map(async (one, index) => {
      schedules[index] = one;
      if (!unknown.has(one.schedule.name)) return;
      const tags = await reader.tags(one.schedule.name);
      if (tags.ok) schedules[index] = { ...one, tags: tags.value };
      else failure ??= tags.failure;
    }),
  );
  if (failure !== undefined) return { ok: false, failure };
  const clockSkew = skew(list.value.serverTime, answered);
  return { ok: true, observed: { schedules, server: server.value, at, clockSkew } };
}

export type Planned =
  | { readonly ok: true; readonly plan: JudgedPlan; readonly observed: Observed }
  | { readonly ok: false; readonly failure: Failure };

/** Reads the server and plans. One list request; tags by name only where the list has none and they are managed. */
export async function planAgainst(
  connection: Connection,
  desired: readonly DesiredSchedule[],
  policy: Policy,
  now: () => number,
): Promise<Planned> {
  const seen = await observe(connection, (schedules) => namesWithTags(desired, schedules, policy), now);
  if (!seen.ok) return seen;
  const { observed } = seen;
  const { schedules, server } = observed;
  const plan = planOf({
    desired,
    observed: schedules,
    server,
    url: connection.url,
    policy,
    now: observed.at,
  });
  return { ok: true, plan, observed };
}

/** Nothing may be compared with or written to a server whose scheduler Downbeat does not speak to. */
export function oldScheduler({ outdated, version }: ServerIdentity): Diagnostic | undefined {
  if (!outdated) return undefined;
  return problem('old-scheduler', version === undefined ? {} : { version }, { kind: 'nowhere' });
}

export function noteCredentials({ credentialsUnused }: ServerIdentity, io: Io): void {
  if (credentialsUnused)
    io.err(
      'note: the server has no authentication (POST /token is 404), so the key and secret are not used\n',
    );
}

/** The Date header counts whole seconds, so less than two of them is no difference. */
function skew(serverTime: number | undefined, ours: number): number {
  if (serverTime === undefined) return 0;
  const difference = serverTime - ours;
  return Math.abs(difference) < 2000 ? 0 : difference;
}
