import type { ResultCounts, StepOutcome } from '../model/generated/report-parts.ts';
import { type Change, formatVersion, type Plan, type Step } from '../model/plan.ts';
import type { ApplyResult, ClosingLook, StepResult } from '../model/result.ts';
import { applyChange } from './change.ts';
import { closingLook, timingCreates } from './closing-look.ts';
import { stepResult } from './end.ts';
import type { ApplyOptions, ChangeOutcome } from './options.ts';
import { applyRename } from './rename.ts';
import { onEach } from './workers.ts';
import { noticingSlow } from './writing/slow-writes.ts';
import { stoppable } from './writing/stoppable.ts';

/**
 * Carries out a plan. Changes of different schedules are independent and run side by side, in the plan's order;
 * deletes start when everything before them has succeeded. Every planned step is in the result, whatever happens.
 */
export async function apply(plan: Plan, world: Omit<ApplyOptions, 'waitAside'>): Promise<ApplyResult> {
  let wrote = false;
  const noticing = noticingSlow(
    stoppable(world.writer, world.stopped, () => {
      wrote = true;
    }),
    world.now,
  );
  const { writer, untilSettled } = timingCreates(noticing.writer, world.now);
  const options = { ...world, writer };
  const planned = plan.changes.filter(({ steps }) => steps.length > 0);
  const outcomes = new Map<Change, ChangeOutcome>();
  let failed = false;
  const halted = (): boolean => options.stopped() || (failed && options.failFast);

  const run = async (changes: readonly Change[]): Promise<void> => {
    await onEach(changes, options.parallelism, halted, async (change, aside) => {
      // Before its look, which is to be as young as the write that rests on it.
      while (noticing.isOneSlow() && !halted()) await options.wait(10);
      if (halted()) return;
      const own = { ...options, waitAside: (ms: number) => aside(() => options.wait(ms)) };
      const outcome =
        change.kind === 'rename'
          ? await applyRename(change, own, halted)
          : await applyChange(change, own, halted);
      outcomes.set(change, outcome);
      failed ||= outcome.steps.some(({ outcome: o }) => o === 'failed' || o === 'stale');
      for (const step of outcome.steps) options.onStep?.(step);
    });
  };

  await run(planned.filter(({ kind }) => kind !== 'delete'));
  // A run that was stopped begins none.
  if (!failed) await run(planned.filter(({ kind }) => kind === 'delete'));

  const unsettled = options.stopped() ? 0 : untilSettled();
  if (unsettled > 0) await options.wait(unsettled);
  const looked: ClosingLook = !wrote
    ? { outcome: 'not-needed' }
    : options.stopped()
      ? { outcome: 'not-run' }
      : await closingLook(outcomes, options);
  const steps = planned.flatMap((change) => outcomes.get(change)?.steps ?? change.steps.map(notRun(change)));
  return {
    format: formatVersion,
    digest: plan.digest ?? '',
    steps,
    counts: countsOf(steps),
    requests: options.counts(),
    interrupted: options.stopped(),
    possiblyMissed: planned.flatMap((change) => outcomes.get(change)?.missed ?? []),
    closingLook: looked,
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
    overwritten: count('overwritten'),
    lost: count('lost'),
    notRun: count('not-run'),
  };
}
