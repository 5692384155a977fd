import { afterEach, describe, expect, it } from 'vitest';
import { createScheduler, type Scheduler } from '../../src/scheduler/core.ts';
import { json } from '../../src/scheduler/wire.ts';
import { scheduleBody, serveLocal } from '../support/scheduler.ts';
import { directoryWith, manifestsOf, type Ran, removeDirectories, run, unwrapped } from './cli.ts';

/** Tokens that end in the middle of a run. */

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  removeDirectories();
});

interface Applied extends Ran {
  readonly scheduler: Scheduler;
  /** `METHOD path` of each request. */
  readonly requests: readonly string[];
  readonly tokensAsked: number;
}

/** Applies two updates and two creates to an Orkes server. `before` is called with the number of each request from 1. */
async function applied(
  before: (index: number, scheduler: Scheduler) => ReturnType<typeof json> | undefined,
  env: Readonly<Record<string, string>> = { CONDUCTOR_AUTH_KEY: 'k', CONDUCTOR_AUTH_SECRET: 'the-secret' },
): Promise<Applied> {
  const scheduler = createScheduler({
    serverType: 'orkes-new',
    now: Date.now,
    access: { keys: [{ id: 'k', secret: 'the-secret' }] },
  });
  for (const name of ['a', 'b']) scheduler.put(scheduleBody(name));
  const requests: string[] = [];
  const served = await serveLocal({
    ...scheduler,
    handle: (request) => {
      const index = requests.push(`${request.method} ${request.path}`);
      const isToken = request.path === '/api/token';
      return (isToken ? undefined : before(index, scheduler)) ?? scheduler.handle(request);
    },
  });
  closing.push(served.close);
  const ran = await run(['apply', '--auto-approve', '--server', served.url, '--parallelism', '2'], {
    env,
    cwd: directoryWith(manifestsOf('a', 'b', 'c', 'd')),
  });
  const tokensAsked = requests.filter((line) => line === 'POST /api/token').length;
  return { ...ran, scheduler, requests, tokensAsked };
}

/** How many requests a run has when nothing goes wrong. */
const usual = (await applied(() => undefined)).requests.length;

describe('a token that ends', () => {
  it('does not, as a rule', async () => {
    const end = await applied(() => undefined);
    expect(end).toMatchObject({ code: 0, err: '', tokensAsked: 1 });
    expect(usual).toBeGreaterThan(10);
  });

  it.each(Array.from({ length: usual - 1 }, (_, index) => index + 2))(
    'by expiry, at request %i, is renewed once, and everything is done',
    async (at) => {
      const end = await applied((index, scheduler) => {
        if (index === at) scheduler.expireTokens();
        return undefined;
      });
      expect(end).toMatchObject({ code: 0, err: '', tokensAsked: 2 });
      expect(end.scheduler.state().schedules.map(({ startWorkflowRequest }) => startWorkflowRequest)).toEqual(
        Array(4).fill(expect.objectContaining({ name: 'w' })),
      );
    },
  );

  it.each(Array.from({ length: usual - 2 }, (_, index) => index + 2))(
    'by expiry, at request %i and at the second one after it, is renewed twice, and everything is done',
    async (at) => {
      const end = await applied((index, scheduler) => {
        if (index === at || index === at + 2) scheduler.expireTokens();
        return undefined;
      });
      expect(end).toMatchObject({ code: 0, err: '' });
      expect(end.tokensAsked).toBeLessThanOrEqual(3);
    },
  );

  it.each(['EXPIRED_TOKEN', 'INVALID_TOKEN'])('by %s, at a save', async (error) => {
    let refusals = 0;
    const end = await applied((index) => {
      if (index < 8 || refusals > 0) return undefined;
      refusals += 1;
      return json({ error, message: 'no more' }, 401);
    });
    expect(end).toMatchObject({ code: 0, err: '', tokensAsked: 2 });
    expect(refusals).toBe(1);
  });

  it('permanently is renewed twice for each failed request, and no more', async () => {
    const end = await applied(() => json({ error: 'EXPIRED_TOKEN', message: 'Token has expired' }, 401));
    expect(end).toMatchObject({ code: 1, out: '' });
    expect(unwrapped(end.err)).toContain(
      'the server does not accept the credentials (401): Token has expired',
    );
    expect(end.requests).toEqual([
      'POST /api/token',
      'GET /api/scheduler/schedules',
      'POST /api/token',
      'GET /api/scheduler/schedules',
      'POST /api/token',
      'GET /api/scheduler/schedules',
    ]);
  });

  it('that was given by the user is not renewed', async () => {
    const end = await applied(() => json({ error: 'EXPIRED_TOKEN', message: 'Token has expired' }, 401), {
      CONDUCTOR_AUTH_TOKEN: 'jwt-of-yesterday',
    });
    expect(end).toMatchObject({ code: 1, tokensAsked: 0 });
    expect(end.requests).toEqual(['GET /api/scheduler/schedules']);
  });

  it('is not confused with a missing right, which is not renewed', async () => {
    const end = await applied(() => json({ status: 403, message: 'No permission' }, 403));
    expect(end).toMatchObject({ code: 1, tokensAsked: 1 });
    expect(end.requests).toHaveLength(2);
  });
});
