import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defaultLimits } from '../../src/model/config.ts';
import { canonicalJson, type JsonObject } from '../../src/model/json.ts';
import { markedDescription, markerTags } from '../../src/model/marks/marker.ts';
import { normalize } from '../../src/model/normal.ts';
import type { MissedFire } from '../../src/model/result.ts';
import { openPolicy } from '../../src/model/run-policy.ts';
import type { DesiredSchedule, Tag } from '../../src/model/schedule.ts';
import { desiredOf } from '../support/schedules.ts';
import { type World, worldOf } from '../support/world.ts';
import { anyCase, optionsOf } from './laws.ts';
import { lawSettings } from './settings.ts';

const { runs, seed } = lawSettings;
const policy = {
  ...openPolicy,
  owner: 'us',
  limits: { ...defaultLimits, deletes: { kind: 'none' }, updates: { kind: 'none' } },
} as const;
const everyOther = { cronExpression: '0 */2 * * * ?', startWorkflowRequest: { name: 'w' } };
const team: Tag = { key: 'team', value: 'a' };

/** One schedule that is renamed: how it was, and what its manifest says besides. */
interface Move {
  readonly paused: boolean;
  readonly tagged: boolean;
  readonly wish: boolean | undefined;
  readonly size: number;
  readonly oldNames: 1 | 2;
}

const aMove: fc.Arbitrary<Move> = fc.record({
  paused: fc.boolean(),
  tagged: fc.boolean(),
  wish: fc.constantFrom(undefined, undefined, true, false),
  size: fc.integer({ min: 1, max: 2 }),
  oldNames: fc.constantFrom<(1 | 2)[]>(1, 2),
});

const aCase = fc.record({
  // Nobody else writes, so whatever is wrong in the end is ours.
  world: anyCase.map((one) => ({
    ...one,
    faults: one.faults.filter(({ kind }) => kind !== 'foreign writer'),
    faultRate: one.faults.every(({ kind }) => kind === 'foreign writer') ? 0 : one.faultRate,
  })),
  moves: fc.array(aMove, { minLength: 1, maxLength: 3 }),
  /** How long the old ones have been running, in milliseconds. */
  age: fc.integer({ min: 0, max: 240_000 }),
});

const input = (size: number): JsonObject => ({ ...everyOther.startWorkflowRequest, input: { size } });
const old = (index: number): string => `old-${index}`;
const older = (index: number): string => `older-${index}`;
const renamed = (index: number): string => `new-${index}`;

function manifest({ wish, size, oldNames }: Move, index: number): DesiredSchedule {
  const body = { ...everyOther, name: renamed(index), startWorkflowRequest: input(size) };
  const plain = desiredOf(
    normalize(body as never).schedule,
    wish === undefined ? {} : { pause: { paused: wish } },
  );
  const previousNames = [old(index), ...(oldNames === 2 ? [older(index)] : [])];
  return { ...plain, lifecycle: { ...plain.lifecycle, previousNames } };
}

function fill(world: World, moves: readonly Move[], hasTags: boolean, keepsReason: boolean): void {
  const put = (
    name: string,
    owner: string | undefined,
    body: JsonObject,
    tags: readonly Tag[] = [],
  ): void => {
    const marker = { owner: owner ?? '', protected: false };
    const marked = owner !== undefined && !hasTags;
    world.scheduler.put(
      {
        ...everyOther,
        name,
        ...body,
        ...(marked ? { description: markedDescription(name, undefined, marker) } : {}),
      },
      [...tags, ...(owner !== undefined && hasTags ? markerTags(name, marker) : [])],
    );
  };
  moves.forEach(({ paused, tagged, oldNames }, index) => {
    const reason = keepsReason ? { pausedReason: `INC-${index}` } : {};
    const body = { startWorkflowRequest: input(1), ...(paused ? { paused, ...reason } : {}) };
    put(old(index), 'us', body, tagged && hasTags ? [team] : []);
    // Paused, so that the two of them do not fire together before anything is renamed.
    if (oldNames === 2) put(older(index), 'us', { paused: true });
  });
  put('theirs', 'them', {});
  put('nobodys', undefined, {});
  put('orphan', 'us', {});
}

it(`a rename loses nothing and fires nothing twice, in ${runs} random cases (seed ${seed})`, {
  timeout: 3_600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(aCase, async ({ world: one, moves, age }) => {
      const hasTags = !one.serverType.startsWith('oss');
      const keepsReason = one.serverType !== 'orkes-old' && one.serverType !== 'documented';
      const world = worldOf({ ...optionsOf(one), policy });
      fill(world, moves, hasTags, keepsReason);
      const begin = world.clock.now();
      world.clock.advance(age, world.scheduler.tick);
      const untouched = bystanders(world);

      const desired = moves.map(manifest);
      const missed: MissedFire[] = [];
      let converged = false;
      for (let run = 0; run < 20 && !converged; run += 1) {
        if (run > 0) world.clock.advance(30_000, world.scheduler.tick);
        const ended = await world.run(desired, one.stops[run]);
        if (ended.kind === 'failed') continue;
        missed.push(...ended.result.possiblyMissed);
        converged = run >= one.stops.length && ended.plan.changes.every(({ steps }) => steps.length === 0);
      }
      expect(converged, 'it converges').toBe(true);
      world.clock.advance(300_000, world.scheduler.tick);
      expect(bystanders(world), 'what is not renamed is as before').toBe(untouched);

      const { schedules, tags } = world.scheduler.state();
      for (const [index, move] of moves.entries()) {
        const names = schedules.map(({ name }) => String(name)).filter((name) => name.endsWith(`-${index}`));
        expect(names).toStrictEqual([renamed(index)]);
        const now = schedules.find(({ name }) => name === renamed(index));
        const paused = move.wish ?? move.paused;
        expect(now?.paused === true, 'the pause moves along, unless the manifest knows better').toBe(paused);
        if (move.paused && paused && keepsReason) expect(now?.pausedReason).toBe(`INC-${index}`);
        if (!paused) expect(now).not.toHaveProperty('pausedReason');
        if (hasTags && move.tagged) expect(tags[renamed(index)]).toContainEqual(team);
        holdFires(world, index, begin, paused || move.paused ? undefined : missed);
      }
    }),
    { numRuns: runs, seed },
  );
});

function bystanders(world: World): string {
  const { schedules, tags } = world.scheduler.state();
  const kept = schedules.filter(({ name }) => ['theirs', 'nobodys', 'orphan'].includes(String(name)));
  return canonicalJson([kept, [tags.theirs, tags.nobodys, tags.orphan].map((one) => one ?? []) as never]);
}

/** Every moment fires once under whichever name; with `missed`, one that does not is said to be possibly missed. */
function holdFires(
  world: World,
  index: number,
  begin: number,
  missed: readonly MissedFire[] | undefined,
): void {
  const fired = world.events.flatMap((event) =>
    event.kind === 'effect' && event.effect.kind === 'fired' && event.effect.name.endsWith(`-${index}`)
      ? [event.effect.scheduledTime]
      : [],
  );
  expect(fired.length, 'no moment fires twice').toBe(new Set(fired).size);
  // A store that fails while it is written leaves a schedule that looks active: see the laws of saves.
  const dead = world.events.some((event) => event.kind === 'effect' && event.effect.kind === 'timers lost');
  if (missed === undefined || dead) return;
  const said = new Set(missed.filter(({ name }) => name === renamed(index)).map(({ at }) => at));
  const lost: string[] = [];
  for (let at = Math.ceil((begin + 1) / 120_000) * 120_000; at < world.clock.now(); at += 120_000)
    if (!fired.includes(at) && !said.has(at)) lost.push(new Date(at).toISOString());
  expect(lost, 'no fire is lost in silence').toStrictEqual([]);
}
