import type { IncomingMessage } from 'node:http';
import { afterAll, afterEach, expect, it } from 'vitest';
import { scheduleBody, type TestScheduler, testScheduler } from '../support/scheduler.ts';
import { directoryWith, manifestsOf, type Ran, removeDirectories, run } from './cli.ts';
import { answerBy, serve, stopServers } from './local.ts';

/** What `apply` says of its writes, when a server or another client changes what they were to leave. */

afterEach(stopServers);
afterAll(removeDirectories);

/** Applies the manifests `a` and `b`; `meddle` is asked before each answer. */
async function applied(
  meddle: (scheduler: TestScheduler, request: IncomingMessage) => void,
  scheduler = testScheduler(),
): Promise<Ran> {
  const server = await serve(answerBy(scheduler, async (request) => meddle(scheduler, request)));
  return run(['apply', '--yes'], {
    cwd: directoryWith(manifestsOf('a', 'b')),
    env: { CONDUCTOR_SERVER_URL: `${server.url}/api` },
  });
}

/** Acts once, before the list that follows the last write. */
function beforeTheLastList(act: (scheduler: TestScheduler) => void) {
  let writes = 0;
  return (scheduler: TestScheduler, { method, url = '' }: IncomingMessage): void => {
    if (method === 'POST') writes += 1;
    if (writes !== 2 || method !== 'GET' || !/\/schedules\/?(\?|$)/.test(url)) return;
    writes = 0;
    act(scheduler);
  };
}

const path = '/api/scheduler/schedules';

it('what somebody deletes before the last list is lost', async () => {
  const { code, out } = await applied(
    beforeTheLastList((scheduler) => {
      scheduler.ask('DELETE', `${path}/a`);
    }),
  );
  expect(out).toMatch(/^lost +save +a /m);
  expect(out).toMatch(/^done +save +b$/m);
  expect(code).toBe(5);
});

it('what somebody changes before the last list is overwritten', async () => {
  const { code, out } = await applied(
    beforeTheLastList((scheduler) => {
      scheduler.ask('POST', path, scheduleBody('a', { description: 'another' }));
    }),
  );
  expect(out).toMatch(/^overwritten +save +a /m);
  expect(code).toBe(5);
});

it('a create that replaced a schedule of the same name is a failure', async () => {
  let made = false;
  const { code, out } = await applied((scheduler, { method }) => {
    if (method !== 'POST' || made) return;
    made = true;
    scheduler.ask('POST', path, scheduleBody('a', { description: 'another' }));
    scheduler.clock.jump(1000);
  });
  expect(out).toMatch(/^failed +save +a /m);
  expect(code).toBe(5);
});

it('an apply without changes names a schedule that lost its timer', async () => {
  const scheduler = testScheduler();
  const manifests = manifestsOf('a', 'b').replaceAll('0 0 9 * * ?', '0 * * * * ?');
  const { url } = await serve(answerBy(scheduler));
  const apply = (): Promise<Ran> =>
    run(['apply', '--yes'], {
      cwd: directoryWith(manifests),
      env: { CONDUCTOR_SERVER_URL: `${url}/api` },
    });
  expect((await apply()).code).toBe(0);
  // What Conductor answers with 500 has lost its timer.
  expect(scheduler.ask('POST', path, { ...scheduleBody('a'), startWorkflowRequest: {} }).status).toBe(500);
  scheduler.advance(600_000);
  const { code, out } = await apply();
  expect(out).toContain('"a" is active, but no past run shows a fire since it was last changed');
  expect(out).not.toContain('"b" is active');
  expect(out).toContain('audit "a" --repair');
  expect(code).toBe(0);
});
