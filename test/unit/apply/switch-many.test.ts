import { expect, it } from 'vitest';
import { switchMany } from '../../../src/apply/switch-many.ts';
import { connect } from '../../../src/conductor/connect.ts';
import { inProcess } from '../../support/in-process.ts';
import { scheduleBody, testScheduler } from '../../support/scheduler.ts';

it.each<[at: number, end: string | undefined, paused: boolean]>([
  [1, 'not-run', false],
  [2, 'failed, effect unknown', true],
  [3, 'done', true],
])('interrupted before request %i of a pause: %s', async (at, end, paused) => {
  const scheduler = testScheduler();
  scheduler.put(scheduleBody('a'));
  const interruption = new AbortController();
  let requests = 0;
  const sent = inProcess(scheduler);
  const open = connect({
    url: 'http://local',
    transport: async (request) => {
      const answer = await sent(request);
      requests += 1;
      if (requests === at - 1) interruption.abort();
      return answer;
    },
    now: scheduler.clock.now,
    random: () => 0.5,
    wait: async () => undefined,
    signal: interruption.signal,
  });
  if (at === 1) interruption.abort();
  const capabilities = { bulk: false, pauseReason: true } as never;
  const ends = await switchMany(
    ['a'],
    { paused: true },
    {
      ...open,
      capabilities,
      parallelism: 1,
      maxRetries: 0,
      wait: async () => undefined,
      stopped: () => false,
    },
  );
  const got = ends.get('a');
  expect(got?.kind === 'failed' ? `failed, effect ${got.failure.effect}` : got?.kind).toBe(end);
  expect(scheduler.state().schedules[0]?.paused).toBe(paused);
});
