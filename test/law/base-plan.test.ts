import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Io } from '../../src/io/io.ts';
import { main } from '../../src/main.ts';
import { manifestOf } from '../../src/manifest/edit/render.ts';
import { writeJson } from '../../src/model/json.ts';
import type { DesiredSchedule } from '../../src/model/schedule.ts';
import type {
  BasePlanDocument,
  ChangeEntry,
  PlanDocument,
} from '../../src/report/documents/generated/documents.ts';
import { createScheduler, type Scheduler } from '../../src/scheduler/core.ts';
import type { Served } from '../../src/scheduler/serve.ts';
import { casesOf } from '../support/cases.ts';
import { anyDesired, withOneCron } from '../support/desired.ts';
import { fakeIo } from '../support/io.ts';
import { serveLocal } from '../support/scheduler.ts';
import { lawSettings } from './settings.ts';

const { seed } = lawSettings;
/** 500 with `npm run test:laws -- --runs 10000`. */
const runs = casesOf(100);
/** Between fires, so that no write waits for one. */
const noon = Date.UTC(2026, 10, 23, 12, 1, 37);

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

/** A directory of manifests and its configuration. */
type Tree = {
  readonly desired: readonly DesiredSchedule[];
  readonly owner: string | undefined;
  readonly prune: boolean;
  readonly zone: string | undefined;
};

const anyTree = fc.record({
  desired: anyDesired.chain((desired) =>
    fc
      .array(fc.constantFrom('plain', 'plain', 'protected', 'ignoring'), {
        minLength: desired.length,
        maxLength: desired.length,
      })
      .map((kinds) => desired.map((one, index) => ofKind(one, kinds[index] ?? 'plain'))),
  ),
  owner: fc.constantFrom('payments', 'payments', 'payments', 'billing', undefined),
  prune: fc.boolean(),
  zone: fc.constantFrom(undefined, 'Europe/Berlin'),
});

function ofKind(one: DesiredSchedule, kind: string): DesiredSchedule {
  const { lifecycle } = one;
  if (kind === 'protected') return { ...one, lifecycle: { ...lifecycle, protect: true } };
  if (kind !== 'ignoring') return one;
  return { ...one, lifecycle: { ...lifecycle, ignoreChanges: [['startWorkflowRequest', 'input']] } };
}

/** The other tree as somebody goes on from the first: some manifests stay, some get the name of one that is gone. */
function after(before: Tree, drawn: Tree, stays: readonly boolean[]): Tree {
  const old = new Map(before.desired.map((one) => [one.schedule.name, one]));
  const names = new Set(drawn.desired.map(({ schedule }) => schedule.name));
  const gone = [...old.keys()].filter((name) => !names.has(name));
  const desired = drawn.desired.map((one, index): DesiredSchedule => {
    const same = old.get(one.schedule.name);
    if (same !== undefined) return stays[index] === true ? withPauseOf(one, same) : one;
    const from = stays[index] === true ? gone.pop() : undefined;
    if (from === undefined) return one;
    const { lifecycle } = one;
    return { ...one, lifecycle: { ...lifecycle, previousNames: [from] } };
  });
  return { ...drawn, desired, ...(stays[6] === false ? {} : { owner: before.owner }) };
}

/** What was paused and is not written so any more stays paused. */
function withPauseOf({ pause }: DesiredSchedule, { pause: _was, ...same }: DesiredSchedule): DesiredSchedule {
  return { ...same, ...(pause === undefined ? {} : { pause }) };
}

function write(folder: string, { desired, owner, prune, zone }: Tree, serverType: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'schedules'), { recursive: true });
  writeFileSync(
    join(folder, 'downbeat.yaml'),
    [
      'rules: {all: off}',
      'limits: {deletes: none}',
      `server: {url: ${served.url}, type: ${serverType}}`,
      ...(owner === undefined ? [] : [`owner: ${owner}`, `prune: ${prune}`]),
      ...(zone === undefined ? [] : [`defaults: {zoneId: ${zone}}`]),
      '',
    ].join('\n'),
  );
  for (const [index, one] of desired.entries()) {
    const isProtected = one.lifecycle.protect && owner !== undefined;
    const sound = { ...one, lifecycle: { ...one.lifecycle, protect: isProtected } };
    // JSON is a manifest as it is.
    writeFileSync(join(folder, `schedules/${index}.json`), writeJson(manifestOf(sound), 2));
  }
}

const commit = 'c'.repeat(40);

/** A checkout in one folder whose commit is in another; that commits are read as checkouts is a law of its own. */
async function downbeat(here: string, base: string, serverType: string, ...words: readonly string[]) {
  const env = serverType.startsWith('orkes') ? { CONDUCTOR_AUTH_KEY: 'k', CONDUCTOR_AUTH_SECRET: 's' } : {};
  const heard = fakeIo({ cwd: here, env, now: () => noon });
  const { io: there } = fakeIo({ cwd: base });
  const io: Io = {
    ...heard.io,
    git: (_directory, [command, ...args]) => {
      // No manifest of the base is anywhere but in its directory.
      if (command === 'grep') return { kind: 'ended', status: 1, text: '' };
      const text = args.includes('--is-inside-work-tree') ? 'true\nfalse\n' : `${commit}\n`;
      return command === 'rev-parse'
        ? { kind: 'ended', status: 0, text }
        : heard.io.git('.', [command ?? '', ...args]);
    },
    filesAt: () => ({ ...there, leftOut: () => [] }),
  };
  const code = await main(words, io);
  return { code, out: heard.out(), err: heard.err() };
}

/** What both say of a schedule: not where its manifest is, which a server does not know, nor who wrote last. */
function told({ kind, name, reason, previous, pause, fields, fires, steps }: ChangeEntry): unknown {
  const { inBase: _inBase, ...paused } = { inBase: undefined, ...pause };
  return { kind, name, reason, previous, paused, fields, fires, steps };
}

/** As text, where a key named `__proto__` is one like others. */
const flat = (changes: readonly ChangeEntry[]): string => JSON.stringify(changes.map(told), undefined, 1);

it(`plan --base is plan against a server that has the base (seed ${seed})`, {
  timeout: 3_600_000,
}, async () => {
  const seen = new Map<string, number>();
  const parent = mkdtempSync(join(tmpdir(), 'downbeat-base-law-'));
  const [here, base] = [join(parent, 'here'), join(parent, 'base')];
  let pairs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('oss-2', 'orkes-new', 'documented'),
      anyTree,
      anyTree,
      fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
      async (serverType, first, drawn, stays) => {
        const kept = (tree: Tree): Tree =>
          serverType === 'oss-2' ? tree : { ...tree, desired: withOneCron(tree.desired) };
        const before = kept(first);
        write(base, before, serverType);
        write(here, after(before, kept(drawn), stays), serverType);
        current = createScheduler({ serverType, now: () => noon, acceptAnyWorkflow: true });
        const applied = await downbeat(
          base,
          base,
          serverType,
          'apply',
          '--yes',
          '--allow-empty',
          '--fire-wait',
          '0',
        );
        expect(applied.code, applied.out + applied.err).toBe(0);

        const json = ['--output', 'json', '--allow-empty', '--detailed-exitcode'];
        const onServer = await downbeat(here, base, serverType, 'plan', ...json);
        const fromBase = await downbeat(here, base, serverType, 'plan', '--base', 'main', ...json);
        expect(fromBase.code, fromBase.err).toBe(onServer.code);
        const plan = JSON.parse(onServer.out) as PlanDocument;
        const document = JSON.parse(fromBase.out) as BasePlanDocument;
        expect([plan.kind, document.kind]).toStrictEqual(['plan', 'base-plan']);
        const [stay, changes] = [
          document.changes.filter(({ reason }) => reason === 'stays-without-manifest'),
          document.changes.filter(({ reason }) => reason !== 'stays-without-manifest'),
        ];
        expect(flat(changes)).toBe(flat(plan.changes));
        expect(document.counts).toStrictEqual(plan.counts);
        expect(document.verdict).toBe(plan.verdict);
        expect(document.guards).toStrictEqual(plan.guards);
        // What the server's plan only counts; of others' it also shows those that manifests name.
        const refused = plan.changes.filter(({ reason }) => reason === 'foreign-owner').length;
        expect(stay).toHaveLength(plan.counts.unmanaged + plan.counts.ofOtherOwners - refused);
        pairs += 1;
        for (const { kind, reason } of document.changes) {
          const what = reason ?? kind;
          seen.set(what, (seen.get(what) ?? 0) + 1);
        }
      },
    ),
    // Shrinking such trees takes longer than looking at them.
    { numRuns: runs, seed, endOnFailure: true },
  );
  rmSync(parent, { recursive: true });
  expect(pairs).toBe(runs);
  // Else the property said little.
  const kinds = ['create', 'update', 'delete', 'rename', 'needs-prune', 'stays-without-manifest'];
  for (const what of runs < 100 ? kinds.slice(0, 2) : [...kinds, 'paused-on-server', 'protected'])
    expect(seen.get(what) ?? 0, what).toBeGreaterThan(0);
});
