import { unkept } from '../compare/diff.ts';
import type { Writer } from '../model/port.ts';
import type { PauseWish, Schedule } from '../model/schedule.ts';
import { changedMeanwhile, failedBy, isRepeated, reasonNote, type StepEnd, unchecked } from './end.ts';
import type { ApplyOptions } from './options.ts';

/**
 * Pauses or resumes and looks whether it is so. A resume of a running schedule answers 404 like a missing one, and a
 * lost answer may have been a success: the state decides, not the status.
 */
export async function switchPause(
  name: string,
  wish: PauseWish,
  options: Pick<
    ApplyOptions,
    'reader' | 'capabilities' | 'maxRetries' | 'retryDelay' | 'wait' | 'stopped'
  > & {
    readonly writer: Pick<Writer, 'pause' | 'resume'>;
  },
  /** As it was read just before: a second attempt is made only while it is still so. */
  before?: Schedule,
): Promise<StepEnd> {
  for (let tries = 0; ; tries += 1) {
    const answer = wish.paused
      ? await options.writer.pause(name, wish.reason)
      : await options.writer.resume(name);
    if (!answer.ok && answer.failure.effect === 'none' && answer.failure.kind !== 'missing') {
      return failedBy(answer.failure);
    }
    const found = await options.reader.get(name);
    if (!found.ok) {
      return unchecked(
        answer.ok ? found.failure : answer.failure,
        'it could not be read afterwards to check it',
      );
    }
    if (found.value === null) {
      return answer.ok
        ? { outcome: 'failed', notKept: [['name']], note: 'the schedule is gone' }
        : failedBy(answer.failure);
    }
    const { paused, pausedReason } = found.value.schedule;
    if (paused === wish.paused) {
      const isLost = pausedReason === undefined && options.capabilities.pauseReason !== 'kept';
      return wish.reason !== undefined && pausedReason !== wish.reason && !isLost
        ? { outcome: 'failed', notKept: [['pausedReason']] }
        : { outcome: 'done', ...reasonNote(wish.reason, found.value.schedule) };
    }
    if (answer.ok) return { outcome: 'failed', notKept: [['paused']] };
    const unchanged = failedBy({ ...answer.failure, effect: 'none' }, 'a read shows it unchanged');
    if (before !== undefined && unkept(before, found.value.schedule, options.capabilities).length > 0)
      return failedBy({ ...answer.failure, effect: 'none' }, changedMeanwhile);
    if (!isRepeated(answer.failure, tries, options)) return unchanged;
    await options.wait(options.retryDelay(tries));
    if (options.stopped()) return unchanged;
  }
}
