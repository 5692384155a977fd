import { describe, expect, it } from 'vitest';
import { pace } from '../../../src/http/pace.ts';

const throttled = (answer: string): boolean => answer === 'slow';

/** Work that ends when it is told to. */
function gate(): {
  readonly work: () => Promise<string>;
  readonly end: (answer: string) => void;
  begun: boolean;
} {
  let end: (answer: string) => void = () => {};
  const done = new Promise<string>((resolve) => {
    end = resolve;
  });
  const self = {
    begun: false,
    end,
    work: () => {
      self.begun = true;
      return done;
    },
  };
  return self;
}

describe('pace', () => {
  it('never has more in flight than configured', async () => {
    const { run } = pace(3);
    let flying = 0;
    let most = 0;
    const work = async (): Promise<string> => {
      flying += 1;
      most = Math.max(most, flying);
      await new Promise(setImmediate);
      flying -= 1;
      return 'ok';
    };
    await Promise.all(Array.from({ length: 20 }, () => run(work, throttled)));
    expect(most).toBe(3);
  });

  it('halves once for all requests in flight, and never below one', async () => {
    const { run, limit } = pace(16);
    const wave = async (answers: readonly string[]): Promise<void> => {
      const gates = answers.map(() => gate());
      const runs = gates.map(({ work }) => run(work, throttled));
      await new Promise(setImmediate);
      for (const [index, { end }] of gates.entries()) end(answers[index] ?? '');
      await Promise.all(runs);
    };
    await wave(Array.from({ length: 16 }, () => 'slow'));
    expect(limit()).toBe(8);
    await wave(['slow', 'slow']);
    expect(limit()).toBe(4);
    await wave(['slow']);
    await wave(['slow']);
    expect(limit()).toBe(1);
    await wave(['slow']);
    expect(limit()).toBe(1);
  });

  it('grows by one after a round of successes, up to the configured number', async () => {
    const { run, limit } = pace(4);
    await run(async () => 'slow', throttled);
    expect(limit()).toBe(2);
    const limits: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      await run(async () => 'ok', throttled);
      limits.push(limit());
    }
    expect(limits).toEqual([2, 3, 3, 3, 4, 4, 4, 4]);
  });

  it('lets waiting requests continue after a failure of another', async () => {
    const { run } = pace(1);
    await expect(run(async () => Promise.reject(new Error('bug')), throttled)).rejects.toThrow('bug');
    expect(await run(async () => 'ok', throttled)).toBe('ok');
  });
});
