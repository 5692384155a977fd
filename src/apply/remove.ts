import { changedMeanwhile, failedBy, isRepeated, type StepEnd, unchecked } from './end.ts';
import type { ApplyOptions } from './options.ts';

/**
 * Deletes a schedule and looks whether it is gone. A delete of one that is gone already is a success. `mayDelete` looks
 * once more before another attempt: an end when it may not be deleted any more.
 */
export async function removeSchedule(
  name: string,
  mayDelete: () => Promise<StepEnd | undefined>,
  options: ApplyOptions,
): Promise<StepEnd> {
  for (let tries = 0; ; tries += 1) {
    const answer = await options.writer.delete(name);
    if (!answer.ok && answer.failure.effect === 'none' && answer.failure.kind !== 'missing') {
      return failedBy(answer.failure);
    }
    const found = await options.reader.get(name);
    if (!found.ok) return unchecked(found.failure, 'it could not be read afterwards to check it');
    if (found.value === null) return { outcome: 'done' };
    if (answer.ok)
      return { outcome: 'failed', note: 'the server accepted the delete but still has the schedule' };
    const repeats = isRepeated(answer.failure, tries, options);
    if (repeats) await options.wait(options.retryDelay(tries));
    const end = await mayDelete();
    // It was there, an attempt of ours was under way, and now it is not.
    if (end?.outcome === 'already') return { outcome: 'done' };
    // What is there may be another one, made after ours was deleted.
    if (end?.outcome === 'stale') return failedBy(answer.failure, end.note ?? changedMeanwhile);
    if (end !== undefined) return unchecked(answer.failure, 'it could not be read afterwards to check it');
    if (!repeats || options.stopped())
      return failedBy({ ...answer.failure, effect: 'none' }, 'a read shows that it still exists');
  }
}
