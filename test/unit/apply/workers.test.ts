import { expect, it } from 'vitest';
import { onEach } from '../../../src/apply/workers.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('what waits aside ends, even if nothing else is started', async () => {
  let stopped = false;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const ended: string[] = [];
  void onEach(
    ['a', 'b', 'c'],
    1,
    () => stopped,
    async (item, aside) => {
      if (item === 'a') await aside(() => released);
      else {
        stopped = true;
        // Once `c` has been refused.
        setImmediate(release);
      }
      ended.push(item);
    },
  ).then(() => ended.push('all'));
  // What has not ended by then never does.
  for (let turns = 0; turns < 100; turns += 1) await turn();
  expect(ended).toEqual(['b', 'a', 'all']);
});

it.each([1, 2, 3])(
  'no more than %i run at once, in order, not counting those that wait aside',
  async (most) => {
    let running = 0;
    let peak = 0;
    const begun: number[] = [];
    const items = [1, 2, 3, 4, 5, 6];
    await onEach(
      items,
      most,
      () => false,
      async (item, aside) => {
        begun.push(item);
        running += 1;
        peak = Math.max(peak, running);
        await turn();
        running -= 1;
        await aside(async () => {
          await new Promise((resolve) => setImmediate(resolve));
        });
        running += 1;
        peak = Math.max(peak, running);
        await turn();
        running -= 1;
      },
    );
    expect(begun).toEqual(items);
    expect(peak).toBe(most);
  },
);

it('an action that throws is thrown, after the others have ended', async () => {
  const ended: number[] = [];
  const all = onEach(
    [1, 2],
    2,
    () => false,
    async (item) => {
      if (item === 1) throw new Error('a bug');
      ended.push(item);
    },
  );
  await expect(all).rejects.toThrow('a bug');
  expect(ended).toEqual([2]);
});
