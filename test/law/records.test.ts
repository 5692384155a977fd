import { describe, expect, it } from 'vitest';
import { restartEach } from '../../src/apply/standstill/restart.ts';
import { type StandstillOptions, type StandstillResult, stopEach } from '../../src/apply/standstill/stop.ts';
import { keeperOf } from '../../src/commands/on-call/record-file.ts';
import { connect } from '../../src/conductor/connect.ts';
import type { Transport } from '../../src/http/transport.ts';
import { seededNumbers } from '../../src/scheduler/random.ts';
import type { ServedType } from '../../src/scheduler/server-types.ts';
import { inProcess } from '../support/in-process.ts';
import { scheduleBody, testScheduler } from '../support/scheduler.ts';

/**
 * Two and three operators with one record, who stop everything and start it again at the same time; some are killed. One
 * request of one of them goes on at a time, by seed. At the end `resume --record` is run once more.
 */

type Operator = 'pause' | 'resume';

/** In memory, written only over what was read. */
function files() {
  let text: string | undefined;
  return {
    exists: () => text !== undefined,
    readFile: () => (text === undefined ? ({ kind: 'missing' } as const) : ({ kind: 'read', text } as const)),
    writeFile: (_path: string, next: string, { over }: { over?: unknown } = {}) => {
      const before = typeof over === 'object' ? (over as { text: string }).text : undefined;
      if (text !== before) return { kind: 'changed', why: 'changed' } as const;
      text = next;
      return undefined;
    },
  };
}

/** Those who wait, of whom one goes on at a time. */
function turnstile(random: () => number) {
  const waiting: (() => void)[] = [];
  return {
    turn: () => new Promise<void>((resolve) => waiting.push(resolve)),
    /** Until nobody of them is left. */
    async through(operators: readonly Promise<unknown>[]): Promise<void> {
      let left = operators.length;
      for (const one of operators) void one.then(() => (left -= 1));
      while (left > 0) {
        await new Promise((resolve) => setImmediate(resolve));
        const [next] = waiting.splice(Math.floor(random() * waiting.length), 1);
        next?.();
      }
    },
  };
}

async function history(seed: number, serverType: ServedType) {
  const random = seededNumbers(seed);
  const count = 3 + Math.floor(random() * 5);
  const scheduler = testScheduler({ serverType });
  const persons = new Map<string, string | undefined>();
  for (let index = 0; index < count; index += 1) {
    const name = `s${index}`;
    const paused = random() < 0.25;
    const reason = random() < 0.5 ? 'INC-1' : undefined;
    scheduler.put(scheduleBody(name, paused ? { paused, ...(reason && { pausedReason: reason }) } : {}));
    if (paused) persons.set(name, reason);
  }
  const disk = files();
  const { turn, through } = turnstile(random);
  const seen: { readonly operator: Operator; readonly result: StandstillResult }[] = [];

  const operate = async (operator: Operator, killAt: number, mark: string): Promise<void> => {
    let requests = 0;
    const killed = Symbol('killed');
    const transport: Transport = async (request) => {
      requests += 1;
      await turn();
      // Killed before the server has it, or after.
      if (requests === killAt) throw killed;
      const answer = await inProcess(scheduler)(request);
      if (requests === killAt + 0.5) throw killed;
      return answer;
    };
    let dead = false;
    const connection = connect({
      url: 'http://local',
      transport: (request) =>
        transport(request).catch((error) => {
          if (error !== killed) throw error;
          dead = true;
          // Nobody goes on from here.
          return new Promise(() => undefined);
        }),
      ...(serverType.startsWith('orkes')
        ? { credentials: { kind: 'key', key: 'k', secret: 's' } as const }
        : {}),
      now: scheduler.clock.now,
      random: () => 0.5,
      wait: async () => undefined,
      maxRetries: 1,
    });
    const work = async (): Promise<void> => {
      const server = await connection.reader.identify();
      if (!server.ok) throw new Error(server.failure.words);
      const keeper = keeperOf(disk as never, 'r.json', connection.url);
      const options: StandstillOptions = {
        reader: connection.reader,
        writer: connection.writer,
        capabilities: server.value.capabilities,
        parallelism: 2,
        maxRetries: 2,
        retryDelay: () => 0,
        wait: async () => undefined,
        stopped: () => dead,
        ignores: () => false,
        now: scheduler.clock.now,
        keeper,
      };
      // The question: others go on meanwhile.
      await turn();
      const now = keeper.read();
      if (!now.ok) throw new Error(now.why);
      const fresh = { format: 1, kind: 'record', server: connection.url, at: 0, mark, running: [] } as const;
      if (operator === 'pause') {
        seen.push({ operator, result: await stopEach(fresh, undefined, options) });
      } else if (now.record !== undefined) {
        seen.push({ operator, result: await restartEach(now.record, options) });
      }
    };
    const death = (async () => {
      while (!dead) await new Promise((resolve) => setImmediate(resolve));
    })();
    await Promise.race([work(), death]);
    dead = true;
  };

  const operators: Operator[] = ['pause', random() < 0.6 ? 'pause' : 'resume'];
  if (random() < 0.5) operators.push(random() < 0.5 ? 'pause' : 'resume');
  await through(
    operators.map((operator, index) => {
      const killAt = random() < 0.3 ? 1 + Math.floor(random() * 2 * count) : Number.POSITIVE_INFINITY;
      return operate(operator, random() < 0.5 ? killAt : killAt + 0.5, `0000000${index}`);
    }),
  );
  const before = seen.length;
  await through([operate('resume', Number.POSITIVE_INFINITY, 'ffffffff')]);
  const state = new Map(scheduler.state().schedules.map((one) => [String(one.name), one]));
  const stopped = [...state.values()].filter(({ name, paused }) => paused && !persons.has(String(name)));
  const last = seen[before]?.result;
  const named = (name: string): boolean =>
    seen.some(({ result }) => {
      const end = result.kind === 'ended' ? result.ends.get(name)?.kind : undefined;
      return result === last
        ? end === 'left' || end === 'failed' || end === 'not-run'
        : result.kind === 'ended' && result.broken !== undefined && end === 'done';
    });
  return { state, persons, stopped, named, seen, disk };
}

describe.each<ServedType>(['oss-2', 'orkes-new', 'documented'])('%s', (serverType) => {
  it("resumes or names what ran, and keeps a person's pause", { timeout: 300_000 }, async () => {
    let [shared, broken, unpaused] = [0, 0, 0];
    for (let seed = 1; seed <= 500; seed += 1) {
      const { state, persons, stopped, named, seen } = await history(seed, serverType);
      const silent = stopped.map(({ name }) => String(name)).filter((name) => !named(name));
      expect({ seed, silent }).toStrictEqual({ seed, silent: [] });
      for (const name of persons.keys())
        expect({ seed, name, paused: state.get(name)?.paused }).toStrictEqual({ seed, name, paused: true });
      shared += seen.filter(({ operator }) => operator === 'pause').length > 1 ? 1 : 0;
      broken += seen.some(({ result }) => result.kind === 'ended' && result.broken !== undefined) ? 1 : 0;
      unpaused += stopped.length === 0 ? 1 : 0;
    }
    // That it is about something.
    expect(shared).toBeGreaterThan(100);
    expect(broken).toBeGreaterThan(5);
    expect(unpaused).toBeGreaterThan(300);
  });
});
