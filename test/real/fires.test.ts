import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { main } from '../../src/main.ts';
import { nextFireOf } from '../../src/run/next-fire.ts';
import { deleteSchedules } from '../support/clean-up.ts';
import { fakeIo } from '../support/io.ts';
import { setUps } from '../support/real/set-ups.ts';

/**
 * What writes do to fires that are due, on a server that starts them in time or late: two directories of schedules are
 * changed again and again, one without waiting. DOWNBEAT_FIRE_RUNS: how often, of schedules that fire each minute; without
 * it once, of some that fire every 20 s.
 */
const rounds = Number(process.env.DOWNBEAT_FIRE_RUNS ?? 1);
const cronExpression = process.env.DOWNBEAT_FIRE_RUNS === undefined ? '*/20 * * * * ?' : '0 * * * * ?';
const { url, setUp } = inject('realServer');
const { late } = setUps[setUp];
const api = `${url}/api`;
const root = mkdtempSync(join(tmpdir(), 'downbeat-fires-'));
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const groups = {
  waits: Array.from({ length: 10 }, (_, at) => `fires_waits_${at}`),
  hurries: Array.from({ length: 10 }, (_, at) => `fires_hurries_${at}`),
} as const;
type Group = keyof typeof groups;
const names = [...groups.waits, ...groups.hurries];
const workflow = 'fires_work';

beforeAll(async () => {
  const tasks = [{ name: 'sv', taskReferenceName: 'sv', type: 'SET_VARIABLE', inputParameters: { x: 1 } }];
  const answer = await fetch(`${api}/metadata/workflow`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: workflow, version: 1, schemaVersion: 2, tasks }),
  });
  expect([200, 409]).toContain(answer.status);
  for (const group of Object.keys(groups)) mkdirSync(join(root, group, 'schedules'), { recursive: true });
  await deleteSchedules(api, names);
});
afterAll(async () => {
  await deleteSchedules(api, names);
  await fetch(`${api}/metadata/workflow/${workflow}/1`, { method: 'DELETE' });
  rmSync(root, { recursive: true, force: true });
});

interface Missed {
  readonly name: string;
  readonly at: number;
}

/** Gives all of a group another description; what may have been missed. */
async function change(
  group: Group,
  description: string,
  ...flags: readonly string[]
): Promise<readonly Missed[]> {
  const manifests = groups[group].map((name) => ({
    name,
    description,
    cronExpression,
    startWorkflowRequest: { name: workflow },
  }));
  const cwd = join(root, group);
  writeFileSync(join(cwd, 'schedules', 'all.json'), JSON.stringify(manifests));
  const heard = fakeIo({ cwd, env: { CONDUCTOR_SERVER_URL: api }, wait });
  const code = await main(['apply', '--auto-approve', '-o', 'json', ...flags], heard.io);
  expect(code, heard.out() + heard.err()).toBe(0);
  const { possiblyMissed } = JSON.parse(heard.out()) as {
    possiblyMissed: { readonly name: string; readonly at: string }[];
  };
  return possiblyMissed.map(({ name, at }) => ({ name, at: Date.parse(at) }));
}

async function changedAt(): Promise<ReadonlyMap<string, number>> {
  const all = (await (await fetch(`${api}/scheduler/schedules`)).json()) as {
    name: string;
    updatedTime: number;
  }[];
  return new Map(all.map(({ name, updatedTime }) => [name, updatedTime]));
}

interface Run {
  readonly scheduledTime: number;
  readonly executionTime: number;
}

async function runsOf(name: string): Promise<readonly Run[]> {
  const answer = await fetch(`${api}/scheduler/search/executions?size=1000&query=${name}`);
  return ((await answer.json()) as { results: Run[] }).results;
}

/** The fire that was due when a schedule was saved at `saved`, and that never came. */
function lostAt(name: string, before: number, saved: number, runs: readonly Run[]): Missed | undefined {
  const since = runs.filter(({ executionTime }) => executionTime >= before && executionTime <= saved);
  const last = Math.max(before, ...since.flatMap((one) => [one.executionTime, one.scheduledTime]));
  const timing = {
    name,
    cronExpression,
    zoneId: 'UTC',
    startWorkflowRequest: { name: workflow, input: {}, taskToDomain: {}, priority: 0 },
    runCatchupScheduleInstances: false,
    paused: false,
  };
  const at = nextFireOf(timing, last);
  const isLost = at !== null && at <= saved && !runs.some(({ scheduledTime }) => scheduledTime === at);
  return isLost ? { name, at } : undefined;
}

it(`no fire is lost silently, and none with the default wait, in ${rounds} changes`, {
  timeout: 7_200_000,
}, async () => {
  await change('waits', 'first');
  await change('hurries', 'first');
  const saves: {
    readonly group: Group;
    readonly name: string;
    readonly before: number;
    readonly saved: number;
  }[] = [];
  const listed: { readonly [G in Group]: Missed[] } = { waits: [], hurries: [] };
  const waits: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    // The second fire after a save is the first that is late; it comes within 40 s.
    const everySecond = rounds === 1 ? 41_000 + (Date.now() % 5000) : 20_000 + ((round * 7919) % 50_000);
    await wait(everySecond);
    const before = await changedAt();
    const begun = Date.now();
    await Promise.all([
      change('hurries', `round ${round}`, '--fire-wait', '0').then((missed) =>
        listed.hurries.push(...missed),
      ),
      change('waits', `round ${round}`).then((missed) => {
        waits.push(Date.now() - begun);
        listed.waits.push(...missed);
      }),
    ]);
    const after = await changedAt();
    for (const group of ['waits', 'hurries'] as const)
      for (const name of groups[group])
        saves.push({ group, name, before: before.get(name) ?? 0, saved: after.get(name) ?? 0 });
  }
  await wait(3000);
  const lost: { readonly [G in Group]: Missed[] } = { waits: [], hurries: [] };
  for (const name of names) {
    const runs = await runsOf(name);
    for (const save of saves.filter((one) => one.name === name)) {
      expect(save.saved).toBeGreaterThan(save.before);
      const fire = lostAt(name, save.before, save.saved, runs);
      if (fire !== undefined) lost[save.group].push(fire);
    }
  }
  console.log(
    `${setUp}: ${saves.length} saves; not waiting cost ${lost.hurries.length} fires (${listed.hurries.length} listed), ` +
      `waiting cost ${lost.waits.length} (${listed.waits.length} listed); the longest wait took ${Math.round(Math.max(...waits) / 1000)} s`,
  );
  expect(lost.waits).toStrictEqual([]);
  expect(listed.hurries).toStrictEqual(expect.arrayContaining(lost.hurries));
  // Else the law said little.
  if (late) expect(lost.hurries.length).toBeGreaterThan(0);
});
