import { describe, expect, it } from 'vitest';
import type { StepEnd } from '../../../src/apply/end.ts';
import type { ApplyOptions } from '../../../src/apply/options.ts';
import { removeSchedule } from '../../../src/apply/remove.ts';
import { switchPause } from '../../../src/apply/switch.ts';
import { serverTypes } from '../../../src/conductor/server-types.ts';
import { neverFires } from '../../support/never-fires.ts';
import { element, errorOf, type Script, type Scripted, scripted } from '../conductor/scripted.ts';

/** Writes that are sent again after a look at the server: how often, after what waits, and what the report counts. */

const maxRetries = 3;

const writes: { readonly [what: string]: (options: ApplyOptions) => Promise<StepEnd> } = {
  'a delete': (options) => removeSchedule('a', async () => undefined, options),
  'a pause': (options) => switchPause('a', { paused: true }, options),
  'a resume': (options) => switchPause('a', { paused: false }, options),
};

/** Every write is answered by `answer`, and every read finds the schedule as the write found it. */
function broken(what: string, answer: Scripted): Script & { readonly options: ApplyOptions } {
  const isRead = (method: string, path: string): boolean => method === 'GET' && path.endsWith('/a');
  const script = scripted(
    ({ method, path }) =>
      isRead(method, path) ? { json: element('a', { paused: what === 'a resume' }) } : answer,
    { maxRetries, serverType: 'oss-2' },
  );
  const { reader, writer, counts, retryDelay } = script.connection;
  const options: ApplyOptions = {
    reader,
    writer,
    counts,
    retryDelay,
    capabilities: serverTypes['oss-2'].capabilities,
    parallelism: 1,
    failFast: false,
    maxRetries,
    now: () => script.now,
    wait: async (ms) => void script.waits.push(ms),
    waitAside: async (ms) => void script.waits.push(ms),
    ...neverFires,
    stopped: () => false,
  };
  return { ...script, options };
}

describe.each(Object.entries(writes))('%s', (what, write) => {
  it.each<[string, Scripted, number]>([
    ['a plain 500', errorOf(500, 'no'), 1],
    ['a page', { text: '<html>', headers: { 'content-type': 'text/html' } }, 1],
    ['no permission', errorOf(403, 'no'), 1],
    ['an answer with two lengths', { why: 'malformed', sent: true }, 1],
    ['a 500 that may be repeated', errorOf(500, 'busy', { retryable: true }), 4],
    ['a gateway without a server', errorOf(503, 'down'), 4],
    ['a reset', { why: 'reset', sent: true }, 4],
    ['an answer that was cut off', { why: 'cut-off', sent: true }, 4],
    // The client repeats it by itself, since the server did not take it.
    ['too many requests', errorOf(429, 'slow'), 4],
    ['nobody who listens', { why: 'refused', sent: false }, 4],
  ])('that fails by %s is sent as often as the report counts', async (_why, answer, requests) => {
    const { options, sent, waits } = broken(what, answer);
    const end = await write(options);
    const written = sent.filter((line) => line !== 'GET /scheduler/schedules/a');
    expect(written).toHaveLength(requests);
    expect(end).toMatchObject({ outcome: 'failed', failure: { attempts: requests, effect: 'none' } });
    expect(options.counts()).toMatchObject({ writes: requests, retries: requests - 1 });
    expect(waits).toEqual([150, 300, 600].slice(0, requests - 1));
  });

  it('is not sent again when it is stopped during the wait', async () => {
    const { options, sent, waits } = broken(what, errorOf(503, 'down'));
    const before = waits.length;
    const end = await write({ ...options, maxRetries: 3, stopped: () => waits.length > before });
    const written = sent.filter((line) => line !== 'GET /scheduler/schedules/a');
    expect(written).toHaveLength(1);
    expect(end).toMatchObject({ outcome: 'failed', failure: { effect: 'none' } });
  });
});
