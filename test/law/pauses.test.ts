import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { markedDescription, markerTags } from '../../src/model/marks/marker.ts';
import { createScheduler, type Scheduler } from '../../src/scheduler/core.ts';
import { serve } from '../../src/scheduler/serve.ts';
import type { ServedType } from '../../src/scheduler/server-types.ts';
import { casesOf } from '../support/cases.ts';
import { fakeIo } from '../support/io.ts';
import { testClock, wireRequest } from '../support/scheduler.ts';
import { lawSettings } from './settings.ts';

const { seed } = lawSettings;
// Each is up to ten commands over HTTP; the long laws have 500.
const runs = casesOf(500, 60);

const names = ['old', 'new', 'a', 'b'] as const;
type Name = (typeof names)[number];

/** Something that happens; `stop`: Ctrl-C when so many requests have come in. */
type Act =
  | { readonly by: 'us'; readonly line: 'apply' | 'stop' | 'restart'; readonly stop?: number }
  | {
      readonly by: 'command' | 'raw' | 'bulk' | 'form';
      readonly name: Name;
      readonly paused: boolean;
      readonly reason?: string;
    };

const anInterruption = fc.option(fc.integer({ min: 3, max: 14 }), { nil: undefined });
const anAct: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      by: fc.constant('us' as const),
      line: fc.constantFrom('apply' as const, 'apply' as const, 'stop' as const, 'restart' as const),
      stop: anInterruption,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      by: fc.constantFrom(
        'command' as const,
        'command' as const,
        'raw' as const,
        'bulk' as const,
        'form' as const,
      ),
      name: fc.constantFrom('new' as const, ...names),
      paused: fc.constantFrom(true, true, false),
      reason: fc.constantFrom(undefined, 'INC-5', 'keep it stopped'),
    }),
  },
) as fc.Arbitrary<Act>;

const aHistory = fc.record({
  serverType: fc.constantFrom<ServedType[]>('oss-1', 'oss-2', 'orkes-old', 'orkes-new', 'documented'),
  /** Paused by a person before anything else. */
  paused: fc.subarray(['old', 'a']),
  acts: fc.array(anAct, { minLength: 2, maxLength: 7 }),
});

it(`a person's pause wins over Downbeat's, in ${runs} random histories (seed ${seed})`, {
  timeout: 3_600_000,
}, async () => {
  const folder = join(tmpdir(), `downbeat-pauses-${process.pid}`);
  mkdirSync(join(folder, 'schedules'), { recursive: true });
  writeFileSync(join(folder, 'downbeat.yaml'), 'owner: us\n');
  writeFileSync(
    join(folder, 'schedules', 'new.yaml'),
    'name: new\ncronExpression: "0 0 9 * * ?"\nstartWorkflowRequest: {name: w}\nlifecycle: {previousNames: [old]}\n',
  );
  try {
    await fc.assert(
      fc.asyncProperty(aHistory, async ({ serverType, paused, acts }) => {
        const yard = await open(serverType, paused, folder);
        try {
          for (const act of acts) await yard.perform(act);
          let said = '';
          for (const line of ['apply', 'restart', 'apply'] as const)
            said += await yard.perform({ by: 'us', line });
          for (const [name, state] of yard.states())
            if (state && yard.word(name) !== 'pause')
              expect(said, `${name} stays stopped, and its name is said`).toMatch(
                new RegExp(`\\b${name}\\b`),
              );
        } finally {
          await yard.close();
        }
      }),
      { numRuns: runs, seed },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

type Word = { readonly says: 'pause' | 'resume'; readonly at: number };

async function open(serverType: ServedType, paused: readonly string[], cwd: string) {
  const clock = testClock();
  const scheduler = createScheduler({ serverType, now: clock.now, acceptAnyWorkflow: true });
  const hasTags = !serverType.startsWith('oss');
  const marker = { owner: 'us', protected: false };
  for (const name of ['old', 'a', 'b']) {
    const isOurs = name === 'old';
    scheduler.put(
      {
        name,
        cronExpression: '0 0 9 * * ?',
        startWorkflowRequest: { name: 'w' },
        ...(paused.includes(name) ? { paused: true } : {}),
        ...(isOurs && !hasTags ? { description: markedDescription(name, undefined, marker) } : {}),
      },
      isOurs && hasTags ? markerTags(name, marker) : [],
    );
  }
  let onRequest = (): void => undefined;
  const served = await serve(
    {
      ...scheduler,
      handle(request) {
        onRequest();
        // Time goes on, so that no two changes have one time.
        clock.advance(7);
        const answer = scheduler.handle(request);
        return { ...answer, headers: { ...answer.headers, date: new Date(clock.now()).toUTCString() } };
      },
    },
    { host: '127.0.0.1', port: 0 },
  );
  const files = new Map<string, string>();
  const words = new Map<string, Word>(paused.map((name) => [name, { says: 'pause', at: 0 }]));
  let step = 0;

  // It cannot be told from OSS before the first list of a server with schedules.
  const type = serverType === 'documented' ? ['--server-type', serverType] : [];
  const command = async (line: readonly string[], stop = Number.POSITIVE_INFINITY): Promise<string> => {
    const heard = fakeIo({
      cwd,
      now: clock.now,
      wait: async (milliseconds) => clock.advance(milliseconds),
      files,
      env: {
        CONDUCTOR_SERVER_URL: `${served.url}/api`,
        ...(serverType.startsWith('orkes') ? { CONDUCTOR_AUTH_KEY: 'k', CONDUCTOR_AUTH_SECRET: 's' } : {}),
      },
    });
    let seen = 0;
    onRequest = () => {
      seen += 1;
      if (seen === stop) heard.interrupt();
    };
    await main([...line, ...type], heard.io);
    onRequest = () => undefined;
    for (const [path, text] of heard.files) files.set(path, text);
    return heard.out() + heard.err();
  };

  const states = (): ReadonlyMap<string, boolean> =>
    new Map(scheduler.state().schedules.map(({ name, paused: state }) => [String(name), state === true]));

  /** The last word of a person about a schedule; the new name goes by that of the old one too. */
  const word = (name: string): Word['says'] | undefined => {
    const own = words.get(name);
    const older = name === 'new' ? words.get('old') : undefined;
    if (own === undefined || older === undefined) return (own ?? older)?.says;
    return own.at > older.at ? own.says : older.says;
  };

  return {
    states,
    word,
    close: served.close,
    async perform(act: Act): Promise<string> {
      step += 1;
      clock.advance(1000);
      const before = states();
      if (act.by === 'us') {
        const said = await command(lines[act.line], act.stop);
        for (const [name, state] of states())
          if (!state && before.get(name) !== false)
            expect(word(name), `${name} is resumed by ${act.line}:\n${said}`).not.toBe('pause');
        return said;
      }
      const { by, name, paused: state, reason } = act;
      if (!before.has(name)) return '';
      if (by === 'command') {
        const said = await command([
          state ? 'pause' : 'resume',
          name,
          ...(state && reason !== undefined ? ['--reason', reason] : []),
        ]);
        if (states().get(name) === state) words.set(name, { says: state ? 'pause' : 'resume', at: step });
        return said;
      }
      const was = traceOf(scheduler, name);
      byOthers(scheduler, serverType, act);
      // What leaves no trace on the server, nobody can know.
      if (states().get(name) === state && traceOf(scheduler, name) !== was)
        words.set(name, { says: state ? 'pause' : 'resume', at: step });
      return '';
    },
  };
}

const lines = {
  apply: ['apply', '--auto-approve', '--parallelism', '1'],
  stop: ['pause', '--all', '--each', '--record', 'stopped.json', '--auto-approve', '--parallelism', '1'],
  restart: ['resume', '--record', 'stopped.json', '--auto-approve', '--parallelism', '1'],
} as const;

/**
 * What a server shows of a pause. The note of a rename in a description is the one mark that another pause leaves as it
 * is: there a later time says no more than an edit would.
 */
function traceOf(scheduler: Scheduler, name: string): string {
  const found = scheduler.state().schedules.find((one) => one.name === name) ?? {};
  const { updatedTime, ...rest } = found as JsonObject;
  const isNoted = String(rest.description ?? '').includes('[downbeat-renaming: ');
  return JSON.stringify(isNoted ? rest : { ...rest, updatedTime });
}

function byOthers(
  scheduler: Scheduler,
  serverType: ServedType,
  { by, name, paused, reason }: Exclude<Act, { readonly by: 'us' }>,
): void {
  const verb = paused ? 'pause' : 'resume';
  const path = `/api/scheduler/schedules/${name}`;
  const query = paused && reason !== undefined ? `?reason=${encodeURIComponent(reason)}` : '';
  const headers = serverType.startsWith('orkes')
    ? {
        'x-authorization': tokenOf(
          scheduler.handle(wireRequest('POST', '/api/token', { keyId: 'k', keySecret: 's' })).body,
        ),
      }
    : {};
  const ask = (method: string, target: string, body?: unknown): string =>
    scheduler.handle(wireRequest(method, target, body, headers)).body;
  if (by === 'raw') ask(serverType === 'orkes-old' ? 'GET' : 'PUT', `${path}/${verb}${query}`);
  if (by === 'bulk') ask('PUT', `/api/scheduler/bulk/${verb}`, [name]);
  if (by === 'form') {
    const { pausedReason: _reason, ...form } = JSON.parse(ask('GET', path)) as JsonObject;
    ask('POST', '/api/scheduler/schedules?overwrite=true', { ...form, paused });
  }
}

function tokenOf(body: string): string {
  return String((JSON.parse(body) as JsonObject).token);
}
