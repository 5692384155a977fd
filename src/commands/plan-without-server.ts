import type { ExitCode } from '../model/exit.ts';
import { exitOfPlan } from '../plan/exit-of-plan.ts';
import { firesOfChanges } from '../plan/fires-of-changes.ts';
import { subjectsOf } from '../plan/subjects.ts';
import { basePlanDocument } from '../report/documents/base-plan.ts';
import { comparedWithBase } from '../run/base/compare-with-base.ts';
import { firesToTell } from '../run/rendering.ts';
import type { Run } from '../run/run.ts';
import { makesPage } from './page-facts.ts';

/** What of a plan against a server has no meaning without one. */
const ofServers = {
  out: '--out',
  server: '--server',
  allowUnknownSecrets: '--allow-unknown-secrets',
} as const;

/** Shows what the manifests here change over those of a commit. */
export async function runFromBase(run: Run, base: string): Promise<ExitCode> {
  const { options } = run;
  for (const [option, flag] of Object.entries(ofServers))
    if (options[option as keyof typeof ofServers] !== undefined)
      return run.refuse({
        message: `--base and ${flag} cannot be used together`,
        hint: '--base asks no server and reads no secret: remove one of the two',
      });
  const compared = await comparedWithBase(run, base);
  if (compared.kind === 'ended') return compared.code;
  const { facts, plan, before, server, desired, sourcesOf } = compared.value;
  const at = run.now();
  const draws = makesPage(run);
  const view = draws ? 'timelines' : firesToTell(run, run.outputs, plan?.changes ?? []);
  const document = basePlanDocument(facts, {
    showSensitive: options.showSensitive === true,
    ...(plan === undefined ? {} : { fires: firesOfChanges(plan, before, at, desired, view) }),
    sourcesOf,
    ...(plan === undefined || !draws
      ? {}
      : { page: { at, subjects: subjectsOf(plan, desired, before, server.capabilities) } }),
  });
  run.report(document);
  return exitOfPlan(plan, options.detailedExitcode === true);
}
