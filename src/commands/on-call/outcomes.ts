import type { PastRun } from '../../fires/audit/judge.ts';
import type { Failure, WorkflowReader } from '../../model/port.ts';
import { foreignText } from '../../report/documents/foreign-texts.ts';
import type { Run } from '../../run/run.ts';
import type { AuditedRuns } from './audited-runs.ts';

/** One request for each run: of the newest this many. */
const mostAsked = 1000;
/** How a workflow can end that is not well. */
const bad: readonly string[] = ['FAILED', 'TIMED_OUT', 'TERMINATED'];

type WithOutcomes =
  | {
      readonly kind: 'asked';
      readonly runs: AuditedRuns;
      readonly counts: { readonly asked: number; readonly left: number };
    }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Asks how the workflows of past runs ended, newest first; a workflow that is archived or still runs changes nothing. */
export async function withOutcomes(
  { run: ask }: Pick<WorkflowReader, 'run'>,
  runs: AuditedRuns,
  { signal }: Pick<Run, 'signal'>,
): Promise<WithOutcomes> {
  const all = [...runs.bySchedule].flatMap(([name, own]) =>
    own.flatMap((run) => (run.workflowId === undefined ? [] : [{ name, run, id: run.workflowId }])),
  );
  all.sort((a, b) => b.run.at - a.run.at);
  const asked = all.slice(0, mostAsked);
  const ended = new Map<PastRun, string>();
  let failure: Failure | undefined;
  await Promise.all(
    asked.map(async ({ run, id }) => {
      if (signal.aborted || failure !== undefined) return;
      const found = await ask(id);
      if (!found.ok) failure ??= found.failure;
      else if (found.value !== null && bad.includes(found.value.status))
        ended.set(run, endWords(found.value));
    }),
  );
  if (failure !== undefined) return { kind: 'failed', failure };
  const bySchedule = new Map(
    [...runs.bySchedule].map(([name, own]) => [
      name,
      own.map((run): PastRun => {
        const words = ended.get(run);
        return words === undefined ? run : { ...run, ended: words };
      }),
    ]),
  );
  return {
    kind: 'asked',
    runs: { ...runs, bySchedule },
    counts: { asked: asked.length, left: all.length - asked.length },
  };
}

function endWords({ status, reason }: { readonly status: string; readonly reason?: string }): string {
  return `the workflow ended ${status}${reason === undefined ? '' : `: ${foreignText(reason)}`}`;
}
