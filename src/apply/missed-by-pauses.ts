import type { ObservedSchedule } from '../model/schedule.ts';
import { type OutlookOptions, outlookOf } from './due-fires.ts';
import { onEach } from './workers.ts';

/** After so many, what a pause cost is not looked up any more: the server may be in trouble already. */
const mostLookedUp = 200;

/**
 * The fires that pauses may have cost, by schedule: those that were due and not started. A pause by hand does not wait for
 * them, so this is asked afterwards. `befores`: the schedules as they ran before.
 */
export async function missedByPauses(
  befores: readonly ObservedSchedule[],
  options: OutlookOptions & { readonly parallelism: number; readonly stopped: () => boolean },
): Promise<ReadonlyMap<string, readonly number[]>> {
  const missed = new Map<string, readonly number[]>();
  await onEach(befores.slice(0, mostLookedUp), options.parallelism, options.stopped, async (before) => {
    const { fires } = await outlookOf(before, 0, options);
    if (fires.length > 0) missed.set(before.schedule.name, fires);
  });
  return missed;
}
