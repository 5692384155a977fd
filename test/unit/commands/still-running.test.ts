import { expect, test } from 'vitest';
import { lookAtRunning } from '../../../src/commands/on-call/still-running.ts';
import { exitOfSwitch } from '../../../src/commands/on-call/switch-named.ts';
import { connect } from '../../../src/conductor/connect.ts';
import { switchDocument } from '../../../src/report/documents/switch.ts';
import { renderSwitch } from '../../../src/report/text/switch.ts';
import { inProcess } from '../../support/in-process.ts';
import { scheduleBody, testScheduler } from '../../support/scheduler.ts';
import { plain } from '../report/samples.ts';

async function afterPause(ignored: readonly string[], running: readonly string[]) {
  const scheduler = testScheduler();
  for (const name of ['a', 'b', 'c']) scheduler.put(scheduleBody(name, { paused: !running.includes(name) }));
  const { reader } = connect({
    url: 'http://local',
    transport: inProcess(scheduler),
    now: scheduler.clock.now,
    random: () => 0.5,
    wait: async () => undefined,
  });
  const look = await lookAtRunning(
    reader,
    () => true,
    (name) => ignored.includes(name),
  );
  const document = switchDocument(
    {
      action: 'pause',
      target: { url: 'http://local/api', serverType: 'oss-2' },
      interrupted: false,
      requests: { reads: 1, writes: 1, retries: 0 },
      record: 'stopped.json',
      schedules: [{ name: 'a', outcome: 'done' }],
      closingLook: look,
    },
    [],
  );
  return { exit: exitOfSwitch(document), text: renderSwitch(document, plain) };
}

test.each([
  ['nothing runs', [], [], 0, 'No schedule is running now.'],
  ['one that was paused runs again', [], ['a'], 5, 'Still running: a.'],
  ['only what is ignored runs', ['b', 'c'], ['c'], 0, 'left out by `ignore`: c.'],
  ['both', ['c'], ['b', 'c'], 5, 'Still running: b.'],
])('%s', async (_what, ignored, running, exit, words) => {
  const seen = await afterPause(ignored, running);
  expect(seen.exit).toBe(exit);
  expect(seen.text).toContain(words);
});

test('an unreadable list does not prove that nothing runs', async () => {
  const document = switchDocument(
    {
      action: 'pause',
      target: { url: 'http://local/api', serverType: 'oss-2' },
      interrupted: false,
      requests: { reads: 1, writes: 1, retries: 0 },
      schedules: [{ name: 'a', outcome: 'done' }],
      closingLook: {
        outcome: 'failed',
        failure: {
          kind: 'status',
          operation: 'list',
          method: 'GET',
          url: 'http://local/api',
          status: 503,
          words: 'busy',
          attempts: 3,
          effect: 'none',
        },
      },
    },
    [],
  );
  expect(exitOfSwitch(document)).toBe(5);
  expect(renderSwitch(document, plain)).toContain('It is unknown what still runs');
});
