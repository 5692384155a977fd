import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextRunOfEntry, type TimerEntry, type Timing } from '../../src/cron/fire/entry-timers.ts';
import { completeFrom } from '../../src/fires/audit/complete-from.ts';
import { type Judged, judge, type PastRun } from '../../src/fires/audit/judge.ts';
import { usualLateness } from '../../src/fires/audit/usual.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { createScheduler, type Scheduler } from '../../src/scheduler/core.ts';
import type { Effect } from '../../src/scheduler/journal.ts';
import { cutHistory } from '../../src/scheduler/run-history.ts';
import { casesOf } from '../support/cases.ts';
import { changes } from '../support/crons.ts';
import { wireRequest } from '../support/scheduler.ts';
import { lawSettings } from './settings.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Whether a fire so soon after a save was among its timers, nobody can tell from outside. */
const unclear = 2000;

type Body = { readonly crons: readonly string[]; readonly zone: string } & {
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly catchup: boolean;
  readonly paused: boolean;
};

type Event = { readonly at: number; readonly of: number } & (
  | { readonly kind: 'save'; readonly body: Body }
  | { readonly kind: 'pause' | 'resume' | 'delete' | 'dead-timer' | 'cut' }
  | { readonly kind: 'down' | 'stopped'; readonly for: number }
  | { readonly kind: 'slow'; readonly by: number }
);

const crons = fc
  .tuple(
    fc.constantFrom('0', '30', '0,30'),
    fc.constantFrom('0', '*/15', '30', '5,35', '*/7', '0,59', '*/2'),
    fc.constantFrom('*', '1', '2', '0-3', '*/2', '23', '1,2', '0'),
  )
  .map(([second, of, hours]) => `${second} ${of} ${hours} * * ?`);

function bodies(zone: string): fc.Arbitrary<Body> {
  return fc.record({
    crons: fc.oneof(
      { weight: 3, arbitrary: fc.array(crons, { minLength: 1, maxLength: 1 }) },
      { weight: 1, arbitrary: fc.array(crons, { minLength: 2, maxLength: 3 }) },
    ),
    zone: fc.constantFrom(zone, zone, 'UTC'),
    start: fc.option(fc.integer({ min: 0, max: day }), { nil: undefined, freq: 5 }),
    end: fc.option(fc.integer({ min: 0, max: day }), { nil: undefined, freq: 5 }),
    catchup: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
    paused: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, fc.constant(true)),
  });
}

function events(zone: string): fc.Arbitrary<Event> {
  const at = fc.integer({ min: 0, max: day });
  const of = fc.integer({ min: 0, max: 2 });
  return fc.oneof(
    { weight: 3, arbitrary: fc.record({ at, of, kind: fc.constant('save' as const), body: bodies(zone) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        at,
        of,
        kind: fc.constantFrom('pause' as const, 'resume', 'resume', 'delete', 'dead-timer', 'cut'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        at,
        of,
        kind: fc.constantFrom('down' as const, 'stopped'),
        for: fc.integer({ min: 1000, max: 5 * hour }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        at,
        of,
        kind: fc.constant('slow' as const),
        by: fc.constantFrom(0, 500, 20_000, 90_000, 30 * minute),
      }),
    },
  );
}

const days = fc
  .tuple(fc.constantFrom(...changes), fc.integer({ min: 0, max: 20 }))
  .chain(([{ zone, at }, hoursBefore]) =>
    fc.record({
      begin: fc.constant(Date.parse(at) - hoursBefore * hour),
      first: fc.array(bodies(zone), { minLength: 1, maxLength: 3 }),
      events: fc.array(events(zone), { maxLength: 8 }),
      sinceHours: fc.integer({ min: 1, max: 25 }),
      /** Whether somebody asked for runs from before the interval. */
      looksBack: fc.boolean(),
      failing: fc.integer({ min: 2, max: 9 }),
      waits: fc.integer({ min: 0, max: 300_000 }),
    }),
  );

type Day = typeof days extends fc.Arbitrary<infer T> ? T : never;

/** Plays a day on the local scheduler and keeps its journal. */
function played({ begin, first, events: all, failing, waits }: Day): {
  readonly scheduler: Scheduler;
  readonly journal: readonly Effect[];
  readonly now: number;
  readonly wasCut: boolean;
} {
  let now = begin;
  const journal: Effect[] = [];
  let fires = 0;
  const options = {
    serverType: 'oss-2' as const,
    now: () => now,
    acceptAnyWorkflow: true,
    journal: (effect: Effect) => journal.push(effect),
    failsRun: () => {
      fires += 1;
      return fires % failing === 0;
    },
  };
  let scheduler = createScheduler(options);
  let wasCut = false;
  let slow = 0;
  let silentUntil = 0;
  const names = ['a', 'b', 'c'];
  const put = (name: string, body: Body): void => scheduler.put(wire(name, body, begin));
  const until = (end: number): void => {
    for (;;) {
      const times = names.flatMap((name) => scheduler.timers(name));
      const due = Math.max(Math.min(...times), now);
      const at = Math.max(due + slow, silentUntil);
      if (at > end || times.length === 0) break;
      now = at;
      // A moment that was past when it was computed waits a second.
      if (scheduler.tick() === 0) now += 1000;
    }
    now = Math.max(now, end);
  };
  for (const [index, body] of first.entries()) put(names[index] as string, body);
  for (const event of [...all].sort((a, b) => a.at - b.at)) {
    until(Math.max(now, begin + event.at));
    const name = names[event.of] as string;
    const path = `/api/scheduler/schedules/${name}`;
    switch (event.kind) {
      case 'save':
        put(name, event.body);
        break;
      case 'pause':
      case 'resume':
        scheduler.handle(wireRequest('PUT', `${path}/${event.kind}`));
        break;
      case 'delete':
        scheduler.handle(wireRequest('DELETE', path));
        break;
      case 'dead-timer':
        scheduler.handle(wireRequest('POST', '/api/scheduler/schedules', { name, startWorkflowRequest: {} }));
        break;
      case 'cut': {
        const state = scheduler.state();
        scheduler = createScheduler({
          ...options,
          initial: { ...state, executions: cutHistory(state.executions) },
        });
        wasCut = true;
        break;
      }
      case 'down':
        scheduler.restart(event.for);
        silentUntil = Math.max(silentUntil, now + event.for);
        break;
      case 'stopped':
        silentUntil = Math.max(silentUntil, now + event.for);
        break;
      case 'slow':
        slow = event.by;
    }
  }
  until(Math.max(now, begin + day));
  now += waits;
  return { scheduler, journal, now, wasCut };
}

function wire(
  name: string,
  { crons: own, zone, start, end, catchup, paused }: Body,
  begin: number,
): JsonObject {
  const [cron = ''] = own;
  const timers =
    own.length === 1
      ? { cronExpression: cron, zoneId: zone }
      : { cronSchedules: own.map((cronExpression) => ({ cronExpression, zoneId: zone })) };
  return {
    name,
    ...timers,
    ...(start === undefined ? {} : { scheduleStartTime: begin + start }),
    ...(end === undefined ? {} : { scheduleEndTime: begin + end }),
    runCatchupScheduleInstances: catchup,
    paused,
    startWorkflowRequest: { name: 'w' },
  };
}

function timingOf(schedule: JsonObject): Timing {
  const { cronSchedules, cronExpression, zoneId, scheduleStartTime: start, scheduleEndTime: end } = schedule;
  const several = (Array.isArray(cronSchedules) ? cronSchedules : []) as unknown as TimerEntry[];
  const single = { cronExpression: String(cronExpression), zoneId: String(zoneId) };
  return {
    entries: several.length > 0 ? several : [single],
    ...(start === undefined ? {} : { startTime: Number(start) }),
    ...(end === undefined ? {} : { endTime: Number(end) }),
    catchup: schedule.runCatchupScheduleInstances === true,
  };
}

/** The moments of one entry by the rule that the scheduler itself goes by, each fire punctual. */
function punctual(entry: TimerEntry, timing: Timing, since: number, end: number): readonly number[] {
  const found: number[] = [];
  let at = nextRunOfEntry(entry, timing, since, since);
  while (at !== null && at < end) {
    found.push(at);
    at = nextRunOfEntry(entry, timing, at, at);
  }
  return found;
}

function countsOf(moments: Iterable<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const at of moments) counts.set(at, (counts.get(at) ?? 0) + 1);
  return counts;
}

let seen = { missed: 0, late: 0, failed: 0, unknown: 0, due: 0, ran: 0, cut: 0, overdue: 0 };

/** Holds the audit of one schedule against the journal. */
function holds(
  schedule: JsonObject,
  day: Day,
  { scheduler, journal, now, wasCut }: ReturnType<typeof played>,
): void {
  const { name, updatedTime, createTime, paused } = schedule;
  const changed = Number(updatedTime);
  const created = Number(createTime);
  const from = now - day.sinceHours * hour;
  const timing = timingOf(schedule);
  const own = scheduler
    .state()
    .executions.filter(({ scheduleName }) => scheduleName === name)
    .sort((a, b) => a.scheduledTime - b.scheduledTime);
  const runs = own
    .filter(({ scheduledTime: at }) => at >= from && at < now)
    .map(({ scheduledTime: at, executionTime: started, state }): PastRun => ({ at, started, state }));
  const hasOlder = day.looksBack && own.some(({ scheduledTime: at }) => at < from);
  const usual = usualLateness(
    runs.slice(1).flatMap(({ at, started = at }) => (at > changed ? [started - at] : [])),
  );
  const complete = completeFrom(
    { moments: runs.map(({ at }) => at), hasOlder, readFrom: Number.NEGATIVE_INFINITY, oldest: undefined },
    5,
  );
  const told: Judged[] = [];
  const last = own.findLast(({ scheduledTime: at }) => at < from);
  const before =
    day.looksBack && last
      ? { before: { at: last.scheduledTime, started: last.executionTime, state: '' } }
      : {};
  const { overdue } = judge(
    { timing, paused: paused === true, changed, created, runs, completeFrom: complete, ...before },
    { from, to: now, now },
    usual,
    (one) => told.push(one),
  );

  // What should have been, from the rules of the scheduler alone.
  const should = timing.entries.flatMap((entry) => [
    ...punctual(entry, timing, Math.max(from - 1, created), Math.min(now, changed + 1)),
    ...(paused === true ? [] : punctual(entry, timing, changed, now).filter((at) => at >= from)),
  ]);
  const judged = told.filter((one) => one.class !== 'unexpected');
  expect(judged.map(({ at }) => at)).toEqual(should.sort((a, b) => a - b));

  const fired = journal.filter(
    (effect): effect is Extract<Effect, { kind: 'fired' }> => effect.kind === 'fired' && effect.name === name,
  );
  const ran = countsOf(fired.map(({ scheduledTime }) => scheduledTime));
  const kept = countsOf(own.map(({ scheduledTime }) => scheduledTime));
  const claimed = countsOf(
    judged.filter(({ class: kind }) => ['ran', 'late', 'failed'].includes(kind)).map(({ at }) => at),
  );
  const due = countsOf(should);
  for (const one of judged) {
    seen[one.class as keyof typeof seen] += 1;
    const effects = fired.filter(({ scheduledTime }) => scheduledTime === one.at);
    const { at, class: kind } = one;
    // Never more than happened, and all that is left of it.
    expect(claimed.get(at) ?? 0).toBe(Math.min(due.get(at) ?? 0, kept.get(at) ?? 0));
    const said = judged.filter((other) => other.at === at);
    switch (kind) {
      case 'failed':
        expect(effects.some(({ state }) => state === 'FAILED')).toBe(true);
        break;
      case 'ran':
      case 'late': {
        const start = one.run?.started ?? Number.NaN;
        expect(effects.some((effect) => effect.state === 'EXECUTED' && effect.at === start)).toBe(true);
        expect(start - at > usual.lateAfter).toBe(kind === 'late');
        break;
      }
      case 'missed':
        // Nothing that ran is missed, whatever was cut.
        expect(ran.get(at) ?? 0).toBeLessThan(said.length);
        expect(at).toBeGreaterThan(changed + unclear);
        break;
      case 'due':
        expect(ran.get(at) ?? 0).toBeLessThan(said.length);
        expect(at > now - usual.missedAfter || timing.catchup).toBe(true);
        break;
      default: {
        const isEarly = at <= changed + unclear;
        const isCut = at <= (runs[0]?.at ?? Number.NEGATIVE_INFINITY) && runs.length >= 5 && !hasOlder;
        const isElsewhere = one.why?.kind === 'other-moment';
        if (isCut && !isEarly) seen.cut += 1;
        expect(isEarly || isCut || isElsewhere).toBe(true);
        if (isElsewhere) expect(wasCut || fired.length > 0).toBe(true);
      }
    }
  }
  // Since its last change the scheduler starts nothing but what it should.
  expect(told.filter((one) => one.class === 'unexpected')).toEqual([]);

  // A timer that waits too long, by the scheduler's own timers.
  if (timing.entries.length > 1 || timing.catchup || paused === true || complete > from) return;
  const [waits] = scheduler.timers(String(name));
  // A run from before the interval that was started inside of it is what nobody looked for.
  if (!day.looksBack && (last?.executionTime ?? 0) >= from) return;
  const after = Math.max(changed, own.at(-1)?.executionTime ?? 0);
  const [entry] = timing.entries as [TimerEntry];
  const lost = punctual(entry, timing, changed, now).find((at) => at > after);
  const waiting = waits ?? lost ?? Number.POSITIVE_INFINITY;
  if (waiting <= changed + unclear || waiting < from) return;
  const isOverdue = waiting <= now - usual.missedAfter;
  if (isOverdue) seen.overdue += 1;
  expect(overdue).toBe(isOverdue ? waiting : undefined);
}

describe('the audit of a day', () => {
  it("is the scheduler's own journal, as far as the server still knows it", { timeout: 3_600_000 }, () => {
    seen = { missed: 0, late: 0, failed: 0, unknown: 0, due: 0, ran: 0, cut: 0, overdue: 0 };
    fc.assert(
      fc.property(days, (one) => {
        const end = played(one);
        for (const schedule of end.scheduler.state().schedules) holds(schedule, one, end);
      }),
      { numRuns: casesOf(2000), seed: lawSettings.seed },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
    if (process.env.DOWNBEAT_LAW_SHOW) process.stderr.write(`${JSON.stringify(seen)}\n`);
  });
});
