import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GitAnswer } from '../../../../src/io/io.ts';
import { checkoutFault, resolveBase } from '../../../../src/run/base/resolve-base.ts';

const hash = 'a'.repeat(40);
const ok = (text: string): GitAnswer => ({ kind: 'ended', status: 0, text });

describe('a merge base', () => {
  const inClone = (shallow: boolean) =>
    resolveBase('main...', ([verb, ...rest]) =>
      verb === 'merge-base' || !rest.includes('--is-shallow-repository')
        ? ok(`${hash}\n`)
        : ok(`${String(shallow)}\n`),
    );

  it('is used if the history is complete', () => {
    expect(inClone(false)).toEqual({ ok: true, value: { ref: 'main...', commit: hash, isMergeBase: true } });
  });

  it('is not used if the history is cut: Git then finds an older commit', () => {
    expect(inClone(true)).toMatchObject({
      ok: false,
      usage: { message: expect.stringContaining('shallow') },
    });
  });
});

describe('files that are not compared with a commit', () => {
  const fault = (
    config: Parameters<typeof checkoutFault>[2],
    listed = 'H schedules/a.yaml\n',
    env: Readonly<Record<string, string>> = {},
  ) =>
    checkoutFault(
      {
        git: (directory, [verb]) => {
          if (verb === 'ls-files') return ok(listed);
          return ok(/^(?:\.\.|nested|top)/.test(directory) ? '/other\n' : '/here\n');
        },
        realPath: (path) =>
          path.endsWith('.git') && path !== '/here/nested/.git' ? undefined : resolve('/here', path),
      },
      env,
      config,
    );

  it.each([
    [{ directory: '../other/schedules' }, '../other/schedules is not part'],
    [{ directory: 'nested/schedules' }, 'nested/schedules is not part'],
    [{ directory: 'schedules', file: '../other/downbeat.yaml' }, '../other is not part'],
    [{ directory: 'schedules', overlays: 'nested/overlays' }, 'nested/overlays is not part'],
  ])('%j, which belongs to another checkout', (config, why) => {
    expect(fault(config)?.message).toContain(why);
  });

  it('files that Git keeps off the disk: their absence is not a delete', () => {
    expect(fault({ directory: 'schedules' }, 'H schedules/a.yaml\nS schedules/b.yaml\n')?.message).toContain(
      'keeps schedules/b.yaml off the disk',
    );
  });

  it('a directory here, if Git has been told of another repository', () => {
    const nested = { directory: 'nested/schedules' };
    expect(fault(nested, '', { GIT_DIR: '/other/.git' })?.message).toContain('is not part');
    expect(fault({ directory: 'top' }, '', { GIT_DIR: '/other/.git' })?.message).toContain('is not part');
  });

  it('nothing in a checkout of its own', () => {
    expect(fault({ directory: 'schedules', file: 'downbeat.yaml' })).toBeUndefined();
  });
});
