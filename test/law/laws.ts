import fc from 'fast-check';
import { expect } from 'vitest';
import { canonicalJson, type JsonObject } from '../../src/model/json.ts';
import { nameOf } from '../../src/model/plan.ts';
import type { StepResult } from '../../src/model/result.ts';
import type { DesiredSchedule, Tag } from '../../src/model/schedule.ts';
import { type Fault, seededFaults } from '../../src/scheduler/faults.ts';
import type { Effect } from '../../src/scheduler/journal.ts';
import type { ServedType, TagsWrite } from '../../src/scheduler/server-types.ts';
import { anyContents, anyDesired, type There } from '../support/desired.ts';
import { wireRequest } from '../support/scheduler.ts';
import type { Run, World, WorldEvent, WorldOptions } from '../support/world.ts';

/** One random case: what is wanted, what is there, what goes wrong, and what kind of server it is. */
export interface Case {
  readonly serverType: ServedType;
  readonly tagsWrite: TagsWrite;
  readonly desired: readonly DesiredSchedule[];
  readonly contents: readonly There[];
  readonly faultSeed: number;
  readonly faultRate: number;
  readonly faults: readonly Fault[];
  /** After so many faults everything works. */
  readonly mostFaults: number;
  /** Each run but the last ones is interrupted at this request; `undefined` = it is not. */
  readonly stops: readonly (number | undefined)[];
}

const aFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    kind: fc.constant('status' as const),
    status: fc.constantFrom(500 as const, 502 as const, 503 as const, 504 as const),
    effect: fc.boolean(),
  }),
  fc.constant<Fault>({ kind: 'status', status: 429, effect: false, retryAfterSeconds: 2 }),
  fc.record({ kind: fc.constant('reset' as const), effect: fc.boolean() }),
  fc.constant<Fault>({ kind: 'cut-off' }),
  fc.record({ kind: fc.constant('html' as const), effect: fc.boolean() }),
  fc.constant<Fault>({ kind: 'expired token' }),
  fc.constant<Fault>({ kind: 'lost write' }),
  fc.record({
    kind: fc.constant('restart' as const),
    effect: fc.boolean(),
    ms: fc.constantFrom(100, 1000, 30_000),
  }),
);

const schedules = '/api/scheduler/schedules';
const foreignName = fc.constantFrom('a', 'b', 'c', 'd');

/** Somebody else at work at the same time: edits, pauses, resumes and deletes. */
const aForeignWriter: fc.Arbitrary<Fault> = fc
  .oneof(
    foreignName.map((name) => wireRequest('PUT', `${schedules}/${name}/pause?reason=INC-9`)),
    foreignName.map((name) => wireRequest('GET', `${schedules}/${name}/pause?reason=INC-9`)),
    foreignName.map((name) => wireRequest('PUT', `${schedules}/${name}/resume`)),
    foreignName.map((name) => wireRequest('DELETE', `${schedules}/${name}`)),
    fc.tuple(foreignName, fc.boolean()).map(([name, paused]) =>
      wireRequest('POST', `${schedules}?overwrite=true`, {
        name,
        cronExpression: '0 0 1 1 * ?',
        description: 'by somebody else',
        paused,
        startWorkflowRequest: { name: 'theirs' },
      }),
    ),
  )
  .map((request): Fault => ({ kind: 'foreign writer', request }));

export const anyCase: fc.Arbitrary<Case> = fc.record({
  serverType: fc.constantFrom<ServedType[]>('oss-1', 'oss-2', 'orkes-old', 'orkes-new', 'documented'),
  tagsWrite: fc.constantFrom<TagsWrite[]>('replace', 'upsert', 'append'),
  desired: anyDesired,
  contents: anyContents,
  faultSeed: fc.integer(),
  faultRate: fc.constantFrom(0, 0.05, 0.2, 0.5),
  faults: fc.array(fc.oneof({ weight: 4, arbitrary: aFault }, { weight: 1, arbitrary: aForeignWriter }), {
    minLength: 1,
    maxLength: 4,
  }),
  mostFaults: fc.integer({ min: 0, max: 12 }),
  stops: fc.array(fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }), { maxLength: 2 }),
});

/** The world of a case. Server types that cannot be told apart from outside are configured. */
export function optionsOf(one: Case): WorldOptions {
  const { faultSeed: seed, faultRate: rate, faults, mostFaults: most } = one;
  return {
    serverType: one.serverType,
    configured: one.serverType === 'documented' || one.serverType === 'orkes-old',
    // What a server does not keep at all cannot converge; that is reported, and tested elsewhere.
    switches: { cronSchedules: 'kept', tagsWrite: one.tagsWrite },
    fault: seededFaults({ seed, rate, faults, most }),
  };
}

/** More than any case needs: each run meets at least one fault, or it is the last but one. */
const mostRuns = 20;

/**
 * Runs a case and holds it to every law:
 * (a) applied again and again until the faults end, it converges, and then there is nothing left to plan
 * (b) what no manifest names is byte for byte as before
 * (c) what was paused, and is not managed, never becomes active by a write that rests on a read of the pause
 * (d) no schedule loses the last of its desired tags on the way
 * (e) the result lists every planned step, and agrees with the server's own journal
 * (f) all that also when runs are interrupted at any request
 */
export async function holdLaws(one: Case, world: World): Promise<void> {
  for (const { body, tags } of one.contents) world.scheduler.put(body, tags);
  const before = unmanagedState(world, one.desired);

  let converged = false;
  for (let run = 0; run < mostRuns && !converged; run += 1) {
    // Nobody runs it again at once.
    if (run > 0) world.clock.advance(30_000, world.scheduler.tick);
    const from = world.events.length;
    const ended = await world.run(one.desired, one.stops[run]);
    holdResultLaw(ended, world.events.slice(from));
    converged =
      run >= one.stops.length &&
      ended.kind === 'applied' &&
      ended.result.steps.every(({ outcome }) => outcome === 'done') &&
      ended.plan.changes.every(({ steps }) => steps.length === 0);
  }
  expect(converged, 'law (a): it converges, and then nothing is left to plan').toBe(true);

  if (!one.faults.some(({ kind }) => kind === 'foreign writer')) {
    expect(unmanagedState(world, one.desired), 'law (b): the unmanaged are as before').toBe(before);
  }
  holdPauseLaw(one.desired, world.events);
  holdTagLaw(one.desired, world.events);
}

/** Everything that no manifest names, as text. */
function unmanagedState(world: World, desired: readonly DesiredSchedule[]): string {
  const managed = new Set(desired.map(({ schedule }) => schedule.name));
  const { schedules: all, tags } = world.scheduler.state();
  const kept = all.filter(({ name }) => !managed.has(String(name)));
  const labels = kept.map(({ name }) => tags[String(name)] ?? []);
  return canonicalJson([kept, labels as unknown as JsonObject[]]);
}

function effectsOf(events: readonly WorldEvent[], name: string): readonly Effect[] {
  return events.flatMap((event) =>
    event.kind === 'effect' && 'name' in event.effect && event.effect.name === name ? [event.effect] : [],
  );
}

function isOurs(effect: Effect): boolean {
  return 'by' in effect && effect.by !== 'somebody else';
}

function holdResultLaw(ended: Run, events: readonly WorldEvent[]): void {
  if (ended.kind === 'failed') {
    const writes = events.filter((event) => event.kind === 'effect' && isOurs(event.effect));
    expect(writes, 'law (e): a run that could not plan writes nothing').toStrictEqual([]);
    return;
  }
  const { plan, result } = ended;
  const planned = plan.changes.flatMap((change) =>
    change.steps.map((step) => ({ name: nameOf(change, step), step })),
  );
  const listed = result.steps.map(({ name, step }) => ({ name, step }));
  expect(listed, 'law (e): every planned step is in the result').toStrictEqual(planned);
  for (const step of result.steps) holdStep(step, effectsOf(events, step.name).filter(isOurs));
}

/** The kinds of effect that a step has on the server. */
const effectOf: { readonly [K in StepResult['step']['kind']]: Effect['kind'] } = {
  save: 'saved',
  pause: 'paused',
  resume: 'resumed',
  tag: 'tagged',
  untag: 'tagged',
  delete: 'deleted',
};

function holdStep({ name, step, outcome, failure, note }: StepResult, ours: readonly Effect[]): void {
  const kind = effectOf[step.kind];
  const took = ours.filter((effect) => effect.kind === kind);
  const what = `law (e): ${step.kind} of ${name} is ${outcome}`;
  if (outcome === 'stale' || outcome === 'not-run' || outcome === 'already') {
    expect(took, what).toStrictEqual([]);
  }
  // A tag step may find its tags there after the save, and a delete may find it gone.
  if (outcome === 'done' && step.kind === 'save') expect(took.length, what).toBeGreaterThan(0);
  if (outcome === 'failed' && failure?.effect === 'none' && note === undefined) {
    expect(took, `${what} without effect: ${failure.kind}`).toStrictEqual([]);
  }
}

function holdPauseLaw(desired: readonly DesiredSchedule[], events: readonly WorldEvent[]): void {
  const resumable = new Set(
    desired.filter(({ pause }) => pause?.paused === false).map((one) => one.schedule.name),
  );
  events.forEach((event, index) => {
    if (event.kind !== 'effect') return;
    const { effect } = event;
    if (
      (effect.kind !== 'saved' && effect.kind !== 'resumed') ||
      !isOurs(effect) ||
      resumable.has(effect.name)
    )
      return;
    if (effect.before?.paused !== true || effect.after.paused === true) return;
    // Somebody paused it after the read that this write rests on: no client can know, for there is no version.
    const path = `${schedules}/${encodeURIComponent(effect.name)}`;
    const read = events.findLastIndex(
      (other, at) => at < index && other.kind === 'request' && other.method === 'GET' && other.path === path,
    );
    const since = effectsOf(events.slice(Math.max(read, 0), index), effect.name).filter(
      (other) => !isOurs(other),
    );
    expect(since, `law (c): ${effect.name} was paused and is resumed by a ${effect.kind}`).not.toStrictEqual(
      [],
    );
  });
}

function holdTagLaw(desired: readonly DesiredSchedule[], events: readonly WorldEvent[]): void {
  for (const { schedule, tags = [] } of desired) {
    if (tags.length === 0) continue;
    const some = (there: readonly Tag[]): boolean =>
      tags.some(({ key, value }) => there.some((tag) => tag.key === key && tag.value === value));
    for (const effect of effectsOf(events, schedule.name)) {
      if (effect.kind !== 'tagged' || !isOurs(effect) || !some(effect.before)) continue;
      expect(some(effect.after), `law (d): ${schedule.name} lost the last of its desired tags`).toBe(true);
    }
  }
}
