import { inOrderOfPlaces } from '../manifest/read/locate.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import type { NotChecked } from '../model/generated/report-parts.ts';
import type { LocatedDiagnostic } from '../problems/diagnostic.ts';
import { validationDocument } from '../report/documents/validation.ts';
import { type Loaded, load } from '../run/load-manifests.ts';
import { open, settle } from '../run/prologue.ts';
import type { Run } from '../run/run.ts';
import type { Unfinished } from '../run/team/not-checked.ts';
import { judgedByPolicies } from '../run/team-policies.ts';
import type { Configured } from '../settings/configure.ts';

/** Checks the manifests; offline unless it is asked to look the workflows up. */
export async function run(run: Run): Promise<ExitCode> {
  const { options } = run;
  // What is wrong with the configuration is what was asked for, too.
  const online = options.online === true;
  const settled = settle(run, run.request, (problems, checks) =>
    reportFound(run, noManifests, problems, ['manifests', ...withWorkflows(online, checks)]),
  );
  if (settled.kind === 'ended') return settled.code;
  const loaded = await load(run, settled.value, {
    allowEmpty: options.allowEmpty === true,
    missingSecrets: 'opaque',
    clockChanges: true,
  });
  const judged = await judgedByPolicies(run, settled.value.config, loaded);
  const problems = [...loaded.problems, ...judged.problems];
  if (online && !loaded.broken)
    return withServer(run, { ...loaded, problems }, settled.value, judged.notChecked);
  const workflows = await workflowProblems(run, loaded, settled.value);
  const found = [...problems, ...workflows.problems];
  const notChecked = [...judged.notChecked, ...(online ? (['workflows'] as const) : workflows.notChecked)];
  return reportFound(run, loaded, found, notChecked);
}

/** `--online` asks for workflows, too. */
function withWorkflows(online: boolean, checks: readonly NotChecked[]): readonly NotChecked[] {
  return online && !checks.includes('workflows') ? [...checks, 'workflows'] : checks;
}

/** By the definitions of the repository, if it has some. */
async function workflowProblems(run: Run, loaded: Loaded, { config }: Configured): Promise<Unfinished> {
  if (config.workflows === undefined) return { problems: [], notChecked: [] };
  const { repositoryWorkflowProblems } = await import('../run/look-up-workflows.ts');
  return repositoryWorkflowProblems(run.files, config, loaded);
}

const noManifests = { desired: [], files: 0, withErrors: 0 };

async function withServer(
  run: Run,
  loaded: Loaded,
  configured: Configured,
  notChecked: readonly NotChecked[],
): Promise<ExitCode> {
  const opened = open(run, configured);
  if (opened.kind === 'ended') return opened.code;
  const { lookUp, readerWithTeam } = await import('../run/look-up-workflows.ts');
  const looking = { rules: configured.config.rules, settle: loaded.settle, required: true };
  const team = readerWithTeam(run.files, configured.config, opened.value.connection.workflows);
  const found = await lookUp(team.reader, loaded.desired, looking);
  const problems = [...found.problems, ...team.problems, ...loaded.problems];
  return found.failure === undefined
    ? reportFound(run, loaded, problems, notChecked)
    : run.fail(problems, found.failure, notChecked);
}

function reportFound(
  run: Run,
  { desired, files, withErrors }: Pick<Loaded, 'desired' | 'files' | 'withErrors'>,
  problems: readonly LocatedDiagnostic[],
  notChecked: readonly NotChecked[] = [],
): ExitCode {
  run.report(
    validationDocument(
      { files, manifests: desired.length, withErrors },
      inOrderOfPlaces(problems),
      notChecked,
    ),
  );
  const broken = problems.some(({ diagnostic }) => diagnostic.severity === 'error');
  return broken || (run.options.failOn === 'warning' && problems.length > 0)
    ? exitCodes.error
    : exitCodes.fine;
}
