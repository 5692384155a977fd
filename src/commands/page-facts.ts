import { loadOf } from '../fires/load.ts';
import { schedulesAfter } from '../plan/checks/fire-guards.ts';
import { narrow } from '../plan/scope.ts';
import { subjectsOf } from '../plan/subjects.ts';
import { loadPicture } from '../report/documents/load.ts';
import type { PlanDocumentOptions } from '../report/documents/plan.ts';
import type { Compared } from '../run/compare-with-server.ts';
import type { Run } from '../run/run.ts';

/** Whether a page is among what was asked for. */
export function makesPage({ outputs }: Pick<Run, 'outputs'>): boolean {
  return outputs.some(({ format }) => format === 'html');
}

/** What a page shows beside the plan; undefined = no page was asked for, and it costs to compute. */
export function pageFacts(
  run: Pick<Run, 'outputs'>,
  { plan, desired, observed }: Pick<Compared, 'plan' | 'desired' | 'observed'>,
): PlanDocumentOptions['page'] {
  if (!makesPage(run)) return undefined;
  const { schedules, at, server } = observed;
  const chosen = narrow(desired, schedules, plan.selection).desired;
  const before = schedules.map(({ schedule }) => schedule);
  const after = schedulesAfter(plan.changes, chosen, before);
  return {
    at,
    load: loadPicture(loadOf(after, at), loadOf(before, at)),
    subjects: subjectsOf(plan, desired, schedules, server.capabilities),
  };
}
