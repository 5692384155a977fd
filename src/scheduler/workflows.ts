import { isObject, type Json, type JsonObject, objectOf } from '../model/json.ts';
import { present } from '../model/present.ts';
import { compareText } from '../model/schedule.ts';
import { workflowDefinition } from './body/definition.ts';
import { asJavaKeeps } from './body/java-numbers.ts';
import { replaceHalves } from './body/record.ts';
import { violationsOf } from './body/validate.ts';
import type { Change } from './data.ts';
import { advanced, ended, polled, reported, tasksOf } from './runs/tasks.ts';
import { invalid, problem, type Violation, type WireResponse } from './wire.ts';

// Past it the oldest are forgotten.
const keptRuns = 10_000;

export type WorkflowOptions = {
  readonly now: () => number;
  readonly newId: () => string;
  /** Start workflows that are not registered, too. A real server never does. */
  readonly acceptAny: boolean;
  /** Every run is completed so long after its start, whatever its tasks. */
  readonly completeAfterMs?: number | undefined;
  /** Told of everything that outlives the process. */
  readonly note: (change: Change) => void;
};

/** What there is at the start. */
export type WorkflowContent = {
  readonly workflows: readonly JsonObject[];
  /** Oldest first. */
  readonly runs: readonly JsonObject[];
};

type Start =
  | { readonly ok: true; readonly workflowId: string }
  | {
      readonly ok: false;
      readonly answer: WireResponse;
      readonly exception: string;
      readonly reason: string;
    };

/** Registered workflow definitions and started runs. No task is carried out here: those of workers wait for one. */
export type Workflows = {
  /** Takes a complete definition; the time of its creation is that of the first one that is not an update. */
  define(definition: JsonObject, isUpdate: boolean): void;
  /** Whether name and version are taken. */
  has(definition: JsonObject): boolean;
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
  /** Gives a worker up to so many tasks that wait, oldest first. */
  poll(taskType: string, count: number, workerId: string | undefined): readonly JsonObject[];
  task(id: string): JsonObject | undefined;
  /** Takes a TaskResult of a worker. */
  report(result: JsonObject): 'done' | 'no workflow' | 'no task';
  /** False: the run does not exist. */
  terminate(id: string, reason: string | undefined): boolean;
};

export function createWorkflows(
  { now, newId, acceptAny, completeAfterMs, note }: WorkflowOptions,
  initial: WorkflowContent,
): Workflows {
  /** By name and version, in the order of their registration. */
  const definitions = new Map<string, JsonObject>();
  const runs = new Map<string, JsonObject>();

  function put(definition: JsonObject): void {
    definitions.set(keyOf(definition.name, versionOf(definition)), definition);
    note({ kind: 'workflow', definition });
  }

  function versionsOf(name: string): readonly JsonObject[] {
    return [...definitions.values()].filter((definition) => String(definition.name) === name);
  }

  function putRun(run: JsonObject): void {
    runs.set(String(run.workflowId), run);
    note({ kind: 'run', run });
  }

  /** A run that the clock completes is complete at the next read. */
  function upToDate(run: JsonObject): JsonObject {
    if (completeAfterMs === undefined || run.status !== 'RUNNING') return run;
    const end = Number(run.createTime) + completeAfterMs;
    if (now() < end) return run;
    const completed = ended(run, 'COMPLETED', undefined, end);
    putRun(completed);
    return completed;
  }

  const workflows: Workflows = {
    define(definition, isUpdate) {
      const existed = workflows.has(definition);
      const times = isUpdate || existed ? { updateTime: now() } : { createTime: now() };
      // The store keeps it as text without nulls, and every later read is another reading of it.
      const kept = workflowDefinition(replaceHalves({ ...definition, ...times }));
      if (!kept.ok) throw new Error(kept.why);
      put(kept.value as JsonObject);
    },
    has: (definition) => definitions.has(keyOf(definition.name, versionOf(definition))),
    undefine(name, version) {
      const existed = definitions.delete(keyOf(name, version));
      if (existed) note({ kind: 'workflow deleted', name, version });
      return existed;
    },
    find(name, version) {
      if (version !== undefined) return definitions.get(keyOf(name, version));
      return versionsOf(name).reduce<JsonObject | undefined>(
        (latest, other) => (latest === undefined || versionOf(other) > versionOf(latest) ? other : latest),
        undefined,
      );
    },
    all: () =>
      [...definitions.values()].sort(
        (a, b) => compareText(String(a.name), String(b.name)) || versionOf(a) - versionOf(b),
      ),
    names() {
      const all = workflows.all();
      const names = new Set(all.map(({ name }) => String(name)));
      const versions = (name: string) => all.filter((definition) => String(definition.name) === name);
      return objectOf([...names].map((name): [string, Json] => [name, versions(name).map(brief)]));
    },
    start(request, extraInput = {}) {
      const name = typeof request.name === 'string' ? request.name : '';
      const inline = isObject(request.workflowDef) ? request.workflowDef : undefined;
      const wrong = invalidStart(request, name, inline);
      if (wrong) return wrong;
      const version = typeof request.version === 'number' ? request.version : undefined;
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
      const { externalInputPayloadStoragePath: elsewhere, input = {} } = request;
      if (typeof elsewhere === 'string' && Object.keys(input ?? {}).length === 0) {
        const reason = `Unable to download payload from external storage path: ${elsewhere}`;
        return {
          ok: false,
          answer: problem(500, reason),
          exception: 'com.netflix.conductor.core.exception.NonTransientException',
          reason,
        };
      }
      const workflowId = newId();
      const run = runOf(workflowId, name, found, request, extraInput, now());
      putRun(advanced(run, now(), newId));
      const [oldest] = runs.keys();
      if (runs.size > keptRuns && oldest !== undefined) runs.delete(oldest);
      return { ok: true, workflowId };
    },
    run(id) {
      const run = runs.get(id);
      return run === undefined ? undefined : upToDate(run);
    },
    runs: () => [...runs.values()].map(upToDate),
    poll(taskType, count, workerId) {
      const taken: JsonObject[] = [];
      for (const run of workflows.runs()) {
        if (run.status !== 'RUNNING') continue;
        for (const { taskId = null, taskType: type, status } of tasksOf(run)) {
          if (taken.length === count) return taken;
          if (type !== taskType || status !== 'SCHEDULED') continue;
          const after = polled(run, taskId, workerId, now());
          putRun(after);
          taken.push(...tasksOf(after).filter((task) => task.taskId === taskId));
        }
      }
      return taken;
    },
    task: (id) =>
      workflows
        .runs()
        .flatMap(tasksOf)
        .find(({ taskId }) => taskId === id),
    report(result) {
      const run = workflows.run(String(result.workflowInstanceId));
      if (run === undefined) return 'no workflow';
      if (!tasksOf(run).some(({ taskId }) => taskId === result.taskId)) return 'no task';
      if (run.status === 'RUNNING') putRun(reported(run, result, now(), newId));
      return 'done';
    },
    terminate(id, reason) {
      const run = workflows.run(id);
      if (run?.status === 'RUNNING') putRun(ended(run, 'TERMINATED', reason, now()));
      return run !== undefined;
    },
  };
  initial.workflows.forEach(put);
  for (const run of initial.runs) runs.set(String(run.workflowId), run);
  return workflows;
}

function keyOf(name: Json | undefined, version: number): string {
  return JSON.stringify([String(name), version]);
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

/** What bean validation says of a request; the record of a failed fire has the first one. */
function invalidStart(request: JsonObject, name: string, inline: JsonObject | undefined): Start | undefined {
  const path = 'startWorkflow.arg0';
  const priority = Number(request.priority ?? 0);
  const bound = priority > 99 ? 'maximum 99' : priority < 0 ? 'minimum 0' : undefined;
  const nested = inline === undefined ? [] : violationsOf(inline, `${path}.workflowDef`);
  if (nested === undefined) {
    const reason = 'HV000028: Unexpected exception during isValid call.';
    return {
      ok: false,
      answer: problem(500, reason),
      exception: 'jakarta.validation.ValidationException',
      reason,
    };
  }
  const violations: readonly Violation[] = [
    ...(name === ''
      ? [
          {
            path: `${path}.name`,
            message: 'Workflow name cannot be null or empty',
            ...present({ invalidValue: request.name === undefined ? undefined : '' }),
          },
        ]
      : []),
    ...(bound === undefined
      ? []
      : [
          {
            path: `${path}.priority`,
            message: `priority: ${priority} should be ${bound}`,
            invalidValue: String(priority),
          },
        ]),
    ...nested,
  ];
  const [first] = violations;
  if (first === undefined) return undefined;
  return {
    ok: false,
    answer: invalid(violations),
    exception: 'jakarta.validation.ConstraintViolationException',
    reason: `${first.path}: ${first.message}`,
  };
}

function runOf(
  workflowId: string,
  workflowName: string,
  definition: JsonObject,
  request: JsonObject,
  extraInput: JsonObject,
  at: number,
): JsonObject {
  return {
    ownerApp: '',
    createTime: at,
    updateTime: at,
    status: 'RUNNING',
    startTime: at,
    endTime: 0,
    workflowId,
    ...present({ correlationId: request.correlationId }),
    tasks: [],
    input: { ...(isObject(request.input) ? (asJavaKeeps(request.input) as JsonObject) : {}), ...extraInput },
    output: {},
    taskToDomain: request.taskToDomain ?? {},
    failedReferenceTaskNames: [],
    workflowDefinition: definition,
    priority: request.priority ?? 0,
    variables: {},
    workflowName,
    workflowVersion: definition.version ?? 1,
  };
}
