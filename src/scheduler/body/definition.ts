import { isObject, type Json } from '../../model/json.ts';
import {
  bean,
  type Coerced,
  int,
  type JavaType,
  listOf,
  long,
  map,
  mapOf,
  oneOf,
  type Property,
  refused,
  taken,
  text,
  truth,
  untyped,
} from './beans.ts';

// The classes of com.netflix.conductor.common.metadata, OSS v3.32.1. A getter that hides null is `nulled`.

export const strategies: JavaType = oneOf(['FAIL', 'RETURN_EXISTING', 'FAIL_ON_RUNNING']);

const audited: readonly Property[] = [
  { name: 'ownerApp', as: text },
  { name: 'createTime', as: long, initial: 0, nulled: 0 },
  { name: 'updateTime', as: long, initial: 0, nulled: 0 },
  { name: 'createdBy', as: text },
  { name: 'updatedBy', as: text },
];

const schema: JavaType = bean([
  ...audited,
  { name: 'name', as: text },
  { name: 'version', as: int, initial: 1, nulled: 0 },
  { name: 'type', as: oneOf(['JSON', 'AVRO', 'PROTOBUF']) },
  { name: 'data', as: map },
  { name: 'externalRef', as: text },
]);

const cache: JavaType = bean([
  { name: 'key', as: text },
  { name: 'ttlInSecond', as: int, initial: 0, nulled: 0 },
]);

const rateLimit: JavaType = bean([
  { name: 'rateLimitKey', as: text },
  { name: 'concurrentExecLimit', as: int, initial: 0, nulled: 0 },
  { name: 'policy', as: oneOf(['QUEUE', 'REJECT']), initial: 'QUEUE' },
]);

const taskDefinitionBean: JavaType = bean([
  ...audited,
  { name: 'name', as: text },
  { name: 'description', as: text },
  { name: 'retryCount', as: int, initial: 3, nulled: 0 },
  { name: 'timeoutSeconds', as: long, initial: 0, nulled: 0 },
  { name: 'inputKeys', as: listOf(text), initial: [] },
  { name: 'outputKeys', as: listOf(text), initial: [] },
  { name: 'runtimeMetadata', as: listOf(text), initial: [] },
  { name: 'timeoutPolicy', as: oneOf(['RETRY', 'TIME_OUT_WF', 'ALERT_ONLY']), initial: 'TIME_OUT_WF' },
  {
    name: 'retryLogic',
    as: oneOf(['FIXED', 'EXPONENTIAL_BACKOFF', 'LINEAR_BACKOFF']),
    initial: 'FIXED',
  },
  { name: 'retryDelaySeconds', as: int, initial: 60, nulled: 0 },
  { name: 'responseTimeoutSeconds', as: long, initial: 3600, nulled: 0 },
  { name: 'concurrentExecLimit', as: int },
  { name: 'inputTemplate', as: map, initial: {} },
  { name: 'rateLimitPerFrequency', as: int, initial: 0, nulled: 0 },
  { name: 'rateLimitFrequencyInSeconds', as: int, initial: 1, nulled: 1 },
  { name: 'isolationGroupId', as: text },
  { name: 'executionNameSpace', as: text },
  { name: 'ownerEmail', as: text },
  { name: 'pollTimeoutSeconds', as: int },
  { name: 'backoffScaleFactor', as: int, initial: 1 },
  { name: 'maxRetryDelaySeconds', as: int, initial: 0, nulled: 0 },
  { name: 'backoffJitterMs', as: int, initial: 0, nulled: 0 },
  { name: 'baseType', as: text },
  { name: 'totalTimeoutSeconds', as: long, initial: 0, nulled: 0 },
  { name: 'taskStatusListenerEnabled', as: truth, initial: true, nulled: false },
  { name: 'inputSchema', as: schema },
  { name: 'outputSchema', as: schema },
  { name: 'enforceSchema', as: truth, initial: false, nulled: false },
]);

/** A text is the name of one: the class has a constructor that takes it. */
const taskDefinition: JavaType = (value) =>
  taskDefinitionBean(typeof value === 'string' ? { name: value } : value);

const stateChange: JavaType = bean([
  { name: 'type', as: text },
  { name: 'payload', as: map },
]);

const subWorkflowBean: JavaType = bean([
  { name: 'name', as: text },
  { name: 'version', as: int },
  { name: 'taskToDomain', as: mapOf(text) },
  { name: 'workflowDefinition', as: inlineOrExpression },
  { name: 'idempotencyKey', as: text },
  { name: 'idempotencyStrategy', as: strategies },
  { name: 'priority', as: untyped },
]);

/** Name and version of an inline definition count, not those beside it. */
function subWorkflow(value: Json): Coerced {
  const read = subWorkflowBean(value);
  if (!read.ok || !isObject(read.value)) return read;
  const inline = read.value.workflowDefinition;
  if (!isObject(inline)) return read;
  const { name: _name, version: _version, ...rest } = read.value;
  return taken({
    ...(inline.name === undefined ? {} : { name: inline.name }),
    ...(inline.version === undefined ? {} : { version: inline.version }),
    ...rest,
  });
}

function inlineOrExpression(value: Json): Coerced {
  if (isObject(value)) return workflowDefinition(value);
  if (typeof value !== 'string')
    return refused('workflowDefinition must be either null, or WorkflowDef, or a valid DSL string');
  return /^\$\{.*\}$/s.test(value)
    ? taken(value)
    : refused('workflowDefinition is a string, but not a valid DSL string');
}

const taskTypes: readonly string[] = [
  ...['SIMPLE', 'DYNAMIC', 'FORK_JOIN', 'FORK_JOIN_DYNAMIC', 'DECISION', 'SWITCH', 'JOIN', 'DO_WHILE'],
  ...['SUB_WORKFLOW', 'START_WORKFLOW', 'EVENT', 'WAIT', 'HUMAN', 'USER_DEFINED', 'HTTP', 'LAMBDA', 'INLINE'],
  ...['EXCLUSIVE_JOIN', 'TERMINATE', 'KAFKA_PUBLISH', 'JSON_JQ_TRANSFORM', 'SET_VARIABLE', 'NOOP'],
  ...['LLM_TEXT_COMPLETE', 'LLM_CHAT_COMPLETE', 'LLM_INDEX_TEXT', 'LLM_SEARCH_INDEX'],
  ...['LLM_GENERATE_EMBEDDINGS', 'LLM_STORE_EMBEDDINGS', 'LLM_GET_EMBEDDINGS', 'LIST_MCP_TOOLS'],
  ...['CALL_MCP_TOOL', 'PULL_WORKFLOW_MESSAGES', 'AGENT', 'GET_AGENT_CARD', 'CANCEL_AGENT'],
];

const tasks: JavaType = listOf((value) => task(value));

const taskBean: JavaType = bean([
  { name: 'name', as: text },
  { name: 'taskReferenceName', as: text },
  { name: 'description', as: text },
  { name: 'inputParameters', as: map, initial: {} },
  { name: 'type', as: text, initial: 'SIMPLE' },
  { name: 'dynamicTaskNameParam', as: text },
  { name: 'caseValueParam', as: text },
  { name: 'caseExpression', as: text },
  { name: 'scriptExpression', as: text },
  { name: 'decisionCases', as: mapOf(tasks), initial: {} },
  { name: 'dynamicForkJoinTasksParam', as: text },
  { name: 'dynamicForkTasksParam', as: text },
  { name: 'dynamicForkTasksInputParamName', as: text },
  { name: 'defaultCase', as: tasks, initial: [] },
  { name: 'forkTasks', as: listOf(tasks), initial: [] },
  { name: 'startDelay', as: int, initial: 0, nulled: 0 },
  { name: 'subWorkflowParam', as: subWorkflow },
  { name: 'joinOn', as: listOf(text), initial: [] },
  { name: 'sink', as: text },
  { name: 'optional', as: truth, initial: false, nulled: false },
  { name: 'taskDefinition', as: taskDefinition },
  { name: 'rateLimited', as: truth },
  { name: 'defaultExclusiveJoinTask', as: listOf(text), initial: [] },
  { name: 'asyncComplete', as: truth, initial: false },
  { name: 'loopCondition', as: text },
  { name: 'loopOver', as: tasks, initial: [] },
  { name: 'items', as: text },
  { name: 'retryCount', as: int },
  { name: 'evaluatorType', as: text },
  { name: 'expression', as: text },
  { name: 'onStateChange', as: mapOf(listOf(stateChange)), initial: {} },
  { name: 'joinStatus', as: text },
  { name: 'cacheConfig', as: cache },
  { name: 'permissive', as: truth, initial: false, nulled: false },
  { name: 'joinMode', as: oneOf(['SYNC', 'ASYNC']) },
  { name: 'metadata', as: map, initial: {} },
]);

const taskType: JavaType = oneOf(taskTypes);

/** `workflowTaskType` is another way to write `type`; the one that comes last in the text counts. */
function task(value: Json): Coerced {
  if (!isObject(value) || value.workflowTaskType === undefined) return taskBean(value);
  const { workflowTaskType } = value;
  if (workflowTaskType === null) return refused('TaskType.name(): "type" is null');
  const named = taskType(workflowTaskType);
  if (!named.ok) return named;
  const keys = Object.keys(value);
  const isLast = keys.indexOf('workflowTaskType') > keys.indexOf('type');
  return taskBean(isLast ? { ...value, type: named.value } : value);
}

const definitionBean: JavaType = bean([
  ...audited,
  { name: 'name', as: text },
  { name: 'description', as: text },
  { name: 'version', as: int, initial: 1, nulled: 0 },
  { name: 'tasks', as: tasks, initial: [] },
  { name: 'inputParameters', as: listOf(text), initial: [] },
  { name: 'outputParameters', as: map, initial: {} },
  { name: 'failureWorkflow', as: text },
  { name: 'schemaVersion', as: int, initial: 2, nulled: 0 },
  { name: 'restartable', as: truth, initial: true, nulled: false },
  { name: 'workflowStatusListenerEnabled', as: truth, initial: false, nulled: false },
  { name: 'ownerEmail', as: text },
  { name: 'timeoutPolicy', as: oneOf(['TIME_OUT_WF', 'ALERT_ONLY']), initial: 'ALERT_ONLY' },
  { name: 'timeoutSeconds', as: long, initial: 0, nulled: 0 },
  { name: 'variables', as: map, initial: {} },
  { name: 'inputTemplate', as: map, initial: {} },
  { name: 'failureWorkflowVersion', as: int },
  { name: 'workflowStatusListenerSink', as: text },
  { name: 'rateLimitConfig', as: rateLimit },
  { name: 'inputSchema', as: schema },
  { name: 'outputSchema', as: schema },
  { name: 'enforceSchema', as: truth, initial: true, nulled: false },
  { name: 'metadata', as: map, initial: {} },
  { name: 'cacheConfig', as: cache },
  { name: 'maskedFields', as: listOf(text), initial: [] },
]);

/** A WorkflowDef, with its defaults. */
export function workflowDefinition(value: Json): Coerced {
  return definitionBean(value);
}
