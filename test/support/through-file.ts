import type { Plan } from '../../src/model/plan.ts';
import type { DesiredSchedule } from '../../src/model/schedule.ts';
import { readSaved } from '../../src/plan/saved/read-saved.ts';
import { planOfSaved } from '../../src/plan/saved/revive.ts';
import { savedPlanOf } from '../../src/plan/saved/write-saved.ts';
import { documentJson } from '../../src/report/formats/document-json.ts';

/** A plan as it is after a way through its file. */
export function throughFile(plan: Plan, desired: readonly DesiredSchedule[]): Plan {
  const outcome = savedPlanOf(plan, desired, undefined);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.diagnostics));
  const read = readSaved(documentJson(outcome.saved), 'plan.json');
  if (!read.ok) throw new Error(JSON.stringify(read.diagnostic));
  return planOfSaved(read.saved, [], { marker: 'description' });
}
