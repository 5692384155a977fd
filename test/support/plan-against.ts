import type { Connection } from '../../src/conductor/connect.ts';
import type { Failure } from '../../src/model/port.ts';
import type { Policy } from '../../src/model/run-policy.ts';
import type { DesiredSchedule } from '../../src/model/schedule.ts';
import { type JudgedPlan, namesWithTags, planOf, restsOnReason } from '../../src/plan/plan.ts';
import { type Observed, observeServer } from '../../src/run/observe.ts';

type Planned =
  | { readonly ok: true; readonly plan: JudgedPlan; readonly observed: Observed }
  | { readonly ok: false; readonly failure: Failure };

/** Reads the server and plans, as commands do between their settings and their report. */
export async function planAgainst(
  connection: Connection,
  desired: readonly DesiredSchedule[],
  policy: Policy,
  now: () => number,
): Promise<Planned> {
  const seen = await observeServer(connection, (all) => namesWithTags(desired, all, policy), now, {
    tellsAge: restsOnReason(desired),
  });
  if (!seen.ok) return seen;
  const { schedules: observed, server, at } = seen.observed;
  const plan = planOf({ desired, observed, server, url: connection.url, policy, now: at });
  return { ok: true, plan, observed: seen.observed };
}
