import type { Outcome } from '../../model/port.ts';
import type { StepWriter } from './stoppable.ts';

/** Milliseconds after which a write is slow, unless the quickest took more than an eighth of that. */
const slowAfter = 1400;
const slowTimes = 8;
/** One that takes even longer, so many times as long, does not count: its answer may be lost. */
const stuckTimes = 3;

/**
 * Notices writes that take long, so that no change begins while one does. On SQLite, a write that meets another one sleeps
 * for 100 ms before it tries again, then for 200, 400 and so on: of 16 at once some took 11 s (OSS 3.32.1), and the closing
 * look waits as long as the slowest create took. `now`: milliseconds.
 */
export function noticingSlow(
  writer: StepWriter,
  now: () => number,
): { readonly writer: StepWriter; readonly isOneSlow: () => boolean } {
  /** When those that are under way were sent. */
  const underWay = new Set<{ readonly at: number }>();
  let quickest = 0;

  const timed = async <T>(write: () => Promise<Outcome<T>>): Promise<Outcome<T>> => {
    const sent = { at: now() };
    underWay.add(sent);
    try {
      const answer = await write();
      const took = now() - sent.at;
      // A refusal may come without a write.
      if (answer.ok) quickest = quickest === 0 ? took : Math.min(quickest, took);
      return answer;
    } finally {
      underWay.delete(sent);
    }
  };

  return {
    writer: {
      save: (body, mode) => timed(() => writer.save(body, mode)),
      delete: (name) => timed(() => writer.delete(name)),
      pause: (name, reason) => timed(() => writer.pause(name, reason)),
      resume: (name) => timed(() => writer.resume(name)),
      putTags: (name, tags) => timed(() => writer.putTags(name, tags)),
      deleteTags: (name, tags) => timed(() => writer.deleteTags(name, tags)),
    },
    isOneSlow: () => {
      const slow = Math.max(slowAfter, slowTimes * quickest);
      const at = now();
      return [...underWay].some((sent) => at - sent.at >= slow && at - sent.at < stuckTimes * slow);
    },
  };
}
