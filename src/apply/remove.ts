import { failedBy, isRepeated, type StepEnd, unchecked } from './end.ts';
import type { ApplyOptions } from './options.ts';

/** Deletes a schedule and looks whether it is gone. A delete of one that is gone already is a success. */
export async function removeSchedule(name: string, options: ApplyOptions): Promise<StepEnd> {
  for (let tries = 0; ; tries += 1) {
    const answer = await options.writer.delete(name);
    if (!answer.ok && answer.failure.effect === 'none' && answer.failure.kind !== 'missing') {
      return failedBy(answer.failure);
    }
    const found = await options.reader.get(name);
    if (!found.ok) return unchecked(found.failure, 'it could not be read afterwards to check it');
    if (found.value === null) return { outcome: 'done' };
    if (answer.ok)
      return { outcome: 'failed', note: 'the server took the delete and still has the schedule' };
    if (!isRepeated(answer.failure, tries, options)) {
      return failedBy({ ...answer.failure, effect: 'none' }, 'a read shows it still there');
    }
    await options.wait(options.retryDelay(tries));
  }
}
