import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { loadManifests } from '../../src/manifest/desired.ts';
import { newManifest } from '../../src/manifest/edit/new-manifest.ts';
import { parse } from '../../src/manifest/read/parse-file.ts';
import type { Policy } from '../../src/model/run-policy.ts';
import type { DesiredSchedule, ObservedSchedule } from '../../src/model/schedule.ts';
import type { Run } from '../support/world.ts';
import { anySeed, choicesOf, styledYaml } from '../support/yaml-styles.ts';

/** A value with numbers as their JSON text: nothing here goes through a reader or writer of the program. */
export type Tree = null | boolean | string | Num | readonly Tree[] | { readonly [key: string]: Tree };

export class Num {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Fields = { readonly [key: string]: Tree };

/** JSON, which is YAML too. */
export function textOf(value: Tree): string {
  if (value instanceof Num) return value.text;
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${textOf(item as Tree)}`)
    .join(', ')}}`;
}

/** The value of an answer, each number as its letters. */
export function lettersOf(text: string): unknown {
  return JSON.parse(
    text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
      token.startsWith('"') ? token : JSON.stringify({ 'number as written': token }),
    ),
  );
}

/** The paths at which two values differ; lists and an inline workflow differ as a whole, as plans say it. */
export function differences(
  before: unknown,
  after: unknown,
  path: readonly string[] = [],
): readonly string[] {
  if (isFields(before) && isFields(after) && path.join('.') !== 'startWorkflowRequest.workflowDef')
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      differences(
        Object.hasOwn(before, key) ? before[key] : undefined,
        Object.hasOwn(after, key) ? after[key] : undefined,
        [...path, key],
      ),
    );
  return sorted(before) === sorted(after) ? [] : [path.join('.')];
}

function isFields(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, item: unknown) =>
    isFields(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}

const numberText: fc.Arbitrary<string> = fc.oneof(
  fc.integer().map(String),
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.nat(99_999),
      fc.stringMatching(/^\.\d{1,20}$/),
      fc.constantFrom('', '', 'e3', 'E-7', 'e21', 'e+22'),
    )
    .map((parts) => parts.join('')),
  fc.constantFrom(
    '1.0',
    '100.0',
    '1e21',
    '1.0E21',
    '-0.0',
    '0.0',
    '1e3',
    '1e-400',
    '0.10',
    '5e-324',
    '72225e2',
  ),
);
export const anyNum: fc.Arbitrary<Num> = numberText.map((text) => new Num(text));

const oddText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    'no',
    '1.0',
    '00123',
    '12:30:00',
    'a: b',
    '- x',
    '# c',
    '&a',
    '*a',
    '!t',
    '{a',
    '"',
    "'",
    '\n',
    'x\n y\n',
  ),
);
const anyKey = fc.oneof(
  fc.stringMatching(/^[a-z]{1,6}$/),
  fc.constantFrom('a.b', 'on', '1', 'toString', 'constructor', 'ключ', 'x y'),
);
export const anyTree: fc.Arbitrary<Tree> = fc.letrec<{ value: Tree }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    anyNum,
    fc.constant(null),
    fc.boolean(),
    oddText,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(anyKey, tie('value'), { maxKeys: 3 }),
  ),
})).value;

const inputTree: fc.Arbitrary<Fields> = fc
  .tuple(fc.dictionary(anyKey, anyTree, { maxKeys: 4 }), anyNum, anyNum)
  .map(([more, rate, limit]) => ({ ...more, rate, nested: { limit, kept: [limit, rate] } }));

const crons = fc.constantFrom('0 0 9 * * ?', '0 0/5 * * * ?', '0 30 6 ? * MON-FRI', '@daily');
const workflowDef = fc.record({
  name: fc.constant('inline'),
  version: fc.constant(new Num('1')),
  tasks: fc.array(
    fc.record({
      name: fc.constant('t'),
      taskReferenceName: fc.constant('t'),
      type: fc.constant('SET_VARIABLE'),
      inputParameters: fc.dictionary(anyKey, anyTree, { maxKeys: 2 }),
    }),
    { maxLength: 2 },
  ),
});

/** What a server is given, by whomever: also what no manifest can say. */
const anyBody: fc.Arbitrary<{ readonly body: Fields; readonly request: Fields }> = fc.record({
  body: fc
    .tuple(
      fc.oneof(
        fc.record({ cronExpression: crons, zoneId: fc.constantFrom('UTC', 'Europe/Berlin') }),
        fc.record({ cronExpression: crons }),
      ),
      fc.record(
        {
          description: fc.oneof(
            fc.constant(''),
            oddText.filter((text) => !text.includes('[')),
          ),
          runCatchupScheduleInstances: fc.constant(false),
          unknown: anyTree,
        },
        { requiredKeys: [] },
      ),
      fc.constantFrom<Fields>(
        {},
        { scheduleStartTime: new Num('1893456000000') },
        { paused: true },
        { paused: true, pausedReason: 'INC-9' },
      ),
    )
    .map((parts): Fields => Object.assign({}, ...parts)),
  request: fc
    .tuple(
      inputTree,
      fc.record(
        {
          version: fc.constant(new Num('3')),
          correlationId: fc.constantFrom('', 'c', '1.0'),
          taskToDomain: fc.constantFrom<Fields>({}, { '*': 'batch' }),
          priority: fc.constantFrom(new Num('0'), new Num('7')),
          createdBy: fc.constantFrom('ada', ''),
          idempotencyKey: fc.constantFrom('', 'key'),
          idempotencyStrategy: fc.constant('FAIL'),
          externalInputPayloadStoragePath: fc.constant(''),
          workflowDef,
          unknownToo: anyTree,
        },
        { requiredKeys: [] },
      ),
    )
    .map(([input, more]): Fields => ({ name: 'wf', input, ...more })),
});

/** What the manifest says otherwise than the server. */
const anyEdit: fc.Arbitrary<(request: Fields, input: Fields) => readonly [body: Fields, request: Fields]> =
  fc.oneof(
    oddText
      .filter((text) => text.trim() !== '' && !text.includes('['))
      .map((description) => () => [{ description }, {}] as const),
    anyTree.map(
      (added) => (_request: Fields, input: Fields) => [{}, { input: { ...input, added } }] as const,
    ),
    anyNum.map((rate) => (_request: Fields, input: Fields) => [{}, { input: { ...input, rate } }] as const),
    anyNum.map(
      (rate) => (_request: Fields, input: Fields) =>
        [
          {
            lifecycle: { ignoreChanges: ['startWorkflowRequest.input.rate'] },
            cronExpression: '0 1 1 * * ?',
          },
          { input: { ...input, rate } },
        ] as const,
    ),
    fc.constant(() => [{ cronExpression: '0 0 3 * * ?' }, {}] as const),
    fc.constant(() => [{}, { priority: new Num('9'), correlationId: 'other' }] as const),
    fc.constant(() => [{ paused: true, pausedReason: 'by the manifest' }, {}] as const),
    fc.constant(() => [{ paused: false }, {}] as const),
    fc.constant(() => [{}, {}] as const),
  );

/**
 * - `pull`: a new file, then plan and apply
 * - `pull-edit`: a file that is there and asks for something else is edited, then plan and apply
 * - `pause`: what somebody on call does, and takes back
 */
export type Kind = 'apply' | 'adopt' | 'rename' | 'pull' | 'pull-edit' | 'pause';

export interface LetterCase {
  readonly kind: Kind;
  /** As it is saved at first. */
  readonly body: string;
  /** The manifest that asks for something else. Of a rename: under the new name, and `first` asks for no change but the marker. */
  readonly manifest: string;
  readonly first: string;
  readonly policy: Partial<Policy>;
  /** Of a pull: how the file is written that it edits. Of a pause: with a reason when it is odd. */
  readonly style: number;
}

/** A server and the whole way to it. */
export interface LetterTarget {
  /** As another client saves. */
  save(body: string): Promise<void>;
  /** The text of a GET. */
  answer(name: string): Promise<string>;
  observe(name: string): Promise<ObservedSchedule>;
  /** Plan and apply. */
  run(desired: readonly DesiredSchedule[]): Promise<Run>;
  /** A whole command in a directory. */
  command(
    cwd: string,
    words: readonly string[],
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
}

const oldName = 'before';
const newName = 'after';

export const anyLetterCase: fc.Arbitrary<LetterCase> = fc
  .tuple(
    fc.constantFrom<Kind[]>('apply', 'adopt', 'rename', 'pull', 'pull-edit', 'pause'),
    anyBody,
    anyEdit,
    anySeed,
  )
  .map(([kind, { body, request }, edit, style]) => {
    const { unknown: _unknown, paused: _paused, pausedReason: _reason, ...written } = body;
    const { unknownToo: _more, createdBy: _by, ...wanted } = request;
    const [top, below] = edit(wanted, wanted.input as Fields);
    const manifest = (name: string, more: Fields, differs: boolean): string =>
      `${textOf({
        name,
        ...written,
        ...(differs ? top : {}),
        startWorkflowRequest: { ...wanted, ...(differs ? below : {}) },
        ...more,
      })}\n`;
    const lifecycle = { ...((top.lifecycle as Fields | undefined) ?? {}), previousNames: [oldName] };
    return {
      kind,
      style,
      policy: kind === 'adopt' || kind === 'rename' ? { owner: 'team', adopt: 'all' } : {},
      body: textOf({ name: oldName, ...body, startWorkflowRequest: request }),
      first: manifest(oldName, {}, false),
      manifest: kind === 'rename' ? manifest(newName, { lifecycle }, true) : manifest(oldName, {}, true),
    };
  });

/** Set by servers themselves with every write. */
const serversOwn =
  /^(?:name|createTime|createdBy|updatedTime|updatedBy|nextRunTime|orgId|queueMsgId|tags)(?:\.|$)/;

/**
 * Without the line of a marker, which is shown as an owner. A description is then no more than it was: "" and none are
 * the same to servers, and a marker or the note of a rename that comes and goes leaves none.
 */
function unmarked(text: string): string {
  return text.replace(/(?:\\n)?\[downbeat-owner: [^\]]*\]/g, '').replace(/"description":"",?/, '');
}

/** That the answer differs only where the plan said so. `shown`: the paths of its fields. */
function holdLetters(
  before: string,
  after: string,
  shown: readonly (readonly string[])[],
  about: string,
): readonly string[] {
  const allowed = shown.map((path) => path.join('.'));
  const changed = differences(lettersOf(unmarked(before)), lettersOf(unmarked(after))).filter(
    (path) => !serversOwn.test(path),
  );
  const unsaid = changed.filter(
    (path) =>
      !allowed.some((one) => path === one || path.startsWith(`${one}.`) || one.startsWith(`${path}.`)),
  );
  expect(unsaid, `${about}\nbefore ${before}\nafter  ${after}\nshown  ${allowed.join(' ')}`).toStrictEqual(
    [],
  );
  return changed;
}

/** Runs a case and holds it to the law. Returns the paths that changed. */
export async function heldLetters(one: LetterCase, target: LetterTarget): Promise<readonly string[]> {
  await target.save(one.body);
  if (one.kind === 'rename') await carriedOut(one.first, target);
  const before = await target.answer(oldName);
  if (one.kind === 'pause') return heldPause(one, before, target);
  const { text: manifest, kept } = await manifestOf(one, target);
  const shown = await carriedOut(manifest, target);
  const after = await target.answer(one.kind === 'rename' ? newName : oldName);
  const changed = holdLetters(before, after, shown, `${one.kind} of ${manifest}`);
  if (one.kind === 'pull' || one.kind === 'pull-edit') expect(shown.map(String)).toStrictEqual(kept);
  return changed;
}

/** What is applied. `kept`: the paths of which pull said that the manifest stays as it is. */
async function manifestOf(
  one: LetterCase,
  target: LetterTarget,
): Promise<{ readonly text: string; readonly kept: readonly string[] }> {
  if (one.kind === 'pull') return { text: await pulled(target), kept: [] };
  if (one.kind !== 'pull-edit') return { text: one.manifest, kept: [] };
  const file = { path: 'a.yaml', text: one.manifest };
  const value = parse(file).manifests[0]?.value;
  if (value === undefined) throw new Error('no manifest');
  return inFolder(async (cwd) => {
    const path = join(cwd, 'schedules', file.path);
    // One in three is JSON, as it is.
    writeFileSync(path, one.style % 3 === 0 ? one.manifest : styledYaml(value, choicesOf(one.style)));
    const done = await target.command(cwd, ['pull', '--output', 'json']);
    expect(done.code, `${one.manifest}\n${done.err}`).toBe(0);
    const { kept } = JSON.parse(done.out) as { kept: { field: { path: readonly string[] } }[] };
    return { text: readFileSync(path, 'utf8'), kept: kept.map(({ field }) => String(field.path)) };
  });
}

/** A pause and a resume by hand change what they are about. */
async function heldPause(
  { style }: LetterCase,
  before: string,
  target: LetterTarget,
): Promise<readonly string[]> {
  const reason = style % 2 === 1 ? ['--reason', 'INC-5'] : [];
  const isPaused = /"paused":\s*true/.test(before);
  const lines = [
    ['pause', oldName, ...reason],
    ['resume', oldName],
  ];
  const changed: string[] = [];
  await inFolder(async (cwd) => {
    let old = before;
    for (const line of isPaused ? lines.toReversed() : lines) {
      const done = await target.command(cwd, line);
      expect(done.code, done.err).toBe(0);
      const now = await target.answer(oldName);
      changed.push(...holdLetters(old, now, [['paused'], ['pausedReason']], line.join(' ')));
      old = now;
    }
  });
  expect(changed).toContain('paused');
  return changed;
}

async function inFolder<T>(work: (cwd: string) => Promise<T>): Promise<T> {
  const cwd = mkdtempSync(join(tmpdir(), 'downbeat-letters-'));
  try {
    mkdirSync(join(cwd, 'schedules'));
    return await work(cwd);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

async function carriedOut(manifest: string, { run }: LetterTarget): Promise<readonly (readonly string[])[]> {
  const ended = await run(desiredOf(manifest));
  if (ended.kind === 'failed') throw new Error(JSON.stringify(ended.failure));
  const wrong = ended.result.steps.filter(({ outcome }) => outcome !== 'done');
  expect(wrong, manifest).toStrictEqual([]);
  return ended.plan.changes.flatMap(({ fields }) => fields.map((field) => field.path));
}

function desiredOf(text: string): readonly DesiredSchedule[] {
  const { desired, diagnostics } = loadManifests([{ path: 'a.yaml', text }]);
  const wrong = diagnostics.filter(({ diagnostic }) => diagnostic.severity === 'error');
  expect(wrong, text).toStrictEqual([]);
  return desired;
}

/** The schedule as `pull` writes it. */
async function pulled({ observe }: LetterTarget): Promise<string> {
  const { schedule } = await observe(oldName);
  const made = newManifest(
    { schedule, isProtected: false },
    { secretName: () => 'UNUSED', notSensitive: [], defaults: {} },
  );
  if (!made.ok) throw new Error('no case has credentials');
  return made.text;
}
