import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { main } from '../../src/main.ts';
import { markedDescription } from '../../src/model/marks/marker.ts';
import { deleteSchedules } from '../support/clean-up.ts';
import { fakeIo } from '../support/io.ts';
import { ownerSituations } from '../support/owner-situations.ts';

const api = `${inject('realServer').url}/api`;
const root = mkdtempSync(join(tmpdir(), 'downbeat-owners-'));
const names = ['one-a', 'one-b', 'one-c', 'two-a', 'two-b', 'nobodys'];

interface Owner {
  /** Writes exactly these manifests. */
  has(...names: readonly string[]): void;
  downbeat(
    ...args: readonly string[]
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
}

function owner(name: string): Owner {
  const cwd = join(root, name);
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'downbeat.yaml'), `owner: ${name}\n`);
  return {
    has(...manifests) {
      rmSync(join(cwd, 'schedules'), { recursive: true, force: true });
      mkdirSync(join(cwd, 'schedules'));
      for (const each of manifests)
        writeFileSync(join(cwd, 'schedules', `${each}.json`), JSON.stringify(body(each)));
    },
    async downbeat(...args) {
      const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
      const heard = fakeIo({ cwd, env: { CONDUCTOR_SERVER_URL: api }, wait });
      const code = await main(args, heard.io);
      return { code, out: heard.out(), err: heard.err() };
    },
  };
}

function body(name: string): Record<string, unknown> {
  return {
    name,
    description: `of ${name}`,
    cronExpression: '0 0 3 1 1 ?',
    startWorkflowRequest: { name: 'wf' },
  };
}

async function there(): Promise<ReadonlyMap<string, Record<string, unknown>>> {
  const all = (await (await fetch(`${api}/scheduler/schedules`)).json()) as Record<string, unknown>[];
  return new Map(
    all.filter(({ name }) => names.includes(String(name))).map((one) => [String(one.name), one]),
  );
}

async function save(schedule: Readonly<Record<string, unknown>>): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${api}/scheduler/schedules`, {
    method: 'POST',
    headers,
    body: JSON.stringify(schedule),
  });
  expect(answer.status).toBe(200);
}

beforeAll(() => deleteSchedules(api, names));
afterAll(async () => {
  await deleteSchedules(api, names);
  rmSync(root, { recursive: true, force: true });
});

it('two owners share a server: neither touches the other’s schedules or the unmanaged', async () => {
  const [one, two] = [owner('one'), owner('two')];
  await save(body('nobodys'));
  one.has('one-a', 'one-b', 'one-c');
  two.has('two-a', 'two-b');
  expect(await one.downbeat('apply', '--auto-approve')).toMatchObject({ code: 0 });
  expect(await two.downbeat('apply', '--auto-approve')).toMatchObject({ code: 0 });
  for (const each of [one, two]) expect((await each.downbeat('plan', '--detailed-exitcode')).code).toBe(0);
  const before = await there();
  expect(before.get('one-a')?.description).toBe(
    markedDescription('one-a', 'of one-a', { owner: 'one', protected: false }),
  );

  one.has('one-a', 'one-b');
  expect((await one.downbeat('drift')).code).toBe(2);
  expect(await one.downbeat('apply', '--prune', '--auto-approve')).toMatchObject({ code: 0 });
  two.has('two-a');
  expect(await two.downbeat('apply', '--prune', '--auto-approve')).toMatchObject({ code: 0 });
  const after = await there();
  expect([...after.keys()].sort()).toStrictEqual(['nobodys', 'one-a', 'one-b', 'two-a']);
  for (const [name, schedule] of after) expect(schedule).toStrictEqual(before.get(name));

  one.has('one-a', 'one-b', 'two-a');
  const refused = await one.downbeat('apply', '--auto-approve');
  expect(refused.code).toBe(3);
  expect(refused.out).toMatch(/"two-a" belongs to "two", not to "one"/);
  expect((await there()).get('two-a')).toStrictEqual(before.get('two-a'));
});

it('an edit that keeps the marker leaves a schedule ours; one that drops it is unmarked and never deleted', async () => {
  const one = owner('one');
  one.has('one-a', 'one-b');
  expect(await one.downbeat('apply', '--auto-approve')).toMatchObject({ code: 0 });
  await save({
    ...body('one-a'),
    description: `${markedDescription('one-a', undefined, { owner: 'one', protected: false })}\nadded by hand`,
  });
  await save({ ...body('one-b'), description: 'edited by hand' });
  const { code, out } = await one.downbeat('plan');
  expect(code).toBe(3);
  expect(out).toMatch(/~ update one-a/);
  expect(out).toMatch(/"one-b" is on the server without a marker/);
  one.has('one-a');
  expect(await one.downbeat('apply', '--prune', '--auto-approve')).toMatchObject({ code: 0 });
  expect((await there()).get('one-b')?.description).toBe('edited by hand');
});

it('setting `owner` for equal schedules is one visible adopt each', async () => {
  const two = owner('two');
  await save(body('two-a'));
  await save(body('two-b'));
  two.has('two-a', 'two-b');
  const { code, out } = await two.downbeat('plan');
  expect(code).toBe(0);
  expect(out).toMatch(/2 to adopt/);
  expect(await two.downbeat('apply', '--auto-approve')).toMatchObject({ code: 0 });
  expect((await two.downbeat('plan', '--detailed-exitcode')).code).toBe(0);
});

describe('what happens to teams who share a server', () => {
  ownerSituations({
    hasTags: false,
    many: 200,
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    env: () => ({ CONDUCTOR_SERVER_URL: api }),
    put: save,
    async stored(wanted) {
      const all = (await (await fetch(`${api}/scheduler/schedules`)).json()) as Record<string, unknown>[];
      const found = all.filter(({ name }) => wanted.includes(String(name)));
      return new Map(found.map((body) => [String(body.name), { body, tags: [] }]));
    },
    clear: (wanted) => deleteSchedules(api, wanted),
  });
});
