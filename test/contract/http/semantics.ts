import { expect } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../../src/model/json.ts';
import { save, schedules } from './cells.ts';
import { type Ask, askRaw, type Target } from './target.ts';

/** What a server does over time. Each starts with a registered workflow of the name `word`. */
export interface Semantics {
  readonly title: string;
  readonly holds: (target: Target, word: string) => Promise<void>;
}

const everyTwoSeconds = '*/2 * * * * ?';
// A fire is up to 1.5 s late (jitter and polling).
const patience = 4000;

/** `word`'s workflow, as every other step here. */
export function registerWorkflow(word: string): Ask {
  const task = { name: 'sv', taskReferenceName: 'sv', type: 'SET_VARIABLE', inputParameters: { x: 1 } };
  return {
    method: 'POST',
    path: '/api/metadata/workflow',
    body: { name: word, version: 1, schemaVersion: 2, tasks: [task] },
  };
}

async function done(target: Target, request: Ask): Promise<Json> {
  const answer = await askRaw(target, request);
  if (answer.status !== 200)
    throw new Error(`${request.method} ${request.path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function saved(
  target: Target,
  word: string,
  suffix: string,
  over: Record<string, Json>,
): Promise<string> {
  const name = `${word}-${suffix}`;
  await done(target, save(name, { startWorkflowRequest: { name: word }, ...over }));
  return name;
}

async function runs(
  target: Target,
  name: string,
  sort = 'scheduledTime:ASC',
): Promise<readonly JsonObject[]> {
  const query = `query=${encodeURIComponent(name)}&sort=${sort}`;
  const page = await done(target, { method: 'GET', path: `/api/scheduler/search/executions?${query}` });
  return isObject(page) && Array.isArray(page.results) ? page.results.filter(isObject) : [];
}

/** Waits until so many runs of a schedule are recorded. */
async function runsOf(target: Target, name: string, count: number): Promise<readonly JsonObject[]> {
  for (let waited = 0; ; waited += 250) {
    const found = await runs(target, name);
    if (found.length >= count) return found;
    if (waited > 12_000) throw new Error(`${name}: ${found.length} of ${count} runs after ${waited} ms`);
    await target.wait(250);
  }
}

/** A cron that fires once in many years, so many whole seconds from now, and that moment. */
function momentIn(target: Target, seconds: number): { readonly cronExpression: string; readonly at: number } {
  const at = Math.ceil(target.now() / 1000) * 1000 + seconds * 1000;
  const date = new Date(at);
  const fields = [date.getUTCSeconds(), date.getUTCMinutes(), date.getUTCHours(), date.getUTCDate()];
  return { cronExpression: `${fields.join(' ')} ${date.getUTCMonth() + 1} ?`, at };
}

async function polling(target: Target, on: boolean): Promise<void> {
  await done(target, { method: 'GET', path: `/api/scheduler/admin/${on ? 'resume' : 'pause'}` });
}

async function whilePollingIsOff(target: Target, action: () => Promise<void>): Promise<void> {
  await polling(target, false);
  try {
    // The pass that is under way ends.
    await target.wait(500);
    await action();
  } finally {
    await polling(target, true);
  }
}

export const semantics: readonly Semantics[] = [
  {
    title: 'it fires at the exact moment, starts the workflow with five inputs, records it',
    async holds(target, word) {
      const name = await saved(target, word, 'fires', {
        cronExpression: everyTwoSeconds,
        startWorkflowRequest: { name: word, input: { k: 1, _scheduledTime: 'mine' } },
      });
      const [run] = await runsOf(target, name, 1);
      await done(target, { method: 'DELETE', path: schedules(name) });
      expect(run).toMatchObject({
        scheduleName: name,
        workflowName: word,
        state: 'EXECUTED',
        zoneId: 'UTC',
        startWorkflowRequest: {
          name: word,
          input: { k: 1, _scheduledTime: 'mine' },
          taskToDomain: {},
          priority: 0,
        },
      });
      expect(Object.keys(run ?? {}).sort()).toEqual(
        [
          'executionId',
          'executionTime',
          'scheduleName',
          'scheduledTime',
          'startWorkflowRequest',
          'state',
          'workflowId',
          'workflowName',
          'zoneId',
        ].sort(),
      );
      expect(Number(run?.scheduledTime) % 2000).toBe(0);
      const late = Number(run?.executionTime) - Number(run?.scheduledTime);
      expect(late).toBeGreaterThan(-1500);
      expect(late).toBeLessThan(2500);
      await target.wait(500);
      const workflow = await done(target, {
        method: 'GET',
        path: `/api/workflow/${run?.workflowId}?includeTasks=false`,
      });
      expect(workflow).toMatchObject({
        workflowId: run?.workflowId,
        workflowName: word,
        workflowVersion: 1,
        status: 'COMPLETED',
        input: {
          k: 1,
          _startedByScheduler: name,
          _scheduledTime: run?.scheduledTime,
          _executedTime: run?.executionTime,
          _executionId: run?.executionId,
          _schedulerCron: `${everyTwoSeconds} UTC`,
        },
      });
    },
  },
  {
    title: 'history outlives the schedule, and a new one of that name inherits it',
    async holds(target, word) {
      const name = await saved(target, word, 'history', { cronExpression: everyTwoSeconds });
      const before = await runsOf(target, name, 1);
      await done(target, { method: 'DELETE', path: schedules(name) });
      await saved(target, word, 'history', {});
      expect((await runs(target, name)).slice(0, before.length)).toEqual(before);
    },
  },
  {
    title: 'a run that cannot start is recorded as FAILED with a reason',
    async holds(target, word) {
      const cases = [
        ['nosuch', { name: `${word}-nosuch` }, `No such workflow defined. name=${word}-nosuch, version=null`],
        ['version', { name: word, version: 9 }, `No such workflow defined. name=${word}, version=9`],
        [
          'priority',
          { name: word, priority: 500 },
          'startWorkflow.arg0.priority: priority: 500 should be maximum 99',
        ],
      ] as const;
      for (const [suffix, startWorkflowRequest] of cases)
        await saved(target, word, suffix, { cronExpression: everyTwoSeconds, startWorkflowRequest });
      for (const [suffix, startWorkflowRequest, reason] of cases) {
        const [run] = await runsOf(target, `${word}-${suffix}`, 1);
        expect(run).toMatchObject({ state: 'FAILED', reason, workflowName: startWorkflowRequest.name });
        expect(String(run?.stackTrace).split('\n', 1)[0]).toMatch(/^[\w.]+Exception: /);
        expect(String(run?.stackTrace)).toContain(reason);
        expect(run).not.toHaveProperty('workflowId');
      }
    },
  },
  {
    title:
      'every entry of cronSchedules fires, also two at one instant, in its own zone, and a bad one is skipped',
    async holds(target, word) {
      const name = await saved(target, word, 'several', {
        cronExpression: '0 0 0 1 1 ?',
        cronSchedules: [
          { cronExpression: everyTwoSeconds },
          { cronExpression: everyTwoSeconds, zoneId: 'Asia/Tokyo' },
          { cronExpression: 'bad' },
          { cronExpression: everyTwoSeconds, zoneId: 'Mars/X' },
        ],
      });
      const found = await runsOf(target, name, 2);
      const moments = found.map((run) => run.scheduledTime);
      expect(moments.filter((moment) => moment === moments[0])).toHaveLength(2);
    },
  },
  {
    title:
      'the window: a fire exactly at start or end counts, one second outside does not, end 0 never fires',
    async holds(target, word) {
      const { cronExpression, at } = momentIn(target, 4);
      const windows: Record<string, { readonly window: Record<string, Json>; readonly fires: boolean }> = {
        'at-start': { window: { scheduleStartTime: at }, fires: true },
        'after-start': { window: { scheduleStartTime: at - 1000 }, fires: true },
        'before-start': { window: { scheduleStartTime: at + 1000 }, fires: false },
        'at-end': { window: { scheduleEndTime: at }, fires: true },
        'after-end': { window: { scheduleEndTime: at - 1000 }, fires: false },
        'end-0': { window: { scheduleEndTime: 0 }, fires: false },
        // Before a future start the end is not looked at, so it fires once.
        'upside-down': { window: { scheduleStartTime: at, scheduleEndTime: at - 60_000 }, fires: true },
      };
      for (const [suffix, { window }] of Object.entries(windows))
        await saved(target, word, suffix, { cronExpression, ...window });
      await target.wait(at - target.now() + patience);
      for (const [suffix, { fires }] of Object.entries(windows)) {
        const moments = (await runs(target, `${word}-${suffix}`)).map((run) => run.scheduledTime);
        expect(moments, suffix).toEqual(fires ? [at] : []);
      }
    },
  },
  {
    title: 'catch-up ignores the window; upside down it fires exactly once',
    async holds(target, word) {
      const start = Math.ceil(target.now() / 1000) * 1000 + 2000;
      const catchUp = await saved(target, word, 'catchup', {
        cronExpression: everyTwoSeconds,
        scheduleStartTime: start + 3_600_000,
        scheduleEndTime: 0,
        runCatchupScheduleInstances: true,
      });
      const upsideDown = await saved(target, word, 'upside', {
        cronExpression: '* * * * * ?',
        scheduleStartTime: start,
        scheduleEndTime: start - 60_000,
      });
      await runsOf(target, catchUp, 2);
      await done(target, { method: 'DELETE', path: schedules(catchUp) });
      await target.wait(patience);
      expect((await runs(target, upsideDown)).map((run) => run.scheduledTime)).toEqual([start]);
    },
  },
  {
    title: 'names that the timer queue misreads never fire with a top-level cron, and do with cronSchedules',
    async holds(target, word) {
      const top = { cronExpression: everyTwoSeconds, startWorkflowRequest: { name: word } };
      const several = {
        cronSchedules: [{ cronExpression: everyTwoSeconds }],
        startWorkflowRequest: { name: word },
      };
      const tail = word.slice(1);
      const names = {
        top: `abcd:${tail}`,
        several: `efgh:${tail}`,
        json: `{"n":"${tail}"}`,
        brace: `{${tail}`,
      };
      await done(target, save(names.top, top));
      await done(target, save(names.several, several));
      await done(target, save(names.json, top));
      await done(target, save(names.brace, top));
      await runsOf(target, names.several, 1);
      await runsOf(target, names.brace, 1);
      await target.wait(patience);
      expect(await runs(target, names.top)).toEqual([]);
      expect(await runs(target, names.json)).toEqual([]);
      for (const name of Object.values(names))
        await done(target, { method: 'DELETE', path: schedules(name) });
    },
  },
  {
    title: 'a save drops a fire that is due and not started',
    async holds(target, word) {
      const { cronExpression, at } = momentIn(target, 3);
      const touched = await saved(target, word, 'touched', { cronExpression });
      const left = await saved(target, word, 'left', { cronExpression });
      await whilePollingIsOff(target, async () => {
        await target.wait(at - target.now() + 1500);
        await saved(target, word, 'touched', { cronExpression });
      });
      expect((await runsOf(target, left, 1)).map((run) => run.scheduledTime)).toEqual([at]);
      await target.wait(2000);
      expect(await runs(target, touched)).toEqual([]);
    },
  },
  {
    title: 'while polling is off due fires wait: one late start each, with catch-up every missed one',
    async holds(target, word) {
      const plain = await saved(target, word, 'late', { cronExpression: everyTwoSeconds });
      const catchUp = await saved(target, word, 'all', {
        cronExpression: everyTwoSeconds,
        runCatchupScheduleInstances: true,
      });
      let onAgain = 0;
      await whilePollingIsOff(target, async () => {
        await target.wait(7000);
        onAgain = target.now();
      });
      await target.wait(10_000);
      const late = async (name: string) =>
        (await runs(target, name))
          .filter((run) => Number(run.executionTime) >= onAgain && Number(run.scheduledTime) < onAgain - 1000)
          .map((run) => run.scheduledTime);
      expect(await late(plain)).toHaveLength(1);
      const madeUp = await late(catchUp);
      expect(madeUp.length).toBeGreaterThanOrEqual(3);
      expect(new Set(madeUp).size).toBe(madeUp.length);
      await done(target, { method: 'DELETE', path: schedules(plain) });
      await done(target, { method: 'DELETE', path: schedules(catchUp) });
    },
  },
  {
    title: 'a pause drops its fires, and a resume never makes them up, not even with catch-up',
    async holds(target, word) {
      const { cronExpression, at } = momentIn(target, 2);
      const name = await saved(target, word, 'paused', { cronExpression, runCatchupScheduleInstances: true });
      await done(target, { method: 'PUT', path: `${schedules(name)}/pause` });
      await target.wait(at - target.now() + 1500);
      await done(target, { method: 'PUT', path: `${schedules(name)}/resume` });
      await target.wait(patience);
      expect(await runs(target, name)).toEqual([]);
    },
  },
  {
    title:
      'a save that fails in the store leaves the schedule active to look at and dead; pause and resume revive it',
    async holds(target, word) {
      const name = await saved(target, word, 'dead', { cronExpression: everyTwoSeconds });
      const sane = await saved(target, word, 'sane', { cronExpression: everyTwoSeconds });
      await runsOf(target, name, 1);
      const failed = await askRaw(target, save(name, { startWorkflowRequest: {} }));
      expect(failed.status).toBe(500);
      const badZone = await askRaw(target, save(sane, { zoneId: 'Mars/X' }));
      expect(badZone.status).toBe(500);
      await target.wait(patience);
      const before = await runs(target, name);
      const saneBefore = await runs(target, sane);
      await target.wait(patience);
      expect(await runs(target, name)).toEqual(before);
      expect((await runs(target, sane)).length).toBeGreaterThan(saneBefore.length);
      expect(await done(target, { method: 'GET', path: schedules(name) })).toMatchObject({
        paused: false,
        cronExpression: everyTwoSeconds,
      });
      await done(target, { method: 'PUT', path: `${schedules(name)}/pause` });
      await done(target, { method: 'PUT', path: `${schedules(name)}/resume` });
      await runsOf(target, name, before.length + 1);
      await done(target, { method: 'DELETE', path: schedules(name) });
      await done(target, { method: 'DELETE', path: schedules(sane) });
    },
  },
  {
    title: 'past runs: clauses, sort and pages',
    async holds(target, word) {
      const a = await saved(target, word, 'a', { cronExpression: everyTwoSeconds });
      const b = await saved(target, word, 'b,c', {
        cronExpression: everyTwoSeconds,
        startWorkflowRequest: { name: `${word}-nosuch` },
      });
      await runsOf(target, a, 2);
      await runsOf(target, b, 2);
      for (const name of [a, b]) await done(target, { method: 'DELETE', path: schedules(name) });
      await target.wait(1500);
      const [first, second] = await runs(target, a);
      const search = async (query: string, rest = ''): Promise<readonly string[]> => {
        const path = `/api/scheduler/search/executions?query=${encodeURIComponent(query)}${rest}`;
        const page = (await done(target, { method: 'GET', path })) as { results: readonly JsonObject[] };
        return page.results.map((run) => String(run.scheduleName));
      };
      const countA = (await search(a)).length;
      const countB = (await search(b)).length;
      expect(countA).toBeGreaterThanOrEqual(2);
      expect(countB).toBeGreaterThanOrEqual(2);
      const own = `workflowName=${word}`;
      expect((await search(own)).length).toBe(countA + countB);
      expect((await search(own.toUpperCase().replace('WORKFLOWNAME', 'workflowName'))).length).toBe(
        countA + countB,
      );
      expect((await search(`${own} AND state IN (FAILED)`)).length).toBe(countB);
      expect((await search(`${own} AND state IN (FAILED) AND state IN (EXECUTED)`)).length).toBe(
        countA + countB,
      );
      expect((await search(`${own} AND state IN (failed)`)).length).toBe(0);
      expect((await search(`scheduleName IN (${a}, ${word}-z)`)).length).toBe(countA);
      expect((await search(`scheduleName IN (${b})`)).length).toBe(0);
      expect((await search(`${a} AND ${b}`)).length).toBe(countA + countB);
      expect((await search(`scheduleName='${a}'`)).length).toBe(0);
      expect((await search(`${a} AND scheduledTime>${first?.scheduledTime}`)).length).toBe(countA - 1);
      expect((await search(`${a} AND scheduledTime<${second?.scheduledTime}`)).length).toBe(1);
      expect((await search(`executionId=${first?.executionId}`)).length).toBe(1);
      expect((await search(own, '&size=1')).length).toBe(1);
      expect((await search(own, '&size=0')).length).toBe(0);
      expect((await search(own, '&size=-1&freeText=zzz')).length).toBe(countA + countB);
      expect((await search(own, '&start=1')).length).toBe(countA + countB - 1);
      const ups = await search(own, '&sort=scheduleName:ASC');
      expect(ups).toEqual([...ups].sort());
      expect(await search(own, '&sort=scheduleName')).toEqual([...ups].reverse());
      const moments = (await runs(target, a, 'nosuchfield:ASC')).map((run) => Number(run.scheduledTime));
      expect(moments).toEqual([...moments].sort((x, y) => x - y));
      const newest = (await runs(target, a, '')).map((run) => Number(run.scheduledTime));
      expect(newest).toEqual([...moments].reverse());
    },
  },
];
