import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { present } from '../../model/present.ts';

// What Conductor carries out by itself; every other task waits for a worker, a person or the time.
const systemTypes = new Set([
  ...['SET_VARIABLE', 'INLINE', 'LAMBDA', 'NOOP', 'TERMINATE', 'JSON_JQ_TRANSFORM', 'HTTP', 'EVENT'],
  ...['SWITCH', 'DECISION', 'FORK_JOIN', 'FORK_JOIN_DYNAMIC', 'JOIN', 'EXCLUSIVE_JOIN', 'DO_WHILE'],
  ...['SUB_WORKFLOW', 'START_WORKFLOW', 'KAFKA_PUBLISH'],
]);

/** Starts the tasks of a run up to the first one that waits; without such a one the run is completed. */
export function advanced(run: JsonObject, now: number, newId: () => string): JsonObject {
  const tasks = [...tasksOf(run)];
  const planned = definedTasks(run);
  while (tasks.length < planned.length) {
    const definition = planned[tasks.length] as JsonObject;
    const isSystem = systemTypes.has(String(definition.type));
    tasks.push(taskOf(run, definition, tasks.length + 1, isSystem, now, newId()));
    if (!isSystem) return { ...run, tasks, updateTime: now };
  }
  return { ...run, tasks, status: 'COMPLETED', updateTime: now, endTime: now };
}

export function tasksOf(run: JsonObject): readonly JsonObject[] {
  return Array.isArray(run.tasks) ? (run.tasks as readonly Json[]).filter(isObject) : [];
}

function definedTasks({ workflowDefinition }: JsonObject): readonly JsonObject[] {
  const tasks = isObject(workflowDefinition) ? workflowDefinition.tasks : undefined;
  return Array.isArray(tasks) ? (tasks as readonly Json[]).filter(isObject) : [];
}

function taskOf(
  run: JsonObject,
  definition: JsonObject,
  seq: number,
  isSystem: boolean,
  now: number,
  taskId: string,
): JsonObject {
  const { name = null, type = 'SIMPLE' } = definition;
  return {
    // A task for workers goes by its name.
    taskType: type === 'SIMPLE' ? name : type,
    status: isSystem ? 'COMPLETED' : 'SCHEDULED',
    inputData: definition.inputParameters ?? {},
    referenceTaskName: definition.taskReferenceName ?? null,
    retryCount: 0,
    seq,
    ...present({ correlationId: run.correlationId }),
    pollCount: 0,
    taskDefName: name,
    scheduledTime: now,
    startTime: isSystem ? now : 0,
    endTime: isSystem ? now : 0,
    updateTime: now,
    startDelayInSeconds: 0,
    retried: false,
    executed: isSystem,
    callbackFromWorker: true,
    responseTimeoutSeconds: isSystem ? 0 : 3600,
    workflowInstanceId: run.workflowId ?? null,
    workflowType: run.workflowName ?? null,
    taskId,
    callbackAfterSeconds: 0,
    outputData: {},
    workflowTask: definition,
    rateLimitPerFrequency: 0,
    rateLimitFrequencyInSeconds: 1,
    workflowPriority: run.priority ?? 0,
    iteration: 0,
    subworkflowChanged: false,
    firstStartTime: 0,
  };
}

/** The run after a worker took one of its tasks. */
export function polled(run: JsonObject, taskId: Json, workerId: string | undefined, now: number): JsonObject {
  return changed(run, taskId, (task) => ({
    ...task,
    status: 'IN_PROGRESS',
    pollCount: Number(task.pollCount) + 1,
    startTime: now,
    updateTime: now,
    ...present({ workerId }),
  }));
}

const mostRetries = 3;

/** The run after a worker's word about one of its tasks: COMPLETED, FAILED, FAILED_WITH_TERMINAL_ERROR, IN_PROGRESS. */
export function reported(run: JsonObject, result: JsonObject, now: number, newId: () => string): JsonObject {
  const { taskId = null, status = 'IN_PROGRESS', reasonForIncompletion } = result;
  const task = tasksOf(run).find((known) => known.taskId === taskId);
  const isFailed = status === 'FAILED' || status === 'FAILED_WITH_TERMINAL_ERROR';
  // Real servers wait a minute before a task is tried again; here it can be polled at once.
  const isRetried = status === 'FAILED' && Number(task?.retryCount ?? 0) < mostRetries;
  const after = changed(run, taskId, (known) => ({
    ...known,
    status: isRetried || status === 'IN_PROGRESS' ? 'SCHEDULED' : status,
    outputData: result.outputData ?? {},
    updateTime: now,
    retryCount: Number(known.retryCount) + (isRetried ? 1 : 0),
    endTime: isRetried || status === 'IN_PROGRESS' ? 0 : now,
    executed: status === 'COMPLETED',
    ...present({ reasonForIncompletion }),
  }));
  if (isFailed && !isRetried) {
    const reason = `Task ${String(taskId)} failed with status: FAILED and reason: '${String(reasonForIncompletion ?? null)}'`;
    return ended(after, 'FAILED', reason, now);
  }
  return status === 'COMPLETED' ? advanced(after, now, newId) : { ...after, updateTime: now };
}

/** The run as it is when it is over. */
export function ended(run: JsonObject, status: string, reason: string | undefined, now: number): JsonObject {
  return {
    ...run,
    status,
    updateTime: now,
    endTime: now,
    ...present({ reasonForIncompletion: reason }),
  };
}

function changed(run: JsonObject, taskId: Json, change: (task: JsonObject) => JsonObject): JsonObject {
  return { ...run, tasks: tasksOf(run).map((task) => (task.taskId === taskId ? change(task) : task)) };
}
