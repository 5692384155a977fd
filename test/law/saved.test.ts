import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withTexts } from '../../src/compare/leaves.ts';
import { canonicalJson } from '../../src/model/json.ts';
import { markedDescription } from '../../src/model/marks/marker.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { ApplyResult } from '../../src/model/result.ts';
import { openPolicy, type Policy } from '../../src/model/run-policy.ts';
import type { DesiredSchedule } from '../../src/model/schedule.ts';
import { readSaved } from '../../src/plan/saved/read-saved.ts';
import { savedPlanOf } from '../../src/plan/saved/write-saved.ts';
import { documentJson } from '../../src/report/formats/document-json.ts';
import { type Fault, seededFaults } from '../../src/scheduler/faults.ts';
import type { ServedType } from '../../src/scheduler/server-types.ts';
import { anyContents, anyDesired, type There, withOneCron } from '../support/desired.ts';
import { wireRequest } from '../support/scheduler.ts';
import { throughFile } from '../support/through-file.ts';
import { type World, type WorldOptions, worldOf } from '../support/world.ts';
import { lawSettings } from './settings.ts';

const { seed } = lawSettings;
/** Each case is several runs of apply. */
const runs = Math.ceil(lawSettings.runs / 4);
const serverTypes: readonly ServedType[] = ['oss-1', 'oss-2', 'orkes-old', 'orkes-new', 'documented'];
const anyServerType = fc.constantFrom(...serverTypes);
const owned: Policy = {
  ...openPolicy,
  owner: 'us',
  adopt: 'all',
  prune: true,
  limits: { ...openPolicy.limits, deletes: { kind: 'none' } },
};
const anyPolicy = fc.constantFrom<Policy[]>(openPolicy, owned);

/** What everybody can have: keys that look like credentials must not stand in a plan file. */
const savable = anyDesired.filter(
  (desired) => !/pass|token|auth|pwd|jwt|cookie/i.test(canonicalJson(desired as never)),
);

/** As this server is known to keep it. */
function forType(serverType: ServedType, desired: readonly DesiredSchedule[]): readonly DesiredSchedule[] {
  return serverType.startsWith('oss') ? desired : withOneCron(desired);
}

function worldFor(serverType: ServedType, policy: Policy, more: Partial<WorldOptions> = {}): World {
  return worldOf({
    serverType,
    configured: serverType === 'documented' || serverType === 'orkes-old',
    switches: { cronSchedules: 'kept' },
    policy,
    ...more,
  });
}

/** With an owner, every second one is marked, so that there is something to delete. */
function fill({ scheduler }: World, contents: readonly There[], { owner }: Policy): void {
  for (const [index, { body, tags }] of contents.entries()) {
    const marked = owner !== undefined && index % 2 === 0;
    const text = typeof body.description === 'string' ? body.description : undefined;
    const marker = { owner: owner ?? '', protected: false };
    const description = markedDescription(String(body.name), text, marker);
    scheduler.put(marked ? { ...body, description } : body, tags);
  }
}

/** Everything on the server by which schedules are told apart. */
function stateOf({ scheduler }: World): ReadonlyMap<string, string> {
  const { schedules, tags } = scheduler.state();
  return new Map(
    schedules.map((one) => {
      const name = String(one.name);
      return [name, canonicalJson([one, (tags[name] ?? []) as never])];
    }),
  );
}

function outcomesOf({ steps }: ApplyResult): ReadonlySet<string> {
  return new Set(steps.map(({ outcome }) => outcome));
}

it(`a saved plan does what the plan does, and run twice changes nothing the second time (${runs} cases)`, {
  timeout: 3_600_000,
}, async () => {
  let planned = 0;
  await fc.assert(
    fc.asyncProperty(
      anyServerType,
      anyPolicy,
      savable,
      anyContents,
      async (serverType, policy, written, contents) => {
        const desired = forType(serverType, written);
        const [one, other] = [worldFor(serverType, policy), worldFor(serverType, policy)];
        for (const world of [one, other]) fill(world, contents, policy);
        const plan = await one.plan(desired);
        const saved = throughFile(plan, desired);
        const steps = (of: Plan): string =>
          canonicalJson(of.changes.flatMap((change) => change.steps) as never);
        expect(steps(saved)).toBe(steps(plan));
        planned += saved.changes.length;

        await other.apply(plan);
        const first = await one.apply(saved);
        expect([...outcomesOf(first)].filter((outcome) => outcome !== 'done')).toStrictEqual([]);
        expect(stateOf(one)).toStrictEqual(stateOf(other));

        const before = stateOf(one);
        const from = one.events.length;
        const second = await one.apply(saved);
        expect([...outcomesOf(second)].filter((outcome) => outcome !== 'already')).toStrictEqual([]);
        expect(stateOf(one)).toStrictEqual(before);
        expect(one.events.slice(from).filter(({ kind }) => kind === 'effect')).toStrictEqual([]);
      },
    ),
    { numRuns: runs, seed },
  );
  expect(planned).toBeGreaterThan(runs);
});

function isOver(result: ApplyResult | undefined): boolean {
  return result?.steps.every(({ outcome }) => outcome === 'already') === true;
}

const anyFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.constant<Fault>({ kind: 'status', status: 429, effect: false }),
  fc.record({
    kind: fc.constant('status' as const),
    status: fc.constantFrom(502 as const, 503 as const, 504 as const),
    effect: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('reset' as const), effect: fc.boolean() }),
);

it('the same plan, run again and again through faults, comes to its end', {
  timeout: 3_600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      anyServerType,
      anyPolicy,
      savable,
      anyContents,
      fc.array(anyFault, { minLength: 1, maxLength: 3 }),
      fc.integer(),
      fc.integer({ min: 1, max: 12 }),
      async (serverType, policy, written, contents, faults, faultSeed, most) => {
        const desired = forType(serverType, written);
        const fault = seededFaults({ seed: faultSeed, rate: 0.3, faults, most });
        let faulty = false;
        const world = worldFor(serverType, policy, {
          fault: (...request) => (faulty ? fault(...request) : undefined),
          maxRetries: 1,
        });
        fill(world, contents, policy);
        const plan = throughFile(await world.plan(desired), desired);
        faulty = true;
        let last: ApplyResult | undefined;
        for (let run = 0; run < 20 && !isOver(last); run += 1) {
          try {
            last = await world.apply(plan);
          } catch {
            // It could not even find out what kind of server it is.
          }
          world.clock.advance(30_000, world.scheduler.tick);
        }
        expect([...outcomesOf(last as ApplyResult)].filter((outcome) => outcome !== 'already')).toStrictEqual(
          [],
        );
      },
    ),
    { numRuns: Math.ceil(runs / 2), seed },
  );
});

/** Somebody else's, of one schedule. */
type Foreign = 'update' | 'delete' | 'create' | 'tag' | 'pause';
const path = (name: string): string => `/api/scheduler/schedules/${encodeURIComponent(name)}`;
const theirs = {
  cronExpression: '0 1 2 3 4 ?',
  description: 'by somebody else',
  startWorkflowRequest: { name: 'theirs' },
};

/** Changes one schedule by another hand; undefined = there is nothing to change in this way. */
function changeByOther(world: World, kind: Foreign, pick: number, plan: Plan): string | undefined {
  const there = world.scheduler.state().schedules;
  const creates = plan.changes.filter((change) => change.kind === 'create').map(({ name }) => name);
  const names = kind === 'create' ? [...creates, 'unheard-of'] : there.map(({ name }) => String(name));
  const name = names[pick % Math.max(names.length, 1)];
  if (name === undefined) return undefined;
  const body = there.find((one) => one.name === name);
  const tags = world.scheduler.state().tags[name] ?? [];
  switch (kind) {
    case 'create':
      world.scheduler.put({ name, ...theirs });
      return name;
    case 'update':
      world.scheduler.put({ ...body, ...theirs, cronSchedules: [], name }, tags);
      return name;
    case 'delete':
      expect(world.scheduler.handle(wireRequest('DELETE', path(name))).status).toBe(200);
      return name;
    case 'tag':
      world.scheduler.put(body as never, [...tags, { key: 'theirs', value: 'x' }]);
      return name;
    case 'pause': {
      if (body?.paused === true) return undefined;
      world.scheduler.put({ ...body, name, paused: true, pausedReason: 'INC-9' } as never, tags);
      return name;
    }
  }
}

it(`after a single outside change, it skips that schedule and no other (${runs} cases)`, {
  timeout: 3_600_000,
}, async () => {
  const stale = new Map<Foreign, number>();
  await fc.assert(
    fc.asyncProperty(
      anyServerType,
      anyPolicy,
      savable,
      anyContents,
      fc.constantFrom<Foreign[]>('update', 'delete', 'create', 'tag', 'pause'),
      fc.nat(),
      async (serverType, policy, written, contents, kind, pick) => {
        const desired = forType(serverType, written);
        fc.pre(kind !== 'tag' || serverType.startsWith('orkes') || serverType === 'documented');
        const world = worldFor(serverType, policy);
        fill(world, contents, policy);
        const plan = throughFile(await world.plan(desired), desired);
        const name = changeByOther(world, kind, pick, plan);
        fc.pre(name !== undefined);
        const before = stateOf(world);
        const from = world.events.length;
        const { steps } = await world.apply(plan);

        const change = plan.changes.find((one) => one.name === name);
        // What the plan does not look at, or would have done itself, is not in its way.
        const rests = change?.kind === 'delete' || change?.tagsBasis !== undefined;
        const isInTheWay = change !== undefined && (kind !== 'tag' || rests);
        const wouldPause = change?.steps.some((step) => step.kind === 'pause' && step.reason === undefined);
        if (isInTheWay && !(kind === 'pause' && wouldPause)) {
          expect(stateOf(world).get(name as string)).toBe(before.get(name as string));
          const ours = world.events
            .slice(from)
            .filter(
              (event) => event.kind === 'effect' && 'name' in event.effect && event.effect.name === name,
            );
          expect(ours).toStrictEqual([]);
          const became = steps.filter((step) => step.name === name).map(({ outcome }) => outcome);
          if (became.includes('stale')) stale.set(kind, (stale.get(kind) ?? 0) + 1);
        }
        // Deletes wait until everything before them has succeeded, and what is stale has not.
        const deletesWait = steps.some(({ step, outcome }) => step.kind !== 'delete' && outcome === 'stale');
        const others = steps.filter(
          (step) => step.name !== name && !(deletesWait && step.step.kind === 'delete'),
        );
        expect(others.filter(({ outcome }) => outcome !== 'done')).toStrictEqual([]);
      },
    ),
    { numRuns: runs, seed },
  );
  expect([...stale.keys()].sort()).toStrictEqual(['create', 'delete', 'pause', 'tag', 'update']);
});

it('detects any changed value in a file', async () => {
  const world = worldFor('orkes-new', openPolicy);
  let edits = 0;
  await fc.assert(
    fc.asyncProperty(savable, fc.nat(), fc.string(), async (written, pick, text) => {
      const desired = withOneCron(written);
      const outcome = savedPlanOf(await world.plan(desired), desired, undefined);
      if (!outcome.ok) throw new Error('not saved');
      const { changes } = outcome.saved;
      let count = 0;
      const counted = (one: string): string => {
        count += 1;
        return one;
      };
      for (const { steps } of changes) for (const step of steps) withTexts(step, counted);
      fc.pre(count > 0);
      const at = pick % count;
      let index = -1;
      const edited = {
        ...outcome.saved,
        changes: changes.map((change) => ({
          ...change,
          steps: change.steps.map((step) =>
            withTexts(step, (old) => {
              index += 1;
              return index === at ? `${old}${text}!` : old;
            }),
          ),
        })),
      };
      edits += 1;
      expect(readSaved(documentJson(edited), 'plan.json')).toMatchObject({
        ok: false,
        diagnostic: { args: { fault: 'edited' } },
      });
    }),
    { numRuns: 200, seed },
  );
  expect(edits).toBeGreaterThan(100);
});
