import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createScheduler } from '../../src/scheduler/core.ts';
import { seededNumbers } from '../../src/scheduler/random.ts';
import type { WireRequest, WireResponse } from '../../src/scheduler/wire.ts';
import { builtProgram, type Ended, type Started, start } from '../support/program.ts';
import { scheduleBody, serveLocal } from '../support/scheduler.ts';

/**
 * Two and three programs with one file of a record, which pause everything and resume it at the same time; some are
 * killed, some interrupted. test/law/records.test.ts has the same in one process, where every order is met.
 */

/** More with HISTORIES=100. */
const histories = Number(process.env.HISTORIES ?? 6);

let program: Awaited<ReturnType<typeof builtProgram>>;
beforeAll(async () => {
  program = await builtProgram();
});
afterAll(() => rmSync(program.folder, { recursive: true, force: true }));

type Operator = {
  readonly line: readonly string[];
  /** At which of its requests it gets a signal, before the server has it or after. */
  readonly at: number;
  readonly signal: NodeJS.Signals;
  readonly isBefore: boolean;
};

type Said = { readonly name: string; readonly outcome: string };

/** What a program said of each schedule; none when it was killed. */
function saidBy({ out }: Ended): { readonly schedules: readonly Said[]; readonly broken: boolean } {
  if (out === '') return { schedules: [], broken: false };
  const { schedules = [], problems = [] } = JSON.parse(out) as {
    schedules?: readonly Said[];
    problems?: readonly unknown[];
  };
  return { schedules, broken: problems.length > 0 };
}

async function history(seed: number) {
  const random = seededNumbers(seed);
  const scheduler = createScheduler({ serverType: 'oss-2', now: Date.now, acceptAnyWorkflow: true });
  const count = 10 + Math.floor(random() * 30);
  const persons = new Set<string>();
  for (let index = 0; index < count; index += 1) {
    const name = `s${index}`;
    const paused = random() < 0.2;
    scheduler.put(scheduleBody(name, paused ? { paused, pausedReason: 'INC-1' } : {}));
    if (paused) persons.add(name);
  }
  const cwd = mkdtempSync(join(program.folder, 'x-'));
  const started = new Map<
    string,
    { readonly operator: Operator; readonly program: Started; requests: number }
  >();
  const handle = (request: WireRequest): WireResponse => {
    const one = started.get(request.headers['x-operator'] ?? '');
    if (one === undefined) return scheduler.handle(request);
    one.requests += 1;
    const { at, signal, isBefore } = one.operator;
    const answer = (): WireResponse => scheduler.handle(request);
    if (one.requests !== at) return answer();
    const answered = isBefore && signal === 'SIGKILL' ? undefined : answer();
    one.program.child.kill(signal);
    return answered ?? { status: 0, headers: {}, body: '', broken: 'reset' };
  };
  const server = await serveLocal({ ...scheduler, handle });
  const run = (line: readonly string[], mark: string): Started =>
    start(
      program.path,
      [
        ...line,
        '--record',
        'r.json',
        '-y',
        '-o',
        'json',
        '--server',
        server.url,
        '--header',
        `X-Operator: ${mark}`,
      ],
      { cwd },
    );
  const pause = ['pause', '--all', '--each'];
  const lines = [pause, random() < 0.6 ? pause : ['resume'], ...(random() < 0.5 ? [pause] : [])];
  const ended = await Promise.all(
    lines.map((line, index) => {
      const operator: Operator = {
        line,
        at: random() < 0.5 ? 1 + Math.floor(random() * 2 * count) : Number.POSITIVE_INFINITY,
        signal: random() < 0.7 ? 'SIGKILL' : 'SIGINT',
        isBefore: random() < 0.5,
      };
      const one = { operator, program: run(line, String(index)), requests: 0 };
      started.set(String(index), one);
      return one.program.ended;
    }),
  );
  const last = await run(['resume'], 'last').ended;
  await server.close();
  const state = new Map(scheduler.state().schedules.map((one) => [String(one.name), one.paused === true]));
  const named = new Set([
    ...saidBy(last)
      .schedules.filter(({ outcome }) => outcome !== 'done')
      .map(({ name }) => name),
    ...ended.flatMap((one) => {
      const { schedules, broken } = saidBy(one);
      return broken ? schedules.filter(({ outcome }) => outcome === 'done').map(({ name }) => name) : [];
    }),
  ]);
  return {
    silent: [...state].flatMap(([name, paused]) =>
      paused && !persons.has(name) && !named.has(name) ? [name] : [],
    ),
    resumed: [...persons].filter((name) => state.get(name) !== true),
    hasRecord: existsSync(join(cwd, 'r.json')),
    code: last.code,
    left: readdirSync(cwd).filter((name) => name.startsWith('.downbeat-')),
    killed: ended.filter(({ code }) => code === null).length,
    written: ended.filter(({ code }) => code === 0).length,
  };
}

it(`resumes or names what ran, and keeps a person's pause: ${histories} histories`, async () => {
  let [killed, written] = [0, 0];
  for (let seed = 1; seed <= histories; seed += 1) {
    const end = await history(seed);
    expect({ seed, ...end }).toMatchObject({ seed, silent: [], resumed: [] });
    // Where nothing was paused there is no record to resume from.
    expect({ seed, code: end.code }).toStrictEqual({ seed, code: end.hasRecord ? end.code : 1 });
    if (end.hasRecord) expect({ seed, left: end.left }).toStrictEqual({ seed, left: [] });
    killed += end.killed;
    written += end.written;
  }
  // That it is about something.
  expect(killed).toBeGreaterThan(0);
  expect(written).toBeGreaterThan(0);
});
