import { describe, expect, it } from 'vitest';
import { apply } from '../../src/apply/apply.ts';
import { connect } from '../../src/conductor/connect.ts';
import type { Transport } from '../../src/http/transport.ts';
import { defaultLimits } from '../../src/model/config.ts';
import { normalize } from '../../src/model/normal.ts';
import type { ApplyResult } from '../../src/model/result.ts';
import { openPolicy } from '../../src/model/run-policy.ts';
import type { DesiredSchedule } from '../../src/model/schedule.ts';
import { createScheduler, type Scheduler } from '../../src/scheduler/core.ts';
import { inProcess } from '../support/in-process.ts';
import { neverFires } from '../support/never-fires.ts';
import { planAgainst } from '../support/plan-against.ts';
import { testClock } from '../support/scheduler.ts';
import { desiredOf } from '../support/schedules.ts';
import { turns } from '../support/turns.ts';

/** Two applies at once, their requests interleaved by a seed: what each says is held against the server's list. */

const count = 200;
const names = Array.from({ length: count }, (_none, index) => `s_${index}`);
const limits = { ...defaultLimits, deletes: { kind: 'none' }, updates: { kind: 'none' } } as const;

interface Running {
  apply(): Promise<ApplyResult>;
  /** The texts by name when its last list was read. */
  atLastList(): ReadonlyMap<string, string>;
}

async function running(
  scheduler: Scheduler,
  turn: ReturnType<typeof turns>,
  owner: string,
  desired: readonly DesiredSchedule[],
): Promise<Running> {
  const clock = testClock();
  const direct = inProcess(scheduler);
  let planned = false;
  let listed: ReadonlyMap<string, string> = new Map();
  const transport: Transport = (request) => {
    if (!planned) return direct(request);
    return turn(() => {
      if (request.method === 'GET' && request.path.endsWith('/schedules'))
        listed = new Map(names.map((name) => [name, storedText(scheduler, name)]));
      return direct(request);
    });
  };
  const options = { now: clock.now, random: () => 0.5, wait: async (ms: number) => clock.advance(ms) };
  const connection = connect({
    url: 'http://local',
    transport,
    credentials: { kind: 'key', key: 'k', secret: 's' },
    ...options,
  });
  const made = await planAgainst(connection, desired, { ...openPolicy, owner, limits }, clock.now);
  if (!made.ok) throw new Error(JSON.stringify(made.failure));
  const { reader, writer, counts, retryDelay } = connection;
  return {
    atLastList: () => listed,
    apply: () => {
      planned = true;
      return apply(made.plan, {
        ...options,
        reader,
        writer,
        counts,
        retryDelay,
        capabilities: made.observed.server.capabilities,
        parallelism: 4,
        failFast: false,
        maxRetries: 2,
        ...neverFires,
        stopped: () => false,
      });
    },
  };
}

function manifest(name: string, description: string): DesiredSchedule {
  return desiredOf(
    normalize({ name, description, cronExpression: '0 0 3 * * ?', startWorkflowRequest: { name: 'w' } })
      .schedule,
  );
}

function saved(result: ApplyResult): ReadonlySet<string> {
  return new Set(
    result.steps.flatMap(({ name, step, outcome }) =>
      step.kind === 'save' && outcome === 'done' ? [name] : [],
    ),
  );
}

/** The description that the server has of a name, without a marker. */
function storedText(scheduler: Scheduler, name: string): string {
  const found = scheduler.state().schedules.find((one) => one.name === name);
  return String(found?.description ?? '').split('\n')[0] ?? '';
}

/** Applies both at once; each result is held against what the server has at the moment when that run ends. */
function both(runs: readonly Running[], texts: readonly string[]): Promise<ApplyResult[]> {
  return Promise.all(
    runs.map(async (run, index) => {
      const result = await run.apply();
      expect(result.closingLook).toStrictEqual({ outcome: 'done' });
      for (const name of saved(result)) expect(run.atLastList().get(name), name).toBe(texts[index]);
      return result;
    }),
  );
}

describe.each(['oss-2', 'orkes-new'] as const)('two applies at once on %s', (serverType) => {
  const begin = (): Scheduler =>
    createScheduler({ serverType, acceptAnyWorkflow: true, now: testClock().now });
  const wanted = (text: string): readonly DesiredSchedule[] => names.map((name) => manifest(name, text));

  it.each([undefined, 1, 2, 3])('two owners and the same new names (order %s)', async (seed) => {
    const scheduler = begin();
    const turn = turns(seed);
    const owners = ['us', 'them'];
    const runs = await Promise.all(owners.map((owner) => running(scheduler, turn, owner, wanted(owner))));
    const results = await both(runs, owners);
    // With a seed, a write may wait until the other run has ended: then both were right when they ended.
    if (seed !== undefined) return;
    for (const name of names) {
      const said = owners.filter((_owner, index) => saved(results[index] as ApplyResult).has(name));
      expect(said, name).toStrictEqual([storedText(scheduler, name)]);
    }
  });

  it.each([undefined, 1, 2, 3])('one owner and opposite updates (order %s)', async (seed) => {
    const scheduler = begin();
    const first = await running(scheduler, (answer) => answer(), 'us', wanted('old'));
    expect((await first.apply()).counts).toMatchObject({ failed: 0, overwritten: 0, lost: 0 });
    const turn = turns(seed);
    const texts = ['a', 'b'];
    const runs = await Promise.all(texts.map((text) => running(scheduler, turn, 'us', wanted(text))));
    const results = await both(runs, texts);
    const contested = results.reduce(
      (sum, { counts }) => sum + counts.overwritten + counts.stale + counts.failed,
      0,
    );
    expect(contested).toBeGreaterThan(0);
    if (seed !== undefined) return;
    for (const [index, text] of texts.entries())
      for (const name of saved(results[index] as ApplyResult))
        expect(storedText(scheduler, name), name).toBe(text);
  });
});
