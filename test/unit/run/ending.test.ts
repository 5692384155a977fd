import { getEventListeners } from 'node:events';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { wait } from '../../../src/io/clock.ts';
import type { Losses } from '../../../src/io/io.ts';
import { main } from '../../../src/main.ts';
import type { ExitCode } from '../../../src/model/exit.ts';
import { endOfRun } from '../../../src/run/ending.ts';
import { fakeIo } from '../../support/io.ts';

const full: Losses = { out: { kind: 'failed', why: 'no space left on the device' } };
const closed: Losses = { out: { kind: 'closed', why: 'its reader is gone' } };
const deaf: Losses = { err: { kind: 'failed', why: 'no space left on the device' } };

const [nothing, wrote] = [
  { wrote: false, unreported: false },
  { wrote: true, unreported: false },
];

describe('the end of a run that could not report', () => {
  it.each<[string, ExitCode, Losses, typeof nothing, ExitCode, boolean]>([
    ['all is well', 0, {}, wrote, 0, false],
    ['a full disk, nothing written', 0, full, nothing, 1, true],
    ['a full disk, changes found', 2, full, nothing, 1, true],
    ['a full disk, something written', 0, full, wrote, 5, true],
    ['a full disk, refused in part', 3, full, wrote, 5, true],
    ['a full disk, interrupted', 130, full, wrote, 130, true],
    ['a full disk, failed', 1, full, wrote, 1, true],
    ['a full disk, stale', 4, full, nothing, 4, true],
    ['a reader that went away', 0, closed, nothing, 0, false],
    ['a reader that went away from a plan with changes', 2, closed, nothing, 2, false],
    ['a reader that went away, something written', 0, closed, wrote, 5, true],
    ['a full disk at standard error', 0, deaf, wrote, 0, false],
    ['a file without the result', 0, {}, { wrote: false, unreported: true }, 1, false],
    ['a file without the result, something written', 0, {}, { wrote: true, unreported: true }, 5, false],
  ])('%s', async (_what, code, losses, standing, expected, says) => {
    const { io, err } = fakeIo({ cwd: tmpdir() });
    expect(await endOfRun(code, { ...io, drained: async () => losses }, standing)).toBe(expected);
    expect(err()).toBe(says ? `error: standard output could not be written: ${losses.out?.why}\n` : '');
  });
});

describe('an internal error', () => {
  const crashing = async (where: 'now' | 'readTree', ...words: readonly string[]) => {
    const heard = fakeIo({ cwd: tmpdir() });
    const line = where === 'now' ? ['next', '0 0 9 * * ?'] : ['validate'];
    const code = await main([...line, ...words], {
      ...heard.io,
      [where]: () => {
        throw new TypeError('boom\nand more');
      },
    });
    return { ...heard, code };
  };

  it('is two lines and a document, exit 1', async () => {
    const { code, out, err, files } = await crashing('now', '-o', 'json=a.json');
    expect(code).toBe(1);
    expect(out()).toBe('');
    expect(err()).toMatch(
      /^error: internal error in Downbeat [^:]+: TypeError: boom\nhint: report it[^\n]*\n$/,
    );
    expect(JSON.parse(files.get('a.json') ?? '')).toMatchObject({
      kind: 'failure',
      problems: [{ code: 'internal-error' }],
    });
  });

  it('names only its kind if nothing can be masked', async () => {
    const { code, err, files } = await crashing('readTree', '-o', 'json=a.json');
    expect(code).toBe(1);
    expect(err()).toMatch(/^error: internal error in Downbeat [^:]+: TypeError\nhint: report it[^\n]*\n$/);
    expect(files.size).toBe(0);
  });

  it('has its stack with --debug', async () => {
    const { err } = await crashing('now', '--debug');
    expect(err()).toMatch(/\n {4}at /);
  });
});

it('hundreds of waits for one signal share one listener, and all end with it', async () => {
  const { signal, abort } = ((one) => ({ signal: one.signal, abort: () => one.abort() }))(
    new AbortController(),
  );
  const waits = Array.from({ length: 300 }, () => wait(3_600_000, signal));
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  abort();
  await Promise.all(waits);
  await wait(3_600_000, signal);
});
