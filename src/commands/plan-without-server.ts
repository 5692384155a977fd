import { type ExitCode, exitCodes } from '../model/exit.ts';
import { exitOfPlan } from '../plan/exit-of-plan.ts';
import { firesOfChanges } from '../plan/fires-of-changes.ts';
import { basePlanDocument } from '../report/documents/base-plan.ts';
import { comparedWithBase } from '../run/base/compare-with-base.ts';
import type { Run } from '../run/run.ts';

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
        message: `--base and ${flag} do not go together`,
        hint: 'with --base no server is asked and no secret is read: leave one of them out',
      });
  if (run.outputs.some(({ format }) => format === 'html'))
    return run.refuse({
      message: '--output html is not for --base',
      hint: 'use --output markdown or json',
    });
  const compared = await comparedWithBase(run, base);
  if (compared.kind === 'ended') return compared.code;
  const { facts, plan, before, desired, sourcesOf } = compared.value;
  const document = basePlanDocument(facts, {
    showSensitive: options.showSensitive === true,
    ...(plan === undefined ? {} : { fires: firesOfChanges(plan, before, run.now(), desired) }),
    sourcesOf,
  });
  run.report(document);
  return plan === undefined ? exitCodes.fine : exitOfPlan(plan, options.detailedExitcode === true);
}
