import { inOrderOfPlaces } from '../manifest/read/locate.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import type { NotChecked } from '../model/generated/report-parts.ts';
import type { LocatedDiagnostic } from '../problems/diagnostic.ts';
import { validationDocument } from '../report/documents/validation.ts';
import { type Loaded, load } from '../run/load-manifests.ts';
import { open, settle } from '../run/prologue.ts';
import type { Run } from '../run/run.ts';
import { uncheckedPolicies, uncheckedWorkflows } from '../run/team/not-checked.ts';
import { judgedByPolicies } from '../run/team-policies.ts';
import type { Configured } from '../settings/configure.ts';

/** Checks the manifests; offline unless it is asked to look the workflows up. */
export async function run(run: Run): Promise<ExitCode> {
  const { options } = run;
  // What is wrong with the configuration is what was asked for, too.
  const settled = settle(run, run.request, (problems) =>
    reportFound(run, noManifests, problems, ['manifests']),
  );
  if (settled.kind === 'ended') return settled.code;
  const loaded = await load(run, settled.value, {
    allowEmpty: options.allowEmpty === true,
    missingSecrets: 'opaque',
    clockChanges: true,
  });
  const problems = [...loaded.problems, ...(await judgedByPolicies(run, loaded))];
  if (options.online === true && !loaded.broken)
    return withServer(run, { ...loaded, problems }, settled.value);
  const found = [...problems, ...(await workflowProblems(run, loaded, settled.value))];
  return reportFound(
    run,
    loaded,
    found,
    loaded.broken ? unchecked(loaded, settled.value, options.online) : [],
  );
}

/** By the definitions of the repository, if it has some. */
async function workflowProblems(
  run: Run,
  { desired, settle: place }: Loaded,
  { config }: Configured,
): Promise<readonly LocatedDiagnostic[]> {
  if (config.workflows === undefined) return [];
  const { repositoryWorkflowProblems } = await import('../run/look-up-workflows.ts');
  return repositoryWorkflowProblems(run.files, config, { desired, settle: place });
}

/** What the errors of manifests keep from being checked. */
function unchecked(
  loaded: Loaded,
  { config }: Configured,
  online: boolean | undefined,
): readonly NotChecked[] {
  const workflows = online === true ? (['workflows'] as const) : uncheckedWorkflows(loaded, config);
  return [...uncheckedPolicies(loaded, config), ...workflows];
}

const noManifests = { desired: [], files: 0, withErrors: 0 };

async function withServer(run: Run, loaded: Loaded, configured: Configured): Promise<ExitCode> {
  const opened = open(run, configured);
  if (opened.kind === 'ended') return opened.code;
  const { lookUp, readerWithTeam } = await import('../run/look-up-workflows.ts');
  const looking = { rules: configured.config.rules, settle: loaded.settle, required: true };
  const team = readerWithTeam(run.files, configured.config, opened.value.connection.workflows);
  const found = await lookUp(team.reader, loaded.desired, looking);
  const problems = [...found.problems, ...team.problems, ...loaded.problems];
  return found.failure === undefined ? reportFound(run, loaded, problems) : run.fail(problems, found.failure);
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
