import { describe, expect, it } from 'vitest';
import { ladder, type Tried, type Verdict } from '../../../src/conductor/ladder.ts';

/** Answers by form: its verdicts in order, the last one again and again. */
function server(verdicts: { readonly [form: string]: readonly Verdict[] }): {
  readonly tried: string[];
  readonly attempt: (form: string) => Promise<Tried<string>>;
} {
  const tried: string[] = [];
  return {
    tried,
    attempt: async (form) => {
      const before = tried.filter((one) => one === form).length;
      tried.push(form);
      await new Promise(setImmediate);
      const all = verdicts[form] ?? [];
      return { verdict: all[Math.min(before, all.length - 1)] ?? 'known', result: form };
    },
  };
}

const forms = ['put', 'get', 'post'];

describe('climb', () => {
  it('goes on after an unknown form and remembers the known one', async () => {
    const { tried, attempt } = server({ put: ['unknown'], get: ['known'] });
    const { climb } = ladder();
    expect(await climb('pause', forms, 0, attempt)).toBe('get');
    expect(await climb('pause', forms, 0, attempt)).toBe('get');
    expect(tried).toEqual(['put', 'get', 'get']);
  });

  it('keeps operations apart', async () => {
    const { tried, attempt } = server({ put: ['unknown'], get: ['known'] });
    const { climb } = ladder();
    await climb('pause', forms, 0, attempt);
    await climb('resume', forms, 0, attempt);
    expect(tried).toEqual(['put', 'get', 'put', 'get']);
  });

  it('lets parallel first uses share one attempt', async () => {
    const { tried, attempt } = server({ put: ['unknown'], get: ['known'] });
    const { climb } = ladder();
    const all = await Promise.all([1, 2, 3].map(() => climb('pause', forms, 0, attempt)));
    expect(all).toEqual(['get', 'get', 'get']);
    expect(tried).toEqual(['put', 'get', 'get', 'get']);
  });

  it('tries nothing else for an open result, and lets the next call find out', async () => {
    const { tried, attempt } = server({ put: ['open', 'unknown'], get: ['known'] });
    const { climb } = ladder();
    const all = await Promise.all([1, 2].map(() => climb('pause', forms, 0, attempt)));
    expect(all).toEqual(['put', 'get']);
    expect(tried).toEqual(['put', 'put', 'get']);
  });

  it('starts where told to, and returns undefined if nothing is left', async () => {
    const { tried, attempt } = server({ post: ['known'] });
    const { climb } = ladder();
    expect(await climb('tags', forms, 2, attempt)).toBe('post');
    expect(await climb('other', forms, 3, attempt)).toBeUndefined();
    expect(tried).toEqual(['post']);
  });

  it('has the last answer when no form is known, and asks again next time', async () => {
    const { tried, attempt } = server({ put: ['unknown'], get: ['unknown'], post: ['unknown', 'known'] });
    const { climb } = ladder();
    expect(await climb('tags', forms, 0, attempt)).toBe('post');
    expect(await climb('tags', forms, 0, attempt)).toBe('post');
    expect(tried).toEqual(['put', 'get', 'post', 'put', 'get', 'post']);
  });

  it('does not block an operation that has one form', async () => {
    let flying = 0;
    let most = 0;
    const { climb } = ladder();
    await Promise.all(
      [1, 2, 3].map(() =>
        climb('get', ['only'], 0, async () => {
          flying += 1;
          most = Math.max(most, flying);
          await new Promise(setImmediate);
          flying -= 1;
          return { verdict: 'known', result: null };
        }),
      ),
    );
    expect(most).toBe(3);
  });
});
