import type { Json } from '../../src/model/json.ts';
import type { ServedType } from '../../src/scheduler/server-types.ts';

/** One call of a client's method and what must come of it. */
export type Step = {
  readonly method: string;
  readonly args: readonly Json[];
  /** `METHOD /path?query body` of each request that reaches the server. */
  readonly sent: readonly string[];
  readonly outcome: Outcome;
};

/** What a call returned, or what it threw: the error's class, the HTTP status where it says, and its words. */
export type Outcome =
  | { readonly returns: unknown }
  | { readonly raises: string; readonly status: number | null; readonly says: string };

export function step(
  method: string,
  args: readonly Json[],
  sent: readonly string[],
  outcome: Outcome = { returns: null },
): Step {
  return { method, args, sent, outcome };
}

type Cells<T> = { readonly [K in ServedType | 'oss' | 'orkes' | 'else']?: T };

/** The cell of a server type, else of its family, else of all others. */
export function cell<T>(serverType: ServedType, cells: Cells<T>): T {
  const family = serverType.startsWith('oss') ? 'oss' : serverType.startsWith('orkes') ? 'orkes' : 'else';
  for (const key of [serverType, family, 'else'] as const) {
    const found = cells[key];
    if (found !== undefined) return found;
  }
  throw new Error(`no cell for ${serverType}`);
}

/** The scheduler's clock stands at 2026-11-23T12:00:00Z. */
export const noon: number = Date.UTC(2026, 10, 23, 12);

/** So many midnights UTC from then on. */
export function midnights(count: number): readonly number[] {
  return Array.from({ length: count }, (_, day) => Date.UTC(2026, 10, 24 + day));
}

/** A name that must be encoded in a path, and how both clients do it. */
export const name = 'daily é?';
export const path = '/api/scheduler/schedules/daily%20%C3%A9%3F';

/** What the server itself adds to a schedule. */
export function facts(serverType: ServedType): { readonly [key: string]: Json } {
  const by = cell(serverType, { orkes: 'K', else: '' });
  return { createTime: noon, updatedTime: noon, createdBy: by, updatedBy: by };
}

/** The body of an error, as text. */
export function errorBody(status: number, message: string): string {
  return JSON.stringify({ status, message, instance: 'local', retryable: false });
}

/** The words of Spring for a route that does not exist. */
export function noRoute(route: string): string {
  return `No static resource ${route.slice(1)}.`;
}

export function wrongVerb(verb: string): string {
  return `Request method '${verb}' is not supported`;
}

export const missingQuery =
  "Required request parameter 'query' for method parameter type String is not present";

/** One past run, so that there is something to find. */
export const pastRun = {
  executionId: 'e1',
  scheduleName: 'earlier',
  scheduledTime: 1_795_431_600_000,
  executionTime: 1_795_431_600_120,
  workflowName: 'order_processing',
  workflowId: 'w1',
  startWorkflowRequest: { name: 'order_processing', input: {}, taskToDomain: {}, priority: 0 },
  state: 'EXECUTED',
  zoneId: 'UTC',
} as const;
