import { afterEach, describe, expect, it } from 'vitest';
import { createScheduler, type Scheduler, type SchedulerOptions } from '../../src/scheduler/core.ts';
import { problem, type WireRequest, type WireResponse } from '../../src/scheduler/wire.ts';
import { scheduleBody, serveLocal } from '../support/scheduler.ts';
import { directoryWith, manifestsOf, type Ran, removeDirectories, run, unwrapped } from './cli.ts';

/** A server that lists only what the key may read: a name that looks free may be somebody's. */

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  removeDirectories();
});

const path = '/api/scheduler/schedules/theirs';

interface Applied extends Ran {
  readonly scheduler: Scheduler;
  /** `METHOD path?query` of each request about `theirs`, and of each save. */
  readonly requests: readonly string[];
}

/**
 * Applies manifests for `theirs` and `ours` with a key that sees only `ours`, to an Orkes server. `instead` may answer
 * in its place; `count` counts the requests of that kind from 1.
 */
async function applied(
  options: Partial<SchedulerOptions>,
  instead: (
    line: string,
    count: number,
    scheduler: Scheduler,
    request: WireRequest,
  ) => WireResponse | undefined = () => undefined,
): Promise<Applied> {
  const scheduler = createScheduler({ serverType: 'orkes-new', now: Date.now, ...options });
  const requests: string[] = [];
  const served = await serveLocal({
    ...scheduler,
    handle: (request) => {
      const line = `${request.method} ${request.path}${request.query === '' ? '' : `?${request.query}`}`;
      const ofTheirs = request.body?.includes('"theirs"') || request.path === path;
      if (!ofTheirs) return scheduler.handle(request);
      requests.push(line);
      const count = requests.filter((one) => one === line).length;
      return instead(line, count, scheduler, request) ?? scheduler.handle(request);
    },
  });
  closing.push(served.close);
  const ran = await run(['apply', '--auto-approve', '--server', served.url, '--max-retries', '2'], {
    env: { CONDUCTOR_AUTH_KEY: 'k', CONDUCTOR_AUTH_SECRET: 'the-secret' },
    cwd: directoryWith(manifestsOf('theirs', 'ours')),
  });
  return { ...ran, scheduler, requests };
}

const get = `GET ${path}`;
const post = 'POST /api/scheduler/schedules';
const seesOurs = { keys: [{ id: 'k', secret: 'the-secret', sees: (name: string) => name === 'ours' }] };
const missing = (): WireResponse => problem(404, "Schedule 'theirs' not found");
const reset: WireResponse = { status: 0, headers: {}, body: '', broken: 'reset' };

/** Somebody's schedule, and that it still is as it was. */
function putTheirs(scheduler: Scheduler): void {
  scheduler.put(scheduleBody('theirs', { description: 'by somebody else', paused: true }));
}

function theirs({ scheduler }: Applied): unknown {
  return scheduler.state().schedules.find(({ name }) => name === 'theirs');
}

const untouched = { description: 'by somebody else', paused: true, startWorkflowRequest: { name: 'wf' } };

describe('a create of a name that the key cannot see', () => {
  it('ends at the 403 of the GET before it, and sends nothing', async () => {
    const initial = createScheduler({ serverType: 'orkes-new', now: Date.now });
    putTheirs(initial);
    const end = await applied({ access: seesOurs, initial: initial.state() });
    expect(end.code).toBe(5);
    expect(end.requests).toEqual([get]);
    expect(unwrapped(end.out)).toContain(
      "cannot read theirs: it exists but is not visible to this key (403): No permission for schedule 'theirs'",
    );
    expect(theirs(end)).toMatchObject(untouched);
    expect(end.scheduler.state().schedules).toMatchObject([{ name: 'theirs' }, { name: 'ours' }]);
  });

  it.each([
    [
      403,
      "cannot save theirs: it exists but is not visible to this key, or the key may not create it (403): No permission for schedule 'theirs'",
    ],
    [
      409,
      "cannot save theirs: it exists but is not visible to this key (409): Schedule 'theirs' already exists",
    ],
  ])('where GET says missing, ends at the %i of the create', async (status, says) => {
    const initial = createScheduler({ serverType: 'orkes-new', now: Date.now });
    putTheirs(initial);
    const end = await applied({ access: seesOurs, initial: initial.state() }, (line) => {
      if (line === get) return missing();
      return status === 409 ? problem(409, "Schedule 'theirs' already exists") : undefined;
    });
    expect(end.code).toBe(5);
    expect(end.requests).toEqual([get, post, get]);
    expect(unwrapped(end.out)).toContain(says);
    expect(theirs(end)).toMatchObject(untouched);
  });

  it('is stale if somebody created it, visibly, after our read', async () => {
    const end = await applied({ switches: { conflictOnCreate: true } }, (line, _count, scheduler) => {
      if (line === post) putTheirs(scheduler);
      return undefined;
    });
    expect(end.code).toBe(5);
    expect(end.requests).toEqual([get, post, get]);
    expect(unwrapped(end.out)).toContain('somebody created it since the plan was made');
    expect(theirs(end)).toMatchObject(untouched);
  });
});

describe('a create whose answer was lost', () => {
  /** The first POST arrives late: after its answer was given up, and after the look whether it arrived. */
  const late = (
    line: string,
    count: number,
    scheduler: Scheduler,
    request: WireRequest,
  ): WireResponse | undefined => {
    if (line === post && count === 1) return reset;
    if (line === post && count === 2) scheduler.handle(request);
    return undefined;
  };

  it('is ours if it exists when the next one is refused', async () => {
    const end = await applied({ switches: { conflictOnCreate: true } }, late);
    expect(end).toMatchObject({ code: 0, err: '' });
    // It is saved again, for a process that died in the middle of a save leaves a schedule without a timer.
    expect(end.requests).toEqual([get, post, get, post, get, `${post}?overwrite=true`, get]);
    expect(theirs(end)).toMatchObject({ startWorkflowRequest: { name: 'w' } });
  });

  it("is not sent as an update if somebody else's exists instead", async () => {
    const end = await applied({ switches: { conflictOnCreate: true } }, (line, count, scheduler) => {
      if (line === post && count === 1) return reset;
      if (line === post && count === 2) putTheirs(scheduler);
      return undefined;
    });
    expect(end.code).toBe(5);
    expect(end.requests).toEqual([get, post, get, post, get]);
    expect(unwrapped(end.out)).toContain(
      'somebody else changed it at the same time; it was not written again',
    );
    expect(theirs(end)).toMatchObject(untouched);
  });

  it('may have been done if what exists is not visible', async () => {
    const end = await applied({ switches: { conflictOnCreate: true } }, (line, count, scheduler, request) =>
      line === get ? missing() : late(line, count, scheduler, request),
    );
    expect(end.code).toBe(5);
    expect(end.requests).toEqual([get, post, get, post, get]);
    expect(unwrapped(end.out)).toContain('it exists but is not visible to this key (409)');
  });

  it('is saved again unchanged after a 500, since its timer may be gone', async () => {
    const end = await applied({ switches: { conflictOnCreate: true } }, (line, count, scheduler, request) => {
      if (line !== post || count > 1) return undefined;
      scheduler.handle(request);
      return problem(500, 'database is locked');
    });
    expect(end).toMatchObject({ code: 0, err: '' });
    expect(end.requests).toEqual([get, post, get, `${post}?overwrite=true`, get]);
  });
});
