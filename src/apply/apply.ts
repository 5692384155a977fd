import { type Change, formatVersion, type Plan, type Step } from '../model/plan.ts';
import type { ApplyResult, ResultCounts, StepOutcome, StepResult } from '../model/result.ts';
import { applyChange } from './change.ts';
import { stepResult } from './end.ts';
import { freshList } from './freshness.ts';
import type { ApplyOptions, ChangeOutcome } from './options.ts';
import { applyRename } from './rename.ts';
import { onEach } from './workers.ts';

/**
 * Carries out a plan. Changes of different schedules are independent and run side by side, in the plan's order;
 * deletes start when everything before them has succeeded. Every planned step is in the result, whatever happens.
 */
export async function apply(plan: Plan, options: ApplyOptions): Promise<ApplyResult> {
  const planned = plan.changes.filter(({ steps }) => steps.length > 0);
  const outcomes = new Map<Change, ChangeOutcome>();
  let failed = false;
  const list = freshList(options);
  const halted = (): boolean => options.stopped() || (failed && options.failFast);

  const run = async (changes: readonly Change[]): Promise<void> => {
    await onEach(changes, options.parallelism, halted, async (change) => {
      const outcome =
        change.kind === 'rename'
          ? await applyRename(change, options, list, halted)
          : await applyChange(change, { ...options, stopped: halted }, list);
      outcomes.set(change, outcome);
      failed ||= outcome.steps.some(({ outcome: o }) => o === 'failed' || o === 'stale');
      for (const step of outcome.steps) options.onStep?.(step);
    });
  };

  await run(planned.filter(({ kind }) => kind !== 'delete'));
  const unfinished = planned.some((change) => change.kind !== 'delete' && !outcomes.has(change));
  if (!failed && !unfinished) await run(planned.filter(({ kind }) => kind === 'delete'));

  const steps = planned.flatMap((change) => outcomes.get(change)?.steps ?? change.steps.map(notRun(change)));
  return {
    format: formatVersion,
    digest: plan.digest ?? '',
    steps,
    counts: countsOf(steps),
    requests: options.counts(),
    interrupted: options.stopped(),
    possiblyMissed: planned.flatMap((change) => outcomes.get(change)?.missed ?? []),
  };
}

function notRun(change: Change): (step: Step) => StepResult {
  return (step) => stepResult(change, step, { outcome: 'not-run' });
}

function countsOf(steps: readonly StepResult[]): ResultCounts {
  const count = (wanted: StepOutcome): number => steps.filter(({ outcome }) => outcome === wanted).length;
  return {
    done: count('done'),
    failed: count('failed'),
    already: count('already'),
    stale: count('stale'),
    notRun: count('not-run'),
  };
}
