import { type ExitCode, exitCodes } from '../model/exit.ts';
import { present } from '../model/present.ts';
import { compareText } from '../model/schedule.ts';
import { narrow } from '../plan/scope.ts';
import { unmanagedSchedules } from '../plan/unmanaged.ts';
import type { OverdueFacts } from '../report/documents/drift.ts';
import { driftDocument } from '../report/documents/drift.ts';
import { type Compared, compared } from '../run/compare-with-server.ts';
import type { Run } from '../run/run.ts';
import { unmanagedBreaches } from '../run/team-policies.ts';
import { lastRuns } from './on-call/last-runs.ts';
import { overdueSchedules } from './on-call/overdue-schedules.ts';
import { pageFacts } from './page-facts.ts';

/** Asks whether the server still matches the manifests. */
export async function run(run: Run): Promise<ExitCode> {
  const { online = false, showSensitive = false, strict = false, policies: judges = false } = run.options;
  const found = await compared(run, online ? 'all' : 'nothing', { judges: false });
  if (found.kind === 'ended') return found.code;
  const { plan, problems, policies, desired, observed, policy, fields, settle } = found.value;
  if (judges && policies === undefined)
    return run.refuse({
      message: '--policies needs policies, but none are configured',
      hint: 'set their file in downbeat.yaml, as in `policies: policies.yaml`',
    });
  const { schedules, server } = observed;
  const breaches =
    judges && policies !== undefined
      ? await unmanagedBreaches(
          run,
          policies,
          unmanagedSchedules(desired, schedules, policy, server.capabilities),
          { all: schedules, desired, fields, settle },
        )
      : [];
  const overdue = await overdueFacts(found.value);
  const page = pageFacts(run, found.value);
  const document = driftDocument(
    plan,
    [...breaches, ...problems],
    { showSensitive, strict, ...present({ page }) },
    overdue,
  );
  run.report(document);
  return document.drifted ? exitCodes.changes : exitCodes.fine;
}

/** Which schedules with manifests should have fired and have not. What cannot be read is said, and no drift. */
async function overdueFacts({ connection, plan, desired, observed }: Compared): Promise<OverdueFacts> {
  const { schedules, server, at, clockSkew } = observed;
  const origins = new Map(
    narrow(desired, schedules, plan.selection).desired.map(({ schedule, origin }) => [schedule.name, origin]),
  );
  const active = schedules.filter(({ schedule }) => origins.has(schedule.name) && !schedule.paused);
  if (active.length === 0) return { schedules: [] };
  const names = active.map(({ schedule }) => schedule.name);
  const runs = await lastRuns(
    connection.reader,
    names,
    false,
    server.capabilities.executionQuery === 'clauses',
  );
  if (!runs.ok) return { schedules: [], failure: runs.failure };
  const { since, stopped } = overdueSchedules(active, runs.value, at + clockSkew, true);
  return {
    schedules: names.sort(compareText).flatMap((name) => {
      const [moment, origin] = [since.get(name), origins.get(name)];
      return moment === undefined || origin === undefined ? [] : [{ name, origin, since: moment }];
    }),
    ...present({ stopped }),
  };
}
