import type { ExitCode } from '../model/exit.ts';
import { present } from '../model/present.ts';
import { exitOfPlan } from '../plan/exit-of-plan.ts';
import { firesOfChanges } from '../plan/fires-of-changes.ts';
import { planDocument } from '../report/documents/plan.ts';
import { compared } from '../run/compare-with-server.ts';
import { firesToTell } from '../run/rendering.ts';
import type { Run } from '../run/run.ts';
import { makesPage, planPageFacts } from './page-facts.ts';

/** Shows what apply would do, and saves it to a file if asked. */
export async function run(run: Run): Promise<ExitCode> {
  const { base, out, showSensitive, detailedExitcode } = run.options;
  if (base !== undefined) return (await import('./plan-without-server.ts')).runFromBase(run, base);
  const saving = out === undefined ? undefined : await import('./save-plan.ts');
  const usage = out === undefined ? undefined : saving?.wrongUsage(out, run);
  if (usage !== undefined) return run.refuse(usage, out === undefined ? {} : { spared: out });
  const found = await compared(run, 'changes', { judges: true });
  if (found.kind === 'ended') return found.code;
  const { plan, desired, observed, problems, sourcesOf } = found.value;
  const kept = out === undefined ? undefined : saving?.save(run, found.value, out);
  const view = makesPage(run) ? 'timelines' : firesToTell(run, run.outputs, plan.changes);
  const document = planDocument(plan, [...(kept?.problems ?? []), ...problems], {
    showSensitive: showSensitive === true,
    fires: firesOfChanges(plan, observed.schedules, observed.at, desired, view),
    sourcesOf,
    ...present({ page: planPageFacts(run, found.value) }),
  });
  run.report(document);
  const say = kept?.code ? run.warn : run.say;
  say(kept?.note ?? '');
  return kept?.code || exitOfPlan(plan, detailedExitcode === true);
}
