import { type ExitCode, exitCodes } from '../model/exit.ts';
import { unmanagedSchedules } from '../plan/unmanaged.ts';
import { driftDocument } from '../report/documents/drift.ts';
import { compared } from '../run/compare-with-server.ts';
import type { Run } from '../run/run.ts';
import { unmanagedBreaches } from '../run/team-policies.ts';

/** Asks whether the server still is as the manifests say. */
export async function run(run: Run): Promise<ExitCode> {
  const { online = false, showSensitive = false, strict = false, policies: judges = false } = run.options;
  const found = await compared(run, online ? 'all' : 'nothing', { judges: false });
  if (found.kind === 'ended') return found.code;
  const { plan, problems, policies, desired, observed, policy } = found.value;
  if (judges && policies === undefined)
    return run.refuse({
      message: '--policies needs policies, and none are configured',
      hint: 'name their file in downbeat.yaml, as in `policies: policies.yaml`',
    });
  const { schedules, server } = observed;
  const breaches =
    judges && policies !== undefined
      ? await unmanagedBreaches(
          run,
          policies,
          unmanagedSchedules(desired, schedules, policy, server.capabilities),
        )
      : [];
  const document = driftDocument(plan, [...breaches, ...problems], { showSensitive, strict });
  run.report(document);
  return document.drifted ? exitCodes.changes : exitCodes.fine;
}
