import { injectedInputs } from '../../model/normal.ts';
import type { WorkflowInputs, WorkflowVersions } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import type { DesiredSchedule } from '../../model/schedule.ts';
import { type Diagnostic, type Place, problem } from '../../problems/diagnostic.ts';

/** One workflow that schedules start: without a version its latest. */
export interface WantedWorkflow {
  readonly name: string;
  readonly version?: number;
}

/** What was found out of a server's workflows. */
export interface KnownWorkflows {
  /** Absent = the server has no such list. */
  readonly versions?: WorkflowVersions;
  /** By `wantedKey`; null = there is none. What is missing here is not known. */
  readonly inputs: ReadonlyMap<string, WorkflowInputs | null>;
}

/** The schedules whose workflow is one of the server's: an inline definition needs none there. */
export function startsRegistered({ schedule }: DesiredSchedule): boolean {
  return schedule.startWorkflowRequest.workflowDef === undefined;
}

/**
 * The workflows whose definition must be read, each once: those that are there. Without a list every one, since the
 * definition is then all that tells whether it is there.
 */
export function definitionsWanted(
  desired: readonly DesiredSchedule[],
  versions: WorkflowVersions | undefined,
): readonly WantedWorkflow[] {
  const wanted = new Map<string, WantedWorkflow>();
  for (const one of desired) {
    const workflow = workflowOf(one);
    if (versions === undefined || isThere(workflow, versions)) wanted.set(wantedKey(workflow), workflow);
  }
  return [...wanted.values()];
}

export function wantedKey({ name, version }: WantedWorkflow): string {
  return JSON.stringify([name, version ?? null]);
}

/** What a run of these schedules would fail at or leave out, as far as it is known. `nearest` finds a name for a wrong one. */
export function judgeWorkflows(
  desired: readonly DesiredSchedule[],
  known: KnownWorkflows,
  nearest: (text: string, among: readonly string[]) => string | undefined,
): readonly Diagnostic[] {
  return desired.flatMap((one) => {
    const wanted = workflowOf(one);
    return missing(one, wanted, known, nearest) ?? inputProblems(one, wanted, known, nearest);
  });
}

function missing(
  one: DesiredSchedule,
  { name: workflow, version }: WantedWorkflow,
  { versions: all, inputs }: KnownWorkflows,
  nearest: (text: string, among: readonly string[]) => string | undefined,
): readonly Diagnostic[] | undefined {
  const versions = all?.get(workflow);
  const near = all === undefined ? undefined : nearest(workflow, [...all.keys()]);
  const noWorkflow = (): readonly Diagnostic[] => [
    problem('no-workflow', { workflow, ...present({ nearest: near }) }, at(one, 'name')),
  ];
  if (all === undefined) {
    if (inputs.get(wantedKey({ name: workflow, ...present({ version }) })) !== null) return undefined;
    return version === undefined
      ? noWorkflow()
      : [problem('no-workflow-version', { workflow, version, versions: [] }, at(one, 'version'))];
  }
  if (versions === undefined) return noWorkflow();
  if (version === undefined || versions.includes(version)) return undefined;
  return [problem('no-workflow-version', { workflow, version, versions }, at(one, 'version'))];
}

function inputProblems(
  one: DesiredSchedule,
  wanted: WantedWorkflow,
  { inputs }: KnownWorkflows,
  nearest: (text: string, among: readonly string[]) => string | undefined,
): readonly Diagnostic[] {
  const definition = inputs.get(wantedKey(wanted));
  const { input, externalInputPayloadStoragePath } = one.schedule.startWorkflowRequest;
  // An input that is kept elsewhere is not to be seen.
  if (!definition || externalInputPayloadStoragePath !== undefined) return [];
  const { declared, required } = definition;
  const { name: workflow } = wanted;
  const unknown = declared === undefined ? [] : Object.keys(input).filter((key) => !declared.includes(key));
  const left = required.filter((key) => !Object.hasOwn(input, key) && !injectedInputs.includes(key));
  return [
    ...unknown
      .filter((key) => !injectedInputs.includes(key))
      .map((key) => {
        const near = nearest(key, declared ?? []);
        const args = { key, workflow, ...present({ nearest: near }) };
        return problem('unknown-input', args, { ...at(one, 'input', key), at: 'key' });
      }),
    ...(left.length === 0 ? [] : [problem('missing-input', { keys: left, workflow }, at(one, 'input'))]),
  ];
}

function workflowOf({ schedule }: DesiredSchedule): WantedWorkflow {
  const { name, version } = schedule.startWorkflowRequest;
  return { name, ...present({ version }) };
}

function isThere({ name, version }: WantedWorkflow, versions: WorkflowVersions): boolean {
  const found = versions.get(name);
  return found !== undefined && (version === undefined || found.includes(version));
}

function at({ origin }: DesiredSchedule, ...path: readonly string[]): Extract<Place, { kind: 'field' }> {
  return { kind: 'field', origin, path: ['startWorkflowRequest', ...path], at: 'value' };
}
