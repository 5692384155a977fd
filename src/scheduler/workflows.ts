import { isObject, type Json, type JsonObject, objectOf } from '../model/json.ts';
import { present } from '../model/present.ts';
import type { Change } from './data.ts';
import { completeDefinition } from './definition.ts';
import { asJavaKeeps } from './java-numbers.ts';
import { invalid, problem, type WireResponse } from './wire.ts';

// Past it the oldest are forgotten; nobody looks up a run of yesterday here.
const keptRuns = 10_000;

export interface WorkflowOptions {
  readonly now: () => number;
  readonly newId: () => string;
  /** Start workflows that nobody registered, too. A real server never does. */
  readonly acceptAny: boolean;
  /** Told of everything that outlives the process. */
  readonly note: (change: Change) => void;
}

/** What there is at the start. */
export interface WorkflowContent {
  readonly workflows: readonly JsonObject[];
  /** Oldest first. */
  readonly runs: readonly JsonObject[];
}

type Start =
  | { readonly ok: true; readonly workflowId: string }
  | {
      readonly ok: false;
      readonly answer: WireResponse;
      readonly exception: string;
      readonly reason: string;
    };

/** Registered workflow definitions and started runs; no task of a workflow is ever carried out. */
export interface Workflows {
  /** `name.version` is taken: false. */
  define(definition: JsonObject, overwrite: boolean): boolean;
  undefine(name: string, version: number): boolean;
  /** Without a version the latest; `undefined` = none. */
  find(name: string, version: number | undefined): JsonObject | undefined;
  all(): readonly JsonObject[];
  names(): JsonObject;
  /** Starts what a StartWorkflowRequest asks for; `extraInput` overwrites its input. */
  start(request: JsonObject, extraInput?: JsonObject): Start;
  run(id: string): JsonObject | undefined;
  /** Oldest first. */
  runs(): readonly JsonObject[];
}

/** `GET /workflow/{id}` shows every run as completed at once. */
export function createWorkflows(
  { now, newId, acceptAny, note }: WorkflowOptions,
  initial: WorkflowContent,
): Workflows {
  const definitions = new Map<string, Map<number, JsonObject>>();
  const runs = new Map<string, JsonObject>();

  function put(definition: JsonObject): void {
    const name = String(definition.name);
    const versions = definitions.get(name) ?? new Map<number, JsonObject>();
    definitions.set(name, versions.set(versionOf(definition), definition));
    note({ kind: 'workflow', definition });
  }

  const workflows: Workflows = {
    define(written, overwrite) {
      const existed = workflows.find(String(written.name), versionOf(written)) !== undefined;
      if (existed && !overwrite) return false;
      const times = existed ? { createTime: 0, updateTime: now() } : { createTime: now(), updateTime: 0 };
      put({ ...completeDefinition(asJavaKeeps(written) as JsonObject), ...times });
      return true;
    },
    undefine(name, version) {
      const versions = definitions.get(name);
      const existed = versions?.delete(version) ?? false;
      if (existed) note({ kind: 'workflow deleted', name, version });
      if (versions?.size === 0) definitions.delete(name);
      return existed;
    },
    find(name, version) {
      const versions = definitions.get(name);
      return versions?.get(version ?? Math.max(...versions.keys()));
    },
    all: () => [...definitions.values()].flatMap((versions) => [...versions.values()]),
    names: () =>
      objectOf(
        [...definitions].map(([name, versions]): [string, Json] => [name, [...versions.values()].map(brief)]),
      ),
    start(request, extraInput = {}) {
      const name = typeof request.name === 'string' ? request.name : '';
      const priority = Number(request.priority ?? 0);
      const bound = priority > 99 ? 'maximum 99' : priority < 0 ? 'minimum 0' : undefined;
      if (name === '') return violated('name', 'Workflow name cannot be null or empty');
      if (bound) return violated('priority', `priority: ${priority} should be ${bound}`, String(priority));
      const version = typeof request.version === 'number' ? request.version : undefined;
      const inline = isObject(request.workflowDef) ? request.workflowDef : undefined;
      const found =
        inline ?? workflows.find(name, version) ?? (acceptAny ? { name, version: version ?? 1 } : undefined);
      if (found === undefined) {
        const reason = `No such workflow defined. name=${name}, version=${version ?? 'null'}`;
        return {
          ok: false,
          answer: problem(404, reason),
          exception: 'com.netflix.conductor.core.exception.NotFoundException',
          reason,
        };
      }
      const workflowId = newId();
      const run = runOf(workflowId, name, found.version ?? 1, request, extraInput, now());
      runs.set(workflowId, run);
      note({ kind: 'run', run });
      const [oldest] = runs.keys();
      if (runs.size > keptRuns && oldest !== undefined) runs.delete(oldest);
      return { ok: true, workflowId };
    },
    run: (id) => runs.get(id),
    runs: () => [...runs.values()],
  };
  initial.workflows.forEach(put);
  for (const run of initial.runs) runs.set(String(run.workflowId), run);
  return workflows;
}

function versionOf({ version }: JsonObject): number {
  return typeof version === 'number' ? version : 1;
}

/** One element of `names-and-versions`. */
function brief({
  name = null,
  version = null,
  createTime = null,
  updateTime = null,
}: JsonObject): JsonObject {
  return { name, version, createTime, updateTime };
}

function violated(field: string, message: string, invalidValue?: string): Start {
  const path = `startWorkflow.arg0.${field}`;
  return {
    ok: false,
    answer: invalid([{ path, message, ...present({ invalidValue }) }]),
    exception: 'jakarta.validation.ConstraintViolationException',
    reason: `${path}: ${message}`,
  };
}

function runOf(
  workflowId: string,
  workflowName: string,
  workflowVersion: Json,
  request: JsonObject,
  extraInput: JsonObject,
  at: number,
): JsonObject {
  return {
    ownerApp: '',
    createTime: at,
    updateTime: at,
    status: 'COMPLETED',
    startTime: at,
    endTime: at,
    workflowId,
    ...present({ correlationId: request.correlationId }),
    tasks: [],
    input: { ...(isObject(request.input) ? (asJavaKeeps(request.input) as JsonObject) : {}), ...extraInput },
    output: {},
    taskToDomain: request.taskToDomain ?? {},
    priority: request.priority ?? 0,
    variables: {},
    workflowName,
    workflowVersion,
  };
}
