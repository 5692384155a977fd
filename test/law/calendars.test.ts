import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepsOf } from '../../src/cron/days/named-days.ts';
import { parseTimer } from '../../src/cron/fire/entry-timers.ts';
import { fires } from '../../src/cron/fire/fires.ts';
import { dayNumber } from '../../src/cron/zone/civil.ts';
import { wallAt } from '../../src/cron/zone/wall.ts';
import type { Calendar } from '../../src/manifest/calendars/calendars.ts';
import { readIcs } from '../../src/manifest/calendars/ics.ts';
import { loadManifests } from '../../src/manifest/desired.ts';
import { openPolicy } from '../../src/model/run-policy.ts';
import type { DesiredSchedule } from '../../src/model/schedule.ts';
import { casesOf } from '../support/cases.ts';
import { worldOf } from '../support/world.ts';
import { lawSettings } from './settings.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** A year of them under `npm run test:laws`. */
const nights = casesOf(365);
const horizon = dayNumber({ year: 2029, month: 1, day: 1 });

const calendars: ReadonlyMap<string, Calendar> = new Map(
  ['germany', 'united-states', 'japan'].map((name) => {
    const read = readIcs(readFileSync(`examples/calendars/${name}.ics`, 'utf8'), horizon);
    if (!read.ok) throw new Error(read.why);
    const { days, knownTo, last } = read;
    return [name, { name, days, knownTo, ...(last === undefined ? {} : { last }) }];
  }),
);

function manifest(name: string, cron: string, zone: string, rest: string): string {
  return `name: ${name}\ncronExpression: "${cron}"\nzoneId: ${zone}\n${rest}\nstartWorkflowRequest: {name: w}\n`;
}

const text = [
  manifest('berlin', '0 0 9 * * MON-FRI', 'Europe/Berlin', 'except: [germany]'),
  manifest('new-york', '0 30 8,16 * * MON-FRI', 'America/New_York', 'except: [united-states]'),
  manifest('tokyo', '0 0 0 * * *', 'Asia/Tokyo', 'except: [japan, germany]'),
  manifest('month-end', '0 15 23 LW * *', 'Europe/Berlin', 'except: [germany]'),
  manifest('only', '0 0 12 * * *', 'Asia/Tokyo', 'only: [japan]'),
].join('---\n');

function desiredAt(now: number): readonly DesiredSchedule[] {
  const { desired, diagnostics } = loadManifests([{ path: 'a.yaml', text }], { calendars, now });
  expect(diagnostics.filter(({ diagnostic }) => diagnostic.severity === 'error')).toEqual([]);
  return desired;
}

function localDay(zoneId: string, at: number): number {
  const timer = parseTimer({ cronExpression: '0 0 0 * * *', zoneId });
  if (timer === undefined) throw new Error(zoneId);
  return Math.floor(wallAt(timer.zone, at / 1000, false).local / 86_400);
}

/** When a schedule was to fire: its own crons, but for the days that its calendars leave out. */
function wanted({ days }: DesiredSchedule, from: number, to: number): readonly number[] {
  if (days === undefined) throw new Error('no days');
  const keeps = keepsOf(days);
  return [...fires({ entries: days.entries, catchup: false }, { from, to })]
    .filter(({ at, entry }) => keeps(localDay(entry.zoneId, at)))
    .map(({ at }) => at);
}

describe('a year of nightly applies', () => {
  it('fires on every day that counts and on no other, and saves each schedule at most fourteen times', {
    timeout: 600_000,
  }, async () => {
    const world = worldOf({ serverType: 'oss-2' });
    const start = world.clock.now();
    const saves = new Map<string, number>();
    for (let night = 0; night < nights; night += 1) {
      const ran = await world.run(desiredAt(world.clock.now()));
      if (ran.kind !== 'applied') throw new Error(JSON.stringify(ran));
      for (const { name, step, outcome } of ran.result.steps)
        if (step.kind === 'save' && outcome === 'done') saves.set(name, (saves.get(name) ?? 0) + 1);
      expect(ran.plan.changes.every(({ kind }) => kind === (night === 0 ? 'create' : 'horizon'))).toBe(true);
      for (let hours = 0; hours < 24; hours += 1) {
        world.clock.jump(hour);
        world.scheduler.tick();
      }
    }
    const end = world.clock.now();
    const fired = new Map<string, number[]>();
    for (const event of world.events)
      if (event.kind === 'effect' && event.effect.kind === 'fired')
        fired.set(event.effect.name, [...(fired.get(event.effect.name) ?? []), event.effect.scheduledTime]);
    for (const one of desiredAt(start)) {
      const { name } = one.schedule;
      expect([name, fired.get(name)]).toEqual([name, wanted(one, start, end)]);
      expect(saves.get(name)).toBeLessThanOrEqual(14);
    }
  });
});

describe('a plan of schedules that leave out days', () => {
  it('has the same digest on every later day for the same change, whatever was moved on meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 0, max: 60 }),
        fc.boolean(),
        async (before, between, isRename) => {
          const policy = { ...openPolicy, owner: 'team' };
          const [stays, moved] = [
            worldOf({ serverType: 'oss-2', policy }),
            worldOf({ serverType: 'oss-2', policy }),
          ];
          const edited = (now: number): readonly DesiredSchedule[] =>
            desiredAt(now).map((one) => ({
              ...one,
              schedule: {
                ...one.schedule,
                description: 'new',
                ...(isRename ? { name: `${one.schedule.name}-new` } : {}),
              },
              lifecycle: { ...one.lifecycle, previousNames: isRename ? [one.schedule.name] : [] },
            }));
          for (const world of [stays, moved]) {
            world.clock.jump(before * day);
            await world.run(desiredAt(world.clock.now()));
          }
          const reviewed = await stays.plan(edited(stays.clock.now()));
          expect(reviewed.digest).toBeDefined();
          expect(new Set(reviewed.changes.map(({ kind }) => kind))).toEqual(
            new Set([isRename ? 'rename' : 'update']),
          );
          moved.clock.jump(between * day);
          // The nightly apply of the branch without the change.
          await moved.run(desiredAt(moved.clock.now()));
          stays.clock.jump(between * day);
          for (const world of [stays, moved])
            expect((await world.plan(edited(world.clock.now()))).digest).toBe(reviewed.digest);
          expect((await stays.plan(desiredAt(stays.clock.now()))).digest).toBe(
            (await moved.plan(desiredAt(moved.clock.now()))).digest,
          );
        },
      ),
      { numRuns: Math.ceil(lawSettings.runs / 40), seed: lawSettings.seed },
    );
  });
});
