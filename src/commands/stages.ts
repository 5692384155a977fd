import { type Connection, connect } from '../conductor/connect.ts';
import type { Io } from '../io/io.ts';
import type { Config } from '../model/config.ts';
import type { Plan } from '../model/plan.ts';
import type { Failure, ServerIdentity } from '../model/port.ts';
import type { DesiredSchedule, ObservedSchedule } from '../model/schedule.ts';
import { namesWithTags, planOf } from '../plan/plan.ts';
import type { Policy } from '../plan/policy.ts';
import { terminalText } from '../report/escape.ts';
import type { Options } from './program.ts';
import { type ConnectionSettings, connectionSettings, type UsageError } from './settings.ts';

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

export type Planned =
  | { readonly ok: true; readonly plan: Plan; readonly observed: Observed }
  | { readonly ok: false; readonly failure: Failure };

/** Reads the server and plans. One list request; tags by name only where the list has none and they are managed. */
export async function planAgainst(
  { reader, url }: Connection,
  desired: readonly DesiredSchedule[],
  policy: Policy,
  now: () => number,
): Promise<Planned> {
  const at = now();
  const list = await reader.list();
  if (!list.ok) return list;
  const answered = now();
  const server = await reader.identify();
  if (!server.ok) return server;
  const { tags: hasTags } = server.value.capabilities;
  const unknown = hasTags ? new Set(namesWithTags(desired, list.value.schedules, policy)) : new Set<string>();
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
  const observed = { schedules, server: server.value, at, clockSkew: skew(list.value.serverTime, answered) };
  return {
    ok: true,
    plan: planOf({ desired, observed: schedules, server: server.value, url, policy, now: at }),
    observed,
  };
}

/** The Date header counts whole seconds, so less than two of them is no difference. */
function skew(serverTime: number | undefined, ours: number): number {
  if (serverTime === undefined) return 0;
  const difference = serverTime - ours;
  return Math.abs(difference) < 2000 ? 0 : difference;
}
