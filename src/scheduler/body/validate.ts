import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Violation } from '../wire.ts';

/**
 * What bean validation says of a workflow definition (OSS v3.32.1): the rules that hold for tasks of every type.
 * `undefined` = validation itself fails. `path` is that of the definition.
 */
export function violationsOf(definition: JsonObject, path: string): readonly Violation[] | undefined {
  const { name, schemaVersion } = definition;
  const tasks = listAt(definition, 'tasks');
  const all = tasks.flatMap(withInner);
  if (definition.tasks === undefined || all.some((task) => !isObject(task))) return undefined;
  return [
    ...(isFilled(name) ? [] : [empty(`${path}.name`, 'WorkflowDef name cannot be null or empty', name)]),
    ...(tasks.length > 0 ? [] : [{ path: `${path}.tasks`, message: 'WorkflowTask list cannot be empty' }]),
    ...(schemaVersion === 2
      ? []
      : [
          {
            path: `${path}.schemaVersion`,
            message: 'workflowDef schemaVersion: 2 is only supported',
            invalidValue: String(schemaVersion),
          },
        ]),
    ...repeatedReferences(all).map((reference) => ({
      path,
      message: `taskReferenceName: ${reference} should be unique across tasks for a given workflowDefinition: ${String(name ?? null)}`,
    })),
    ...tasks.flatMap((task, index) => taskViolations(task, `${path}.tasks[${index}]`)),
  ];
}

function listAt(object: JsonObject, key: string): readonly Json[] {
  const value = object[key];
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function isFilled(value: Json | undefined): boolean {
  return typeof value === 'string' && value !== '';
}

function empty(path: string, message: string, value: Json | undefined): Violation {
  return { path, message, ...(value === '' ? { invalidValue: '' } : {}) };
}

/** The tasks below one, by where they are. */
function innerTasks(task: JsonObject): readonly (readonly [path: string, task: Json])[] {
  const listed = (path: string, items: readonly Json[]): [string, Json][] =>
    items.map((item, index) => [`${path}[${index}]`, item]);
  const cases = isObject(task.decisionCases) ? task.decisionCases : {};
  return [
    ...Object.keys(cases).flatMap((key) => listed(`.decisionCases[${key}].<map value>`, listAt(cases, key))),
    ...listed('.defaultCase', listAt(task, 'defaultCase')),
    ...listAt(task, 'forkTasks').flatMap((branch, index) =>
      listed(`.forkTasks[${index}].<list element>`, Array.isArray(branch) ? (branch as readonly Json[]) : []),
    ),
    ...listed('.loopOver', listAt(task, 'loopOver')),
  ];
}

/** A task and those that it runs, as WorkflowTask.children knows them by its type. */
function withInner(task: Json): readonly Json[] {
  if (!isObject(task)) return [task];
  const inside = innerKeys[String(task.type)] ?? [];
  const inner = innerTasks(task).filter(([path]) => inside.some((key) => path.startsWith(`.${key}`)));
  return [task, ...inner.flatMap(([, item]) => withInner(item))];
}

const innerKeys: { readonly [type: string]: readonly string[] } = {
  DECISION: ['decisionCases', 'defaultCase'],
  SWITCH: ['decisionCases', 'defaultCase'],
  DO_WHILE: ['loopOver'],
  FORK_JOIN: ['forkTasks'],
};

function repeatedReferences(tasks: readonly Json[]): readonly string[] {
  const references = tasks.map((task) => (isObject(task) ? String(task.taskReferenceName ?? null) : ''));
  return [...new Set(references.filter((reference, index) => references.indexOf(reference) !== index))];
}

function taskViolations(task: Json, path: string): readonly Violation[] {
  if (!isObject(task)) return [];
  const { name, taskReferenceName, startDelay } = task;
  return [
    ...(isFilled(name) ? [] : [empty(`${path}.name`, 'WorkflowTask name cannot be empty or null', name)]),
    ...(isFilled(taskReferenceName)
      ? []
      : [
          empty(
            `${path}.taskReferenceName`,
            'WorkflowTask taskReferenceName name cannot be empty or null',
            taskReferenceName,
          ),
        ]),
    ...(typeof startDelay === 'number' && startDelay < 0
      ? [
          {
            path: `${path}.startDelay`,
            message: 'must be greater than or equal to 0',
            invalidValue: String(startDelay),
          },
        ]
      : []),
    ...innerTasks(task).flatMap(([inner, item]) => taskViolations(item, `${path}${inner}`)),
  ];
}
