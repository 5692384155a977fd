import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import { parse } from '../../src/manifest/read/parse-file.ts';
import { type Json, type JsonObject, writeJson } from '../../src/model/json.ts';
import { createScheduler, type Scheduler } from '../../src/scheduler/core.ts';
import type { Served } from '../../src/scheduler/serve.ts';
import { anyContents, type There } from '../support/desired.ts';
import { fakeIo } from '../support/io.ts';
import { serveLocal } from '../support/scheduler.ts';
import { anySeed, type Choices, choicesOf, styledYaml } from '../support/yaml-styles.ts';
import { lawSettings } from './settings.ts';

const { seed } = lawSettings;
const runs = Math.ceil(lawSettings.runs / 20);
const noon = Date.UTC(2026, 10, 23, 12);

// One port for all cases: each puts its own scheduler behind it.
let current: Scheduler | undefined;
let served: Served;
beforeAll(async () => {
  const behind = {
    handle: (request: Parameters<Scheduler['handle']>[0]) => (current as Scheduler).handle(request),
    tick: () => 0,
  };
  served = await serveLocal(behind as Scheduler);
});
afterAll(async () => served.close());

async function downbeat(cwd: string, serverType: string, ...words: readonly string[]) {
  const env = serverType.startsWith('orkes') ? { CONDUCTOR_AUTH_KEY: 'k', CONDUCTOR_AUTH_SECRET: 's' } : {};
  const heard = fakeIo({ cwd, env, now: () => noon, writes: 'disk' });
  const server = ['--server', served.url, '--server-type', serverType];
  const code = await main([...words, ...server], heard.io);
  return { code, out: heard.out(), err: heard.err() };
}

interface Kept {
  readonly kept: readonly { readonly name: string }[];
  readonly skipped: readonly { readonly name: string }[];
}

/** The plan knows of nothing to do but for the schedules that pull spoke of. */
async function planIsEmpty(cwd: string, serverType: string, { kept }: Kept): Promise<void> {
  const plan = await downbeat(
    cwd,
    serverType,
    'plan',
    '--output',
    'json',
    '--allow-unknown-secrets',
    '--allow-empty',
  );
  expect(plan.code, plan.err).toBe(0);
  const { changes } = JSON.parse(plan.out) as { changes: { name: string; steps: string[] }[] };
  const left = changes.filter(({ steps }) => steps.length > 0).map(({ name }) => name);
  const said = new Set(kept.map(({ name }) => name));
  expect(left.filter((name) => !said.has(name))).toStrictEqual([]);
}

/** The same manifests in files of any style: several in one, as documents or a list, as JSON, with either line break. */
function restyle(directory: string, choose: Choices): ReadonlyMap<string, string> {
  const values = readdirSync(directory).map((name) => {
    const text = readFileSync(join(directory, name), 'utf8');
    rmSync(join(directory, name));
    return parse({ path: name, text }).manifests[0]?.value as JsonObject;
  });
  const files = new Map<string, string>();
  for (let from = 0; from < values.length; ) {
    const group = values.slice(from, from + 1 + choose.of(3));
    from += group.length;
    const [path, text] = styled(group, `f${from}`, choose);
    files.set(path, text);
    writeFileSync(join(directory, path), text);
  }
  return files;
}

function styled(group: readonly JsonObject[], stem: string, choose: Choices): readonly [string, string] {
  const only = group.length === 1 ? (group[0] as Json) : group;
  const kind = choose.of(4);
  if (kind === 0) return [`${stem}.json`, `${writeJson(only, choose.of(2) * 2)}\n`];
  const text =
    kind === 1 ? styledYaml(only, choose) : group.map((one) => styledYaml(one, choose)).join('---\n');
  return [`${stem}.yaml`, choose.of(4) === 0 ? text.replaceAll('\n', '\r\n') : text];
}

it(`pull, then plan is empty, whatever the files look like (seed ${seed})`, {
  timeout: 3_600_000,
}, async () => {
  let pulls = 0;
  let edited = 0;
  let kept = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('oss-2', 'orkes-new', 'documented'),
      anyContents.filter(({ length }) => length > 0),
      anyContents,
      anySeed,
      async (serverType, before, after, style) => {
        const cwd = mkdtempSync(join(tmpdir(), 'downbeat-pull-'));
        // Random schedules break rules that are a matter of judgement.
        writeFileSync(join(cwd, 'downbeat.yaml'), 'rules: {all: off}\n');
        const directory = join(cwd, 'schedules');
        mkdirSync(directory);
        try {
          current = createScheduler({
            serverType,
            now: () => noon,
            acceptAnyWorkflow: true,
            switches: { cronSchedules: 'kept' },
          });
          const put = ({ body, tags }: There): void => (current as Scheduler).put(body, tags);
          for (const one of before) put(one);

          const first = await downbeat(cwd, serverType, 'pull', '--unmanaged', '--output', 'json');
          expect(first.code, first.err).toBe(0);
          expect(JSON.parse(first.out)).toMatchObject({ kept: [], skipped: [] });
          await planIsEmpty(cwd, serverType, JSON.parse(first.out) as Kept);

          const files = restyle(directory, choicesOf(style));
          await planIsEmpty(cwd, serverType, { kept: [], skipped: [] });
          const nothing = await downbeat(cwd, serverType, 'pull', '--check');
          expect(nothing.code, nothing.out).toBe(0);

          const names = new Set(before.map(({ body }) => body.name));
          for (const one of after) if (names.has(one.body.name)) put(one);
          const second = await downbeat(cwd, serverType, 'pull', '--output', 'json');
          expect(second.code, second.err).toBe(0);
          const done = JSON.parse(second.out) as Kept & { files: { path: string }[]; unchanged: number };
          await planIsEmpty(cwd, serverType, done);
          pulls += 1;
          edited += done.files.length;
          kept += done.kept.length;

          const touched = new Set(done.files.map(({ path }) => path));
          for (const [path, text] of files)
            if (!touched.has(`schedules/${path}`))
              expect(readFileSync(join(directory, path), 'utf8')).toBe(text);
          const again = await downbeat(cwd, serverType, 'pull', '--check', '--output', 'json');
          expect(JSON.parse(again.out)).toMatchObject({ files: [], kept: done.kept });
        } finally {
          rmSync(cwd, { recursive: true, force: true });
        }
      },
    ),
    { numRuns: runs, seed },
  );
  // Else the property said little.
  expect(edited).toBeGreaterThan(pulls / 4);
  expect(kept).toBeLessThan(edited / 20);
});
