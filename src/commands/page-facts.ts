import { loadOf } from '../fires/load.ts';
import { schedulesAfter } from '../plan/checks/fire-guards.ts';
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
export function pageFacts(run: Pick<Run, 'outputs'>, compared: Sides): PlanDocumentOptions['page'] {
  if (!makesPage(run)) return undefined;
  const { plan, desired, observed } = compared;
  return {
    at: observed.at,
    subjects: subjectsOf(plan, desired, observed.schedules, observed.server.capabilities),
  };
}

type Sides = Pick<Compared, 'plan' | 'desired' | 'observed'>;

/** The same with the load before and after the plan. */
export function planPageFacts(run: Pick<Run, 'outputs'>, compared: Sides): PlanDocumentOptions['page'] {
  const facts = pageFacts(run, compared);
  if (facts === undefined) return undefined;
  const { plan, observed } = compared;
  const { schedules, at } = observed;
  const before = schedules.map(({ schedule }) => schedule);
  const after = schedulesAfter(plan.changes, before);
  return { ...facts, load: loadPicture(loadOf(after, at), loadOf(before, at)) };
}
