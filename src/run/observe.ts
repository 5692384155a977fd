import type { Connection } from '../conductor/connect.ts';
import type { Failure, IdentifyOptions, ServerIdentity } from '../model/port.ts';
import { present } from '../model/present.ts';
import type { ObservedSchedule } from '../model/schedule.ts';

export interface Observed {
  readonly schedules: readonly ObservedSchedule[];
  readonly server: ServerIdentity;
  /** When the list was asked for, by our clock in epoch milliseconds. */
  readonly at: number;
  /** The server's clock minus ours, in milliseconds. */
  readonly clockSkew: number;
}

export type ObserveOptions = IdentifyOptions & {
  /** The server is asked for the schedules of this workflow only; not all servers obey. */
  readonly workflow?: string | undefined;
  /** What there is to do while the list is under way. */
  readonly meanwhile?: (() => Promise<void>) | undefined;
};

export type Observation =
  | { readonly ok: true; readonly observed: Observed }
  | { readonly ok: false; readonly failure: Failure };

/**
 * Reads the server: one list request, and what kind of server it is. Where that has tags, those of the schedules that
 * `tagged` names are read by name.
 */
export async function observeServer(
  { reader }: Connection,
  tagged: (schedules: readonly ObservedSchedule[]) => readonly string[],
  now: () => number,
  { workflow, meanwhile, ...identifying }: ObserveOptions = {},
): Promise<Observation> {
  const at = now();
  const listing = reader.list({ identifies: true, ...present({ workflowName: workflow }) });
  await meanwhile?.();
  const list = await listing;
  if (!list.ok) return list;
  const answered = now();
  const server = await reader.identify(identifying);
  if (!server.ok) return server;
  const { tags: hasTags } = server.value.capabilities;
  const unknown = new Set(hasTags ? tagged(list.value.schedules) : []);
  const schedules: ObservedSchedule[] = [...list.value.schedules];
  let failure: Failure | undefined;
  await Promise.all(
    (unknown.size === 0 ? [] : schedules).map(async (one, index) => {
      if (!unknown.has(one.schedule.name)) return;
      const tags = await reader.tags(one.schedule.name);
      if (tags.ok) schedules[index] = { ...one, tags: tags.value };
      else failure ??= tags.failure;
    }),
  );
  if (failure !== undefined) return { ok: false, failure };
  const clockSkew = clockSkewOf(list.value.serverTime, answered);
  return { ok: true, observed: { schedules, server: server.value, at, clockSkew } };
}

/** The Date header counts whole seconds, so less than two of them is not a difference. */
export function clockSkewOf(serverTime: number | undefined, ours: number): number {
  if (serverTime === undefined) return 0;
  const difference = serverTime - ours;
  return Math.abs(difference) < 2000 ? 0 : difference;
}
