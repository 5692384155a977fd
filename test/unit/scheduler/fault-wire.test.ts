import { afterEach, describe, expect, it } from 'vitest';
import { type FaultKind, faultKinds, faultsOfKinds } from '../../../src/scheduler/fault-kinds.ts';
import type { Served } from '../../../src/scheduler/serve.ts';
import { scheduleBody, serveLocal, type TestScheduler, testScheduler } from '../../support/scheduler.ts';

const timing = { slowMs: 80, downMs: 500, retryAfterSeconds: 3 };

let served: Served | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

/** A server that holds schedule `a` with a tag, and on which every request meets the fault as long as it is armed. */
interface Site {
  readonly scheduler: TestScheduler;
  arm(on: boolean): void;
  ask(method: string, path: string, body?: unknown): Promise<Response>;
}

async function site(kind: FaultKind, seed: number): Promise<Site> {
  let armed = false;
  const plan = faultsOfKinds({ seed, serverType: 'orkes-new', rates: [{ kind, rate: 1 }], timing });
  const scheduler = testScheduler({
    serverType: 'orkes-new',
    access: { keys: [{ id: 'k', secret: 's' }] },
    fault: (request) => (armed ? plan(request) : undefined),
  });
  scheduler.put(scheduleBody('a'), [{ key: 'team', value: 'data' }]);
  served = await serveLocal(scheduler);
  const { url } = served;
  const ask = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${url}/api${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-authorization': token },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  let token = '';
  const issued = (await (await ask('POST', '/token', { keyId: 'k', keySecret: 's' })).json()) as {
    token: string;
  };
  token = issued.token;
  return {
    scheduler,
    arm: (on) => {
      armed = on;
    },
    ask,
  };
}

const schedules = '/scheduler/schedules';
const save = (at: Site): Promise<Response> => at.ask('POST', schedules, scheduleBody('new'));
const isSaved = ({ scheduler }: Site): boolean =>
  scheduler.state().schedules.some(({ name }) => name === 'new');

/** A status instead of an answer; whether the save took effect. */
function status(code: number, effect: boolean): (at: Site) => Promise<void> {
  return async (at) => {
    expect((await save(at)).status).toBe(code);
    expect(isSaved(at)).toBe(effect);
  };
}

function reset(effect: boolean): (at: Site) => Promise<void> {
  return async (at) => {
    await expect(save(at)).rejects.toMatchObject({
      cause: { code: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/) },
    });
    expect(isSaved(at)).toBe(effect);
  };
}

/** What a client without any help of ours sees of each kind. Seed 1 leaves a gateway's effect out, seed 5 has it. */
const seen: { readonly [K in FaultKind]: (at: Site) => Promise<void> } = {
  '429': async (at) => {
    const answer = await save(at);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '3']);
    expect(isSaved(at)).toBe(false);
  },
  '500': status(500, false),
  '502': status(502, false),
  '503': status(503, false),
  '504': status(504, false),
  'reset-before': reset(false),
  'reset-after': reset(true),
  slow: async (at) => {
    const before = performance.now();
    expect((await save(at)).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(timing.slowMs - 5);
  },
  'cut-off': async (at) => {
    const list = await at.ask('GET', schedules);
    expect(list.status).toBe(200);
    await expect(list.text()).rejects.toThrow();
    // An answer without a body has nothing to cut but itself.
    await expect(at.ask('DELETE', `${schedules}/a`)).rejects.toThrow();
    expect(at.scheduler.state().schedules).toEqual([]);
  },
  html: async (at) => {
    const answer = await save(at);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html']);
    expect(await answer.text()).toContain('<html>');
    expect(isSaved(at)).toBe(false);
  },
  'expired-token': async (at) => {
    const answer = await save(at);
    expect([answer.status, await answer.json()]).toEqual([
      401,
      expect.objectContaining({ error: 'EXPIRED_TOKEN' }),
    ]);
    expect(isSaved(at)).toBe(false);
  },
  'lost-tags-write': async (at) => {
    expect((await at.ask('PUT', `${schedules}/a/tags`, [{ key: 'x', value: 'y' }])).status).toBe(200);
    expect((await at.ask('DELETE', `${schedules}/a/tags`, [{ key: 'team', value: 'data' }])).status).toBe(
      200,
    );
    expect(await (await at.ask('GET', `${schedules}/a/tags`)).json()).toEqual([
      { key: 'team', value: 'data' },
    ]);
    expect((await save(at)).status).toBe(200);
    expect(isSaved(at)).toBe(true);
  },
  'second-writer': async (at) => {
    const read = async (): Promise<string> => (await at.ask('GET', `${schedules}/a`)).text();
    at.arm(false);
    const before = await read();
    at.arm(true);
    expect(await read()).not.toBe(before);
  },
  'dead-timer': async (at) => {
    await reset(true)(at);
    at.arm(false);
    await reset(true)(at);
    at.scheduler.advance(timing.downMs);
    expect(at.scheduler.timers('new')).toEqual([]);
    expect(at.scheduler.timers('a')).not.toEqual([]);
  },
  restart: async (at) => {
    await reset(false)(at);
    at.arm(false);
    await reset(false)(at);
    at.scheduler.advance(timing.downMs);
    const answer = await save(at);
    expect([answer.status, await answer.json()]).toEqual([
      401,
      expect.objectContaining({ error: 'INVALID_TOKEN' }),
    ]);
  },
};

describe('seen by a client', () => {
  it.each(faultKinds)('%s', async (kind) => {
    const at = await site(kind, 1);
    at.arm(true);
    await seen[kind](at);
  });

  it.each(['502', '504'] as const)('%s after the effect', async (kind) => {
    const at = await site(kind, 5);
    at.arm(true);
    await status(Number(kind), true)(at);
  });
});
