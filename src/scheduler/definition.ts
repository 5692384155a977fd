import { isObject, type Json, type JsonObject } from '../model/json.ts';

// What WorkflowDef and WorkflowTask of OSS 3.32.1 answer for fields that nobody wrote.
const definitionDefaults: JsonObject = {
  createTime: 0,
  updateTime: 0,
  version: 1,
  tasks: [],
  inputParameters: [],
  outputParameters: {},
  schemaVersion: 2,
  restartable: true,
  workflowStatusListenerEnabled: false,
  timeoutPolicy: 'ALERT_ONLY',
  timeoutSeconds: 0,
  variables: {},
  inputTemplate: {},
  enforceSchema: true,
  metadata: {},
  maskedFields: [],
};

const taskDefaults: JsonObject = {
  inputParameters: {},
  type: 'SIMPLE',
  decisionCases: {},
  defaultCase: [],
  forkTasks: [],
  startDelay: 0,
  joinOn: [],
  optional: false,
  defaultExclusiveJoinTask: [],
  asyncComplete: false,
  loopOver: [],
  onStateChange: {},
  permissive: false,
  metadata: {},
};

/** A workflow definition as a server answers it: what was written, without nulls, on top of the defaults. */
export function completeDefinition(written: JsonObject): JsonObject {
  const definition = { ...definitionDefaults, ...withoutNulls(written) };
  const tasks = Array.isArray(definition.tasks) ? definition.tasks : [];
  return { ...definition, tasks: tasks.map(completeTask) };
}

function completeTask(task: Json): Json {
  return isObject(task) ? { ...taskDefaults, ...withoutNulls(task) } : task;
}

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}
