import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import { createScheduler } from '../../src/scheduler/core.ts';
import { serve } from '../../src/scheduler/serve.ts';
import type { ServedType } from '../../src/scheduler/server-types.ts';
import { fakeIo } from '../support/io.ts';
import { testClock, wireRequest } from '../support/scheduler.ts';
import { lawSettings } from './settings.ts';

const { httpRuns, seed } = lawSettings;
/** Each history is some whole applies on two servers: in `npm test` a sample, all 500 in `npm run test:laws`. */
const runs = httpRuns >= 500 ? httpRuns : Math.ceil(httpRuns / 5);

const environments = ['staging', 'production'] as const;
type Environment = (typeof environments)[number];
const reason = 'staging runs by hand';
const names = ['a', 'b', 'c'] as const;
type Name = (typeof names)[number];

/** Something that happens to one of the two servers, or to the manifests of both. */
type Act =
  | { readonly kind: 'deploy'; readonly environment: Environment }
  | {
      readonly kind: 'operator';
      readonly environment: Environment;
      readonly name: Name;
      readonly paused: boolean;
      readonly reason: string | undefined;
    }
  | { readonly kind: 'edit'; readonly name: Name; readonly cron: string; readonly tags: boolean }
  | { readonly kind: 'time'; readonly seconds: number };

const anEnvironment = fc.constantFrom(...environments);
const aName = fc.constantFrom(...names);
const anAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('deploy' as const), environment: anEnvironment }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('operator' as const),
      environment: anEnvironment,
      name: aName,
      paused: fc.boolean(),
      reason: fc.constantFrom(undefined, 'INC-5', reason),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      name: aName,
      cron: fc.constantFrom('*/10 * * * * *', '*/5 * * * * *', '3 * * * * *'),
      tags: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('time' as const), seconds: fc.integer({ min: 1, max: 12 }) }),
  },
);

const aHistory = fc.record({
  serverType: fc.constantFrom<ServedType[]>('oss-2', 'orkes-new'),
  acts: fc.array(anAct, { minLength: 3, maxLength: 9 }),
});

it(`a preset pauses staging, and no operator is overruled in production, in ${runs} random histories (seed ${seed})`, {
  timeout: 3_600_000,
}, async () => {
  const folder = join(tmpdir(), `downbeat-presets-${process.pid}`);
  try {
    await fc.assert(
      fc.asyncProperty(aHistory, async ({ serverType, acts }) => {
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(join(folder, 'schedules'), { recursive: true });
        const world = await open(serverType, folder);
        try {
          for (const act of [...acts, ...environments.map((one) => deployTo(one))]) await world.perform(act);
        } finally {
          await world.close();
        }
      }),
      { numRuns: runs, seed },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function deployTo(environment: Environment): Act {
  return { kind: 'deploy', environment };
}

type Pause = { readonly paused: boolean; readonly reason?: string | undefined };

async function open(serverType: ServedType, cwd: string) {
  const clock = testClock();
  const opened = async () => {
    const scheduler = createScheduler({ serverType, now: clock.now, acceptAnyWorkflow: true });
    const handle: typeof scheduler.handle = (request) => {
      const answer = scheduler.handle(request);
      return { ...answer, headers: { ...answer.headers, date: new Date(clock.now()).toUTCString() } };
    };
    return { ...scheduler, served: await serve({ ...scheduler, handle }, { host: '127.0.0.1', port: 0 }) };
  };
  const servers = { staging: await opened(), production: await opened() };
  writeFileSync(
    join(cwd, 'downbeat.yaml'),
    `owner: us
environments:
  staging:
    server: {url: "${servers.staging.served.url}/api"}
    paused: ${reason}
    tags: {environment: staging}
    names: "staging_{name}"
  production:
    server: {url: "${servers.production.served.url}/api"}
`,
  );
  const written = new Set<Name>();
  /** What operators said last in production. */
  const pauses = new Map<string, Pause>();
  /** Schedules of staging that an operator let run. */
  const released = new Set<string>();
  const edit = (name: Name, cron: string, tags: boolean): void => {
    written.add(name);
    writeFileSync(
      join(cwd, 'schedules', `${name}.yaml`),
      `name: ${name}\ncronExpression: "${cron}"\nstartWorkflowRequest: {name: w}\n${tags ? 'tags: {team: x, environment: any}\n' : ''}`,
    );
  };
  edit('a', '*/10 * * * * *', false);

  const schedules = (environment: Environment) => servers[environment].state().schedules;
  const nameIn = (environment: Environment, name: Name): string =>
    environment === 'staging' ? `staging_${name}` : name;

  async function deploy(environment: Environment): Promise<void> {
    const heard = fakeIo({
      cwd,
      now: clock.now,
      wait: async (milliseconds) => clock.advance(milliseconds, tick),
      env: serverType.startsWith('orkes') ? { CONDUCTOR_AUTH_KEY: 'k', CONDUCTOR_AUTH_SECRET: 's' } : {},
    });
    const line = ['apply', '--env', environment, '--auto-approve', '--fire-wait', '0'];
    const code = await main(line, heard.io);
    expect(code, heard.out() + heard.err()).toBe(0);
    if (environment === 'production') return;
    for (const name of written) {
      const found = schedules('staging').find((one) => one.name === nameIn('staging', name));
      expect(found, `${name} in staging`).toMatchObject({ paused: true, pausedReason: reason });
    }
  }

  function tick(): void {
    for (const environment of environments) servers[environment].tick();
  }

  function operator({ environment, name, paused, reason: why }: Extract<Act, { kind: 'operator' }>): void {
    const own = nameIn(environment, name);
    const found = schedules(environment).find((one) => one.name === own);
    // Conductor answers 404 to a resume of what runs.
    if (found === undefined || (!paused && found.paused !== true)) return;
    const server = servers[environment];
    const token = serverType.startsWith('orkes')
      ? (JSON.parse(
          server.handle(wireRequest('POST', '/api/token', { keyId: 'k', keySecret: 's' })).body,
        ) as { token: string })
      : undefined;
    const headers: Record<string, string> = token === undefined ? {} : { 'x-authorization': token.token };
    const query = paused && why !== undefined ? `?reason=${encodeURIComponent(why)}` : '';
    const path = `/api/scheduler/schedules/${own}/${paused ? 'pause' : 'resume'}${query}`;
    expect(server.handle(wireRequest('PUT', path, undefined, headers)).status).toBe(200);
    if (environment === 'production') pauses.set(own, paused ? { paused, reason: why } : { paused });
    else if (!paused) released.add(own);
  }

  return {
    close: async () => {
      for (const environment of environments) await servers[environment].served.close();
    },
    async perform(act: Act): Promise<void> {
      clock.advance(1000, tick);
      if (act.kind === 'deploy') await deploy(act.environment);
      else if (act.kind === 'operator') operator(act);
      else if (act.kind === 'edit') edit(act.name, act.cron, act.tags);
      else clock.advance(act.seconds * 1000, tick);
      for (const { name, paused, pausedReason } of schedules('production')) {
        const said = pauses.get(String(name)) ?? { paused: false };
        expect({ name, paused: paused === true }).toStrictEqual({ name, paused: said.paused });
        if (said.paused && said.reason !== undefined) expect(pausedReason).toBe(said.reason);
      }
      for (const { scheduleName } of servers.staging.state().executions)
        expect(released, `${scheduleName} fired in staging`).toContain(scheduleName);
    },
  };
}
