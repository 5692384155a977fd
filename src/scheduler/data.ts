import { isObject, type Json, type JsonObject, parseJson, writeJson } from '../model/json.ts';
import type { Tag } from '../model/schedule.ts';
import { cutHistory, type Execution } from './run-history.ts';
import { editionOf, type ServedType, serverTypes } from './server-types.ts';
import { type BackEnd, backEndRows } from './storage/back-ends.ts';
import type { Timer } from './timers.ts';

/**
 * What a scheduler holds over a restart, as a file of lines: a head, then everything as it was when the file was started,
 * then one line for each request or tick that changed something. A line is whole or it did not happen.
 */

/** One thing that changed. Together with those of the same line it is one effect: all of them happened, or none. */
export type Change =
  /** Written, and so the last of the list. */
  | { readonly kind: 'schedule'; readonly schedule: JsonObject; readonly timers: readonly Timer[] }
  | { readonly kind: 'timers'; readonly name: string; readonly timers: readonly Timer[] }
  | { readonly kind: 'deleted'; readonly name: string }
  | { readonly kind: 'tags'; readonly name: string; readonly tags: readonly Tag[] }
  | { readonly kind: 'execution'; readonly execution: Execution }
  | { readonly kind: 'history cut' }
  | { readonly kind: 'workflow'; readonly definition: JsonObject }
  | { readonly kind: 'workflow deleted'; readonly name: string; readonly version: number }
  | { readonly kind: 'run'; readonly run: JsonObject }
  /** By how many milliseconds the clock has been moved ahead of the machine's, in all. */
  | { readonly kind: 'clock'; readonly ahead: number };

/** Everything of a scheduler that outlives its process. */
export type Kept = {
  /** As reads answer them, the last written one last. */
  readonly schedules: readonly JsonObject[];
  readonly timers: ReadonlyMap<string, readonly Timer[]>;
  readonly tags: { readonly [name: string]: readonly Tag[] };
  readonly executions: readonly Execution[];
  readonly workflows: readonly JsonObject[];
  /** Started workflows, oldest first. */
  readonly runs: readonly JsonObject[];
};

/** What a file says of its server, so that the next one acts alike. */
export type ServedAs = {
  readonly serverType: ServedType;
  readonly version: string;
  readonly backEnd: BackEnd;
};

const format = 2;

export type ReadData =
  | { readonly ok: true; readonly served: ServedAs; readonly kept: Kept; readonly ahead: number }
  /** `line` counts from 1. */
  | { readonly ok: false; readonly line: number; readonly why: string };

/** Reads such a file. What is after the last line break is a line that its writer did not live to end. */
export function readData(text: string): ReadData {
  const lines = text.split('\n').slice(0, -1);
  const head = parsed(lines[0] ?? '');
  if (!isObject(head) || head.kind !== 'scheduler data')
    return { ok: false, line: 1, why: 'this is no file of serve' };
  if (head.format !== format) return { ok: false, line: 1, why: 'another version of Downbeat wrote it' };
  const served = servedAs(head);
  if (served === undefined)
    return { ok: false, line: 1, why: 'there is no such server type, version or back end' };
  const held = holder();
  for (const [index, line] of lines.slice(1).entries()) {
    const changes = parsed(line);
    if (!Array.isArray(changes)) return { ok: false, line: index + 2, why: 'it is broken' };
    for (const change of changes) held.take(change as unknown as Change);
  }
  return { ok: true, served, kept: held.kept(), ahead: held.ahead() };
}

function servedAs({ serverType, version, backEnd }: JsonObject): ServedAs | undefined {
  if (!isKeyOf(serverTypes, serverType) || !isKeyOf(backEndRows, backEnd)) return undefined;
  if (typeof version !== 'string' || editionOf(serverType, version) === undefined) return undefined;
  return { serverType, version, backEnd };
}

function isKeyOf<T extends object>(table: T, text: Json | undefined): text is Extract<keyof T, string> {
  return typeof text === 'string' && Object.hasOwn(table, text);
}

/** A whole file that holds this and nothing of how it came about. */
export function dataText({ serverType, version, backEnd }: ServedAs, kept: Kept, ahead = 0): string {
  const changes: readonly Change[] = [
    ...(ahead === 0 ? [] : [{ kind: 'clock', ahead } as const]),
    ...kept.schedules.map(
      (schedule): Change => ({
        kind: 'schedule',
        schedule,
        timers: kept.timers.get(String(schedule.name)) ?? [],
      }),
    ),
    ...Object.entries(kept.tags).map(([name, tags]): Change => ({ kind: 'tags', name, tags })),
    ...kept.workflows.map((definition): Change => ({ kind: 'workflow', definition })),
    ...kept.runs.map((run): Change => ({ kind: 'run', run })),
    ...kept.executions.map((execution): Change => ({ kind: 'execution', execution })),
  ];
  const head = `${JSON.stringify({ format, kind: 'scheduler data', serverType, version, backEnd })}\n`;
  return head + changes.map((change) => dataLine([change])).join('');
}

/** The line of one effect. */
export function dataLine(changes: readonly Change[]): string {
  return `${writeJson(changes)}\n`;
}

function parsed(line: string): Json | undefined {
  const read = parseJson(line);
  return read.ok ? read.value : undefined;
}

function holder(): {
  readonly take: (change: Change) => void;
  readonly kept: () => Kept;
  readonly ahead: () => number;
} {
  const schedules = new Map<string, JsonObject>();
  const timers = new Map<string, readonly Timer[]>();
  const tags = new Map<string, readonly Tag[]>();
  const workflows = new Map<string, JsonObject>();
  const runs: JsonObject[] = [];
  let executions: Execution[] = [];
  let ahead = 0;
  return {
    take(change) {
      switch (change.kind) {
        case 'schedule': {
          const name = String(change.schedule.name);
          schedules.delete(name);
          schedules.set(name, change.schedule);
          timers.set(name, change.timers);
          break;
        }
        case 'timers':
          timers.set(change.name, change.timers);
          break;
        case 'deleted':
          schedules.delete(change.name);
          timers.delete(change.name);
          break;
        case 'tags':
          tags.set(change.name, change.tags);
          break;
        case 'execution':
          executions.push(change.execution);
          break;
        case 'history cut':
          executions = [...cutHistory(executions)];
          break;
        case 'workflow':
          workflows.set(workflowKey(change.definition.name, change.definition.version), change.definition);
          break;
        case 'workflow deleted':
          workflows.delete(workflowKey(change.name, change.version));
          break;
        case 'run':
          runs.push(change.run);
          break;
        case 'clock':
          ahead = change.ahead;
          break;
      }
    },
    ahead: () => ahead,
    kept: () => ({
      schedules: [...schedules.values()],
      timers,
      tags: Object.fromEntries([...tags].filter(([, own]) => own.length > 0)),
      executions,
      workflows: [...workflows.values()],
      runs,
    }),
  };
}

function workflowKey(name: Json | undefined, version: Json | undefined): string {
  return JSON.stringify([name ?? null, version ?? 1]);
}
