import { seededNumbers } from '../../src/scheduler/random.ts';

/**
 * Requests of several clients, one at a time: in the order in which they were asked, or, with a seed, in any order, so
 * that one may wait as long as it likes.
 */
export function turns(seed?: number): <T>(answer: () => Promise<T>) => Promise<T> {
  const random = seed === undefined ? () => 0 : seededNumbers(seed);
  const waiting: (() => Promise<void>)[] = [];
  let running = false;
  const go = async (): Promise<void> => {
    running = true;
    // Everybody who has something to ask queues first.
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    while (waiting.length > 0) {
      const [next] = waiting.splice(Math.floor(random() * waiting.length), 1);
      await next?.();
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    }
    running = false;
  };
  return (answer) =>
    new Promise((resolve, reject) => {
      waiting.push(() => answer().then(resolve, reject));
      if (!running) void go();
    });
}
