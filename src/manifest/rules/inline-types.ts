import { isNumber, isObject, type Json } from '../../model/json.ts';
import { doubleOf, isWhole } from '../../model/number.ts';
import type { FieldPath } from '../../model/schedule.ts';
import type { Diagnostic } from '../../problems/diagnostic.ts';
import type { Manifest } from '../manifest.ts';
import { type Expected, mistyped } from '../read/schema-problems.ts';

type Scalar = 'int' | 'long' | 'text' | 'truth';
/** What a server reads a value as: one of its scalars, an object of a class, or a list or map of such things. */
type Type = Scalar | { readonly fields: () => Fields } | { readonly items: Type };
type Fields = { readonly [name: string]: Type };

function all(type: Type, ...names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, type]));
}

// The classes of com.netflix.conductor.common.metadata, OSS v3.32.1. What is not here is free or has words of its own.

const texts: Type = { items: 'text' };

const audited: Fields = {
  ...all('text', 'ownerApp', 'createdBy', 'updatedBy'),
  ...all('long', 'createTime', 'updateTime'),
};

const schema: Type = {
  fields: () => ({ ...audited, ...all('text', 'name', 'externalRef'), version: 'int' }),
};

const cache: Type = { fields: () => ({ key: 'text', ttlInSecond: 'int' }) };

const task: Type = { fields: () => taskFields };
const tasks: Type = { items: task };

const taskDefinition: Type = {
  fields: () => ({
    ...audited,
    ...all('text', 'name', 'description', 'isolationGroupId', 'executionNameSpace', 'ownerEmail', 'baseType'),
    ...all('int', 'retryCount', 'retryDelaySeconds', 'concurrentExecLimit', 'rateLimitPerFrequency'),
    ...all('int', 'rateLimitFrequencyInSeconds', 'pollTimeoutSeconds', 'backoffScaleFactor'),
    ...all('int', 'maxRetryDelaySeconds', 'backoffJitterMs'),
    ...all('long', 'timeoutSeconds', 'responseTimeoutSeconds', 'totalTimeoutSeconds'),
    ...all('truth', 'taskStatusListenerEnabled', 'enforceSchema'),
    ...all(texts, 'inputKeys', 'outputKeys', 'runtimeMetadata'),
    ...all(schema, 'inputSchema', 'outputSchema'),
  }),
};

const subWorkflow: Type = {
  fields: () => ({
    ...all('text', 'name', 'idempotencyKey'),
    version: 'int',
    taskToDomain: texts,
    workflowDefinition: definition,
  }),
};

const taskFields: Fields = {
  ...all('text', 'name', 'taskReferenceName', 'description', 'type', 'dynamicTaskNameParam'),
  ...all('text', 'caseValueParam', 'caseExpression', 'scriptExpression', 'dynamicForkJoinTasksParam'),
  ...all('text', 'dynamicForkTasksParam', 'dynamicForkTasksInputParamName', 'sink', 'loopCondition', 'items'),
  ...all('text', 'evaluatorType', 'expression', 'joinStatus'),
  ...all('int', 'startDelay', 'retryCount'),
  ...all('truth', 'optional', 'rateLimited', 'asyncComplete', 'permissive'),
  ...all(texts, 'joinOn', 'defaultExclusiveJoinTask'),
  ...all(tasks, 'defaultCase', 'loopOver'),
  ...all({ items: tasks }, 'decisionCases', 'forkTasks'),
  subWorkflowParam: subWorkflow,
  taskDefinition,
  onStateChange: { items: { items: { fields: () => ({ type: 'text' }) } } },
  cacheConfig: cache,
};

const definition: Type = {
  fields: () => ({
    ...audited,
    ...all('text', 'name', 'description', 'failureWorkflow', 'ownerEmail', 'workflowStatusListenerSink'),
    ...all('int', 'version', 'schemaVersion', 'failureWorkflowVersion'),
    timeoutSeconds: 'long',
    ...all('truth', 'restartable', 'workflowStatusListenerEnabled', 'enforceSchema'),
    ...all(texts, 'inputParameters', 'maskedFields'),
    tasks,
    rateLimitConfig: { fields: () => ({ rateLimitKey: 'text', concurrentExecLimit: 'int' }) },
    ...all(schema, 'inputSchema', 'outputSchema'),
    cacheConfig: cache,
  }),
};

/**
 * Values in an inline workflow that a server would read as something else, such as 60.5 seconds as 60, or refuse: of
 * what is sent there, each field that it has a type for comes back as written.
 */
export function inlineTypes({ fields, origin }: Manifest): readonly Diagnostic[] {
  const { startWorkflowRequest: request } = fields;
  if (!isObject(request) || !isObject(request.workflowDef)) return [];
  return mistypedBelow(request.workflowDef, definition, ['startWorkflowRequest', 'workflowDef']).map(
    ({ value, expected, path }) => mistyped(value, expected, path, origin),
  );
}

type Mistyped = { readonly value: Json; readonly expected: Expected; readonly path: FieldPath };

function mistypedBelow(value: Json, type: Type, path: FieldPath): readonly Mistyped[] {
  if (typeof type === 'string') {
    const expected = misfits[type](value);
    return expected === undefined ? [] : [{ value, expected, path }];
  }
  if (!isObject(value) && !Array.isArray(value)) return [];
  const items = 'items' in type ? type.items : undefined;
  const fields = 'fields' in type ? type.fields() : {};
  return Object.entries(value as { readonly [key: string]: Json }).flatMap(([key, item]) => {
    const own = items ?? (Object.hasOwn(fields, key) ? fields[key] : undefined);
    return own === undefined ? [] : mistypedBelow(item, own, [...path, key]);
  });
}

/** What a field of a scalar type takes, when a server would not keep a value as it is written. */
const misfits: { readonly [S in Scalar]: (value: Json) => Expected | undefined } = {
  int: (value) => outside(value, 32),
  long: (value) => outside(value, 64),
  text: (value) => (typeof value === 'string' ? undefined : { type: 'string' }),
  truth: (value) => (typeof value === 'boolean' ? undefined : { type: 'boolean' }),
};

/** Takes a whole number that is written as 60.0, too: there a server's 60 is equal to it. */
function outside(value: Json, bits: 32 | 64): Expected | undefined {
  if (!isNumber(value) || !Number.isInteger(doubleOf(value))) return { type: 'integer' };
  const limit = 2n ** BigInt(bits - 1);
  const fits = isWhole(value)
    ? BigInt.asIntN(bits, BigInt(String(value))) === BigInt(String(value))
    : doubleOf(value) >= -limit && doubleOf(value) < limit;
  return fits ? undefined : { type: 'integer', minimum: -limit, maximum: limit - 1n };
}
