import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../src/main.ts';
import { type Served, serve } from '../../../src/scheduler/serve.ts';
import { fakeIo } from '../../support/io.ts';
import { scheduleBody, testScheduler } from '../../support/scheduler.ts';

/** Two clocks that differ: whoever reads times learns that they are the server's. */

const cwd = mkdtempSync(join(tmpdir(), 'downbeat-clocks-'));
const scheduler = testScheduler();
let served: Served;
beforeAll(async () => {
  mkdirSync(join(cwd, 'schedules'));
  writeFileSync(
    join(cwd, 'schedules', 'a.yaml'),
    'name: a\ncronExpression: "0 0 9 * * ?"\nstartWorkflowRequest: {name: w}\n',
  );
  scheduler.ask('POST', '/api/scheduler/schedules', scheduleBody('a'));
  served = await serve(scheduler, { host: '127.0.0.1', port: 0, latencyMs: 0, now: scheduler.clock.now });
});
afterAll(async () => {
  await served.close();
  rmSync(cwd, { recursive: true, force: true });
});

describe.each(['plan', 'drift', 'status', 'show a', 'audit', 'pause a'])('%s', (line) => {
  it.each([
    [-172_800_000, "the server's clock is 2d ahead of this machine's"],
    [172_800_000, "the server's clock is 2d behind this machine's"],
    [61_500, "the server's clock is 1m"],
    [58_000, undefined],
    [0, undefined],
  ])('with %i ms between the clocks', async (ours, said) => {
    const { io, err } = fakeIo({
      cwd,
      env: { CONDUCTOR_SERVER_URL: served.url },
      now: () => scheduler.clock.now() + ours,
    });
    await main(line.split(' '), io);
    if (said === undefined) expect(err()).not.toContain("the server's clock");
    else expect(err()).toContain(said);
  });
});
