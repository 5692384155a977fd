import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { structuredPatch } from 'diff';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { main } from '../../src/main.ts';
import { parse } from '../../src/manifest/read/parse-file.ts';
import { type JsonObject, writeJson } from '../../src/model/json.ts';
import { deleteSchedules } from '../support/clean-up.ts';
import { fakeIo } from '../support/io.ts';
import { anyBody } from '../support/schedules.ts';
import { choicesOf, styledYaml } from '../support/yaml-styles.ts';

const api = `${inject('realServer').url}/api`;
const seed = 20261123;
const count = 300;
const changed = 50;

const names = new Set<string>();
let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'downbeat-real-pull-'));
  mkdirSync(join(cwd, 'schedules'));
});
afterAll(async () => {
  rmSync(cwd, { recursive: true, force: true });
  await deleteSchedules(api, names);
});

async function downbeat(...words: readonly string[]) {
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const heard = fakeIo({ cwd, env: { CONDUCTOR_SERVER_URL: api }, wait, writes: 'disk' });
  const code = await main(words, heard.io);
  return { code, out: heard.out(), err: heard.err() };
}

async function planIsEmpty(): Promise<void> {
  const { code, out, err } = await downbeat('plan', '--detailed-exitcode', '--allow-unknown-secrets');
  expect(`${code} ${out} ${err}`).toMatch(/^0 [\s\S]*No changes\./);
}

async function save(body: JsonObject): Promise<void> {
  names.add(String(body.name));
  const answer = await fetch(`${api}/scheduler/schedules`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: writeJson(body),
  });
  expect(answer.status).toBe(200);
}

const bodies: readonly JsonObject[] = fc
  .sample(fc.tuple(anyBody, fc.boolean(), fc.constantFrom(undefined, 'INC-1', 'später')), {
    numRuns: count,
    seed,
  })
  .map(([body, paused, reason], index) => ({
    ...body,
    name: `pulled ${index} ${['ключ', '50%', 'a;b', 'Con', 'aux'][index % 5]}`,
    // Nothing of it shall fire while this runs.
    scheduleStartTime: 1_990_000_000_000 + index,
    paused,
    ...(paused && reason !== undefined ? { pausedReason: reason } : {}),
  }));

function files(): ReadonlyMap<string, string> {
  const directory = join(cwd, 'schedules');
  return new Map(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
}

/** One field of a schedule as somebody changed it by hand. */
const changes: readonly ((body: JsonObject) => JsonObject)[] = [
  (body) => ({ ...body, description: 'changed by hand' }),
  (body) => ({ ...body, startWorkflowRequest: { ...request(body), priority: 42 } }),
  (body) => ({ ...body, startWorkflowRequest: { ...request(body), correlationId: 'C-42' } }),
  (body) => ({
    ...body,
    startWorkflowRequest: {
      ...request(body),
      input: { ...(request(body).input as JsonObject), byHand: 12345678901234567890n },
    },
  }),
  ({ cronSchedules: _several, ...body }) => ({
    ...body,
    cronExpression: '0 0 4 1 1 ?',
    zoneId: 'Asia/Tokyo',
  }),
  (body) => ({ ...body, scheduleStartTime: 1_991_000_000_000 }),
];

function request(body: JsonObject): JsonObject {
  return body.startWorkflowRequest as JsonObject;
}

it('300 random schedules go into files and back, and so do 50 changes', { timeout: 600_000 }, async () => {
  for (const body of bodies) await save(body);
  const first = await downbeat('pull', '--unmanaged', '--output', 'json');
  expect(first.code, first.err).toBe(0);
  expect(JSON.parse(first.out)).toMatchObject({ counts: { created: count, skipped: 0, kept: 0 } });
  expect(files().size).toBe(count);
  await planIsEmpty();

  // Written in another style, the files lose the comments that allow what random schedules break.
  writeFileSync(join(cwd, 'downbeat.yaml'), 'rules: {all: off}\n');
  const choose = choicesOf(seed);
  for (const [name, text] of files()) {
    const [manifest] = parse({ path: name, text }).manifests;
    const styled = styledYaml(manifest?.value ?? {}, choose);
    const broken = choose.of(4) === 0 ? styled.replaceAll('\n', '\r\n') : styled;
    writeFileSync(join(cwd, 'schedules', name), broken);
  }
  await planIsEmpty();
  const before = files();

  const byHand = bodies.filter((_body, index) => index % (count / changed) === 0);
  expect(byHand).toHaveLength(changed);
  for (const [index, body] of byHand.entries()) await save(changes[index % changes.length]?.(body) ?? body);
  const second = await downbeat('pull', '--output', 'json');
  expect(second.code, second.err).toBe(0);
  expect(JSON.parse(second.out)).toMatchObject({
    counts: { created: 0, edited: changed, kept: 0, skipped: 0 },
  });
  await planIsEmpty();

  let edited = 0;
  for (const [name, text] of files()) {
    const old = before.get(name) ?? '';
    if (old === text) continue;
    edited += 1;
    const { hunks } = structuredPatch('', '', old, text, '', '', { context: 0 });
    const lines = hunks.flatMap((hunk) => hunk.lines);
    const removed = lines.filter((line) => line.startsWith('-'));
    // Of comments and blank lines none goes, and none comes, but inside of a list of timers that is gone as a whole.
    const isTimers = removed.some((line) => line.includes('cronSchedules'));
    if (!isTimers) expect(lines.filter((line) => /^[-+]\s*(?:#.*)?$/.test(line))).toStrictEqual([]);
    if (!isTimers) expect(removed.length, `${name}:\n${lines.join('\n')}`).toBeLessThanOrEqual(4);
    expect(hunks.length).toBeLessThanOrEqual(3);
    // The line breaks of a file stay as they were.
    expect(/(?<!\r)\n/.test(text)).toBe(/(?<!\r)\n/.test(old));
  }
  expect(edited).toBe(changed);

  const third = await downbeat('pull', '--check');
  expect(third.code, third.out).toBe(0);
});
