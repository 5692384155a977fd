import { nearestKey } from '../manifest/nearest.ts';
import type { Config } from '../model/config.ts';
import type { Failure, WorkflowInputs, WorkflowReader } from '../model/port.ts';
import { present } from '../model/present.ts';
import type { DesiredSchedule } from '../model/schedule.ts';
import type { RuleSettings } from '../model/severity.ts';
import {
  definitionsWanted,
  judgeWorkflows,
  type KnownWorkflows,
  startsRegistered,
  type WantedWorkflow,
  wantedKey,
} from '../plan/checks/known-workflows.ts';
import { type RuleCode, severityOf } from '../problems/codes.ts';
import { type Diagnostic, type LocatedDiagnostic, problem } from '../problems/diagnostic.ts';
import { explainFailure } from '../report/documents/failure-words.ts';
import type { Loaded } from './load-manifests.ts';
import { type Judgeable, knownWhole, type Unfinished, uncheckedWorkflows } from './team/not-checked.ts';
import { offlineReader, teamWorkflowsOf, withTeamWorkflows } from './team/team-workflows.ts';

/** What was found of the workflows that schedules start. */
export interface LookedUp {
  readonly problems: readonly LocatedDiagnostic[];
  /** An error is among them. */
  readonly broken: boolean;
  /** What kept the rest from being known, where it had to be. */
  readonly failure?: Failure;
}

export interface LookUp {
  readonly rules: RuleSettings;
  readonly settle: Loaded['settle'];
  /** It was asked for in so many words, so an answer that does not come is a failure and not a note. */
  readonly required: boolean;
}

/** What the definitions of the repository, where it has some, say of schedules, without a request, and what they do not. */
export async function repositoryWorkflowProblems(
  files: Parameters<typeof teamWorkflowsOf>[0],
  config: Pick<Config, 'workflows' | 'rules'>,
  loaded: Judgeable & Pick<Loaded, 'settle'>,
): Promise<Unfinished> {
  const team = teamWorkflowsOf(files, config);
  const notChecked = uncheckedWorkflows(loaded, team);
  if (team === undefined) return { problems: [], notChecked };
  const registered = knownWhole(loaded).filter(startsRegistered);
  const { known } = await find(offlineReader(team), registered, config.rules);
  const found = known === undefined ? [] : judgeWorkflows(registered, known, nearestKey);
  const told = found.flatMap((one): readonly Diagnostic[] => {
    if (!isAboutExistence(one)) return [one];
    return team.isIncomplete ? [] : [{ ...one, args: { ...one.args, offline: true } } as Diagnostic];
  });
  return { problems: [...team.problems, ...loaded.settle(told, gathered)], notChecked };
}

/** A server's workflows with those of the repository, and what of these could not be read. */
export function readerWithTeam(
  files: Parameters<typeof teamWorkflowsOf>[0],
  config: Pick<Config, 'workflows' | 'rules'>,
  reader: WorkflowReader,
): { readonly reader: WorkflowReader; readonly problems: readonly LocatedDiagnostic[] } {
  const team = teamWorkflowsOf(files, config);
  return team === undefined
    ? { reader, problems: [] }
    : { reader: withTeamWorkflows(reader, team), problems: team.problems };
}

const existence: readonly RuleCode[] = ['no-workflow', 'no-workflow-version'];
const inputs: readonly RuleCode[] = ['unknown-input', 'missing-input'];

/**
 * Asks whether the workflows and versions exist, and which inputs they take: one request for the names, and one for each
 * distinct workflow and version. Nothing is asked that no rule wants to know.
 */
export async function lookUp(
  workflows: WorkflowReader,
  desired: readonly DesiredSchedule[],
  { rules, settle, required }: LookUp,
): Promise<LookedUp> {
  const { known, failure } = await find(workflows, desired.filter(startsRegistered), rules);
  // A right that is missing is a thing to know and to live with.
  const forbidden = failure?.kind === 'forbidden' || failure?.kind === 'unauthorized';
  const isNote = failure !== undefined && (forbidden || !required);
  const problems = settle(
    [
      ...(isNote ? [unknown(failure, forbidden)] : []),
      ...(known === undefined ? [] : judgeWorkflows(desired.filter(startsRegistered), known, nearestKey)),
    ],
    gathered,
  );
  return {
    problems,
    broken: problems.some(({ diagnostic }) => diagnostic.severity === 'error'),
    ...(failure === undefined || isNote ? {} : { failure }),
  };
}

async function find(
  workflows: WorkflowReader,
  desired: readonly DesiredSchedule[],
  rules: RuleSettings,
): Promise<{ readonly known?: KnownWorkflows; readonly failure?: Failure }> {
  const isOn = (code: RuleCode): boolean => severityOf(code, rules) !== 'off';
  if (desired.length === 0 || ![...existence, ...inputs].some(isOn)) return {};
  const listed = await workflows.versions();
  if (!listed.ok && listed.failure.kind !== 'unsupported') return { failure: listed.failure };
  const versions = listed.ok ? listed.value : undefined;
  const found = new Map<string, WorkflowInputs | null>();
  let failure: Failure | undefined;
  const wanted = versions === undefined || inputs.some(isOn) ? definitionsWanted(desired, versions) : [];
  const ask = async (one: WantedWorkflow): Promise<void> => {
    const got = await workflows.inputs(one.name, one.version);
    if (got.ok) found.set(wantedKey(one), got.value);
    else failure ??= got.failure;
  };
  // A server without the list may have no definitions either: one question finds out.
  const probes = versions === undefined ? wanted.slice(0, 1) : [];
  await Promise.all(probes.map(ask));
  if (failure === undefined) await Promise.all(wanted.slice(probes.length).map(ask));
  return {
    known: { ...present({ versions }), inputs: found },
    ...present({ failure }),
  };
}

function unknown(failure: Failure, forbidden: boolean): Diagnostic {
  const args = { why: explainFailure(failure).message, forbidden };
  return problem('workflows-not-readable', args, { kind: 'nowhere' });
}

function isAboutExistence({ code }: Diagnostic): boolean {
  return existence.some((known) => known === code);
}

/** A workflow that is missing for many schedules is said once, at the first of them. */
function gathered(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  const first = new Map<string, { readonly problem: Diagnostic; others: number }>();
  const kept = problems.filter((one) => {
    const { code, args } = one;
    if (!isAboutExistence(one)) return true;
    const key = JSON.stringify([code, args]);
    const before = first.get(key);
    if (before === undefined) first.set(key, { problem: one, others: 0 });
    else before.others += 1;
    return before === undefined;
  });
  const others = new Map([...first.values()].map(({ problem: one, others }) => [one, others]));
  return kept.map((one) => {
    const count = others.get(one) ?? 0;
    return count === 0 ? one : ({ ...one, args: { ...one.args, others: count } } as Diagnostic);
  });
}
