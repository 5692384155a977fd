// Plants faults in the code and looks whether a test finds each: `npm run test:mutants -- --count 200 --seed S
// [--folder src/masking]`, a folder or a file. All of them are in the sources at once, and test/mutants/plant.ts switches
// one on at a time. Equivalent ones, which no test can find, are in test/mutants/equivalent.json with a reason each.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { commonTokens } from '@stryker-mutator/api/plugin';
import { createInstrumenter } from '@stryker-mutator/instrumenter';
import { createInjector } from 'typed-inject';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: {
    folder: { type: 'string', multiple: true, default: ['src/apply', 'src/compare'] },
    count: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    /** `2/4`: the second quarter of what the seed takes, so that many can be had in parts. */
    part: { type: 'string', default: '1/1' },
    workers: { type: 'string', default: '2' },
    least: { type: 'string', default: '95' },
    report: { type: 'string' },
    /** Only the mutants of these lines: `--line 12 --line 30`, of one file. */
    line: { type: 'string', multiple: true },
    /** The faults of test/mutants/planted.json instead, each to be found by the tests that it names. */
    planted: { type: 'boolean', default: false },
    /** Only these tests, folders or files. */
    test: { type: 'string', multiple: true },
    /** How long the laws are, as in `npm run test:laws -- --runs N`. */
    runs: { type: 'string' },
  },
});
/** The tests that a fault is shown to, by the folder that it is in; which of them reach it, a first run tells. */
const testsOf = {
  'src/apply': [
    'test/unit/apply',
    'test/unit/commands/record-file.test.ts',
    'test/golden',
    'test/law/apply.test.ts',
    'test/law/records.test.ts',
  ],
  'src/compare': [
    'test/unit/compare',
    'test/unit/apply',
    'test/unit/plan',
    'test/law/apply.test.ts',
    'test/law/masked-digests.test.ts',
    'test/law/letters.test.ts',
  ],
  'src/plan': [
    'test/unit/plan',
    'test/golden',
    'test/law/apply.test.ts',
    'test/law/laws.test.ts',
    'test/law/saved.test.ts',
  ],
  'src/masking': ['test/unit/masking', 'test/law/known-secrets.test.ts'],
  'src/report/documents/mask.ts': ['test/unit/report/mask.test.ts', 'test/law/known-secrets.test.ts'],
};

/** By file, source line and change, so that they stay known when lines move. */
const equivalent = JSON.parse(readFileSync(join(root, 'test/mutants/equivalent.json'), 'utf8'));
const isEquivalent = (one) =>
  equivalent.some(
    ({ file, line, original, replacement }) =>
      one.file === file &&
      one.sourceLine === line &&
      one.original === original &&
      one.replacement === replacement,
  );
const keyOf = ({ file, original, replacement }) => `${file}: ${original} -> ${replacement}`;

const jobs = values.planted ? plantedJobs() : [await sampledJob()];
const count = jobs.reduce((sum, { chosen }) => sum + chosen.length, 0);
if (count === 0) throw new Error('there is nothing to plant');
const folder = mkdtempSync(join(tmpdir(), 'downbeat-mutants-'));
const start = performance.now();
const survivors = [];
let tried = 0;
try {
  for (const job of jobs) await work(job);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const found = count - survivors.length;
const score = (found / count) * 100;
for (const [one, why] of survivors) console.log(`${why}: ${placeOf(one)}  ${one.fault ?? keyOf(one)}`);
console.log(
  `${found} of ${count} found, ${score.toFixed(1)} %, in ${((performance.now() - start) / 1000).toFixed(0)} s`,
);
const passed = score >= (values.planted ? 100 : Number(values.least));
if (values.report !== undefined)
  writeFileSync(
    values.report,
    JSON.stringify({
      success: passed,
      numPassedTests: found,
      numFailedTests: passed ? 0 : survivors.length,
    }),
  );
process.exitCode = passed ? 0 : 1;

function placeOf({ file, line }) {
  return `${file}:${line}`;
}

/** A part of the mutants of some folders, the same one for the same seed. */
async function sampledJob() {
  const { sources, mutants } = await instrumented(values.folder);
  const all = mutants
    .filter((one) => !isEquivalent(one))
    .filter(({ line }) => values.line === undefined || values.line.includes(String(line)));
  const [part, parts] = values.part.split('/').map(Number);
  const chosen = sample(all, Number(values.count), Number(values.seed)).filter(
    (_one, at) => at % parts === part - 1,
  );
  console.log(`${chosen.length} of ${all.length} mutants, seed ${values.seed}`);
  const places = chosen.flatMap(
    ({ file }) =>
      testsOf[Object.keys(testsOf).find((place) => file === place || file.startsWith(`${place}/`))] ?? [
        'test/unit',
        'test/law',
      ],
  );
  return { sources, chosen, tests: testsIn(values.test ?? places) };
}

/** The faults that are named, by the tests that are to find them. */
function plantedJobs() {
  const faults = JSON.parse(readFileSync(join(root, 'test/mutants/planted.json'), 'utf8'));
  const sources = {};
  const byTests = new Map();
  for (const [index, { fault, edits, tests }] of faults.entries()) {
    const id = `planted-${index}`;
    for (const { file, original, replacement } of edits) {
      const path = join(root, file);
      const text = sources[path] ?? readFileSync(path, 'utf8');
      if (text.split(original).length !== 2)
        throw new Error(`"${fault}": ${original} is not once in ${file}; is the fault elsewhere now?`);
      sources[path] = text.replace(
        original,
        () => `(stryCov_9fa48("${id}"), stryMutAct_9fa48("${id}") ? (${replacement}) : (${original}))`,
      );
    }
    const key = tests.join(' ');
    const [before] = readFileSync(join(root, edits[0].file), 'utf8').split(edits[0].original);
    const line = before.split('\n').length;
    byTests.set(key, [...(byTests.get(key) ?? []), { id, fault, file: edits[0].file, line }]);
  }
  return [...byTests].map(([tests, chosen]) => ({ sources, chosen, tests: testsIn(tests.split(' ')) }));
}

/** Plants all mutants of a job; those that matter while the sources are loaded get a process each. */
async function work({ sources, chosen, tests }) {
  const workers = Math.min(Number(values.workers), chosen.length);
  const unloaded = [];
  const parts = Array.from({ length: workers }, (_, index) => [
    `worker-${index}`,
    chosen.filter((_one, at) => at % workers === index),
  ]);
  await Promise.all(parts.map(([name, own]) => plant(name, { sources, tests }, own, unloaded)));
  const queue = unloaded.values();
  await Promise.all(
    parts.map(async ([name]) => {
      for (const one of queue) {
        const { code } = await run(name, { sources, tests, ids: [], fromTheStart: one.id });
        ended(one, code === 0 ? 'survived' : 'found', 'from the start');
      }
    }),
  );
}

/** Takes the mutants one after the other. What hangs is ended and counts as found: then a new process takes the rest. */
async function plant(name, given, own, unloaded) {
  const left = new Map(own.map((one) => [one.id, one]));
  while (left.size > 0) {
    const before = left.size;
    const { code, output, hung } = await run(name, { ...given, ids: [...left.keys()] }, (line) => {
      if (line.kind !== 'ended') return;
      const one = left.get(line.id);
      left.delete(line.id);
      if (line.end === 'unloaded') unloaded.push(one);
      else ended(one, line.end, line.test, line.ms);
    });
    if (hung !== undefined) {
      ended(left.get(hung.id), 'found', `${hung.test} does not end`);
      left.delete(hung.id);
    } else if (code !== 0 || left.size === before) throw new Error(output);
  }
}

function ended(one, end, test = 'no test', ms = 0) {
  tried += 1;
  if (end !== 'found') survivors.push([one, end]);
  console.log(
    `${tried}/${count} ${end} ${placeOf(one)} (${test}, ${Math.round(ms)} ms)${end === 'found' ? '' : `  ${one.fault ?? keyOf(one)}`}`,
  );
}

/** Runs test/mutants/plant.ts; `hung` = what it was at when it said nothing for too long. */
function run(name, orders, onLine = () => undefined) {
  const [file, out] = [join(folder, `${name}.json`), join(folder, `${name}.log`)];
  writeFileSync(out, '');
  writeFileSync(file, JSON.stringify({ out, ...orders }));
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--config=test/mutants/vitest.config.mjs',
        '--bail=1',
        '--reporter=dot',
      ],
      {
        cwd: root,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          DOWNBEAT_LAW_RUNS: values.runs ?? (values.planted ? '2000' : '400'),
          DOWNBEAT_MUTANTS: file,
        },
      },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        output += data;
      });
    let read = 0;
    let doing;
    let hung;
    let since = performance.now();
    const look = () => {
      const lines = readFileSync(out, 'utf8').split('\n').slice(0, -1);
      for (const text of lines.slice(read)) {
        const line = JSON.parse(text);
        doing = line.kind === 'trying' ? line : undefined;
        since = performance.now();
        onLine(line);
      }
      read = lines.length;
      const most = doing === undefined ? 900_000 : 2 * doing.limit;
      if (hung !== undefined || performance.now() - since < most) return;
      hung = doing ?? { id: orders.fromTheStart ?? orders.ids[0], test: 'loading' };
      process.kill(-child.pid, 'SIGKILL');
    };
    const timer = setInterval(look, 250);
    child.on('close', (code) => {
      clearInterval(timer);
      look();
      resolve({ code, output, hung });
    });
  });
}

/** The files of tests in folders, or those files themselves. */
function testsIn(paths) {
  return [...new Set(paths)].flatMap((path) =>
    path.endsWith('.test.ts')
      ? [path]
      : readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith('.test.ts'))
          .map((name) => `${path}/${name}`)
          .sort(),
  );
}

/** The sources with every mutant in them, by path, and the mutants. */
async function instrumented(folders) {
  const files = folders.flatMap((folder) =>
    folder.endsWith('.ts')
      ? [folder]
      : readdirSync(join(root, folder), { recursive: true })
          .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
          .map((name) => `${folder}/${name}`)
          .sort(),
  );
  const silent = () => undefined;
  const logger = { trace: silent, debug: silent, info: silent, warn: silent, error: silent, fatal: silent };
  for (const level of ['Trace', 'Debug', 'Info', 'Warn', 'Error', 'Fatal'])
    logger[`is${level}Enabled`] = () => false;
  const injector = createInjector()
    .provideValue(commonTokens.logger, logger)
    .provideValue(commonTokens.getLogger, () => logger);
  const instrumenter = await createInstrumenter(injector);
  const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
  const result = await instrumenter.instrument(
    files.map((name) => ({ name, mutate: true, content: texts.get(name) })),
    { ignorers: [], excludedMutations: ['StringLiteral'], plugins: null, noHeader: true },
  );
  return {
    sources: Object.fromEntries(result.files.map(({ name, content }) => [join(root, name), content])),
    mutants: result.mutants
      // What was left out has the status "Ignored".
      .filter(({ status }) => status === undefined)
      .map(({ id, fileName, location, replacement }) => {
        const text = texts.get(fileName);
        const original = text.slice(offsetOf(text, location.start), offsetOf(text, location.end));
        const sourceLine = text.split('\n')[location.start.line].trim();
        return { id, file: fileName, line: location.start.line + 1, sourceLine, original, replacement };
      }),
  };
}

function offsetOf(text, { line, column }) {
  let at = 0;
  for (let n = 0; n < line; n += 1) at = text.indexOf('\n', at) + 1;
  return at + column;
}

/** So many of them, the same ones for the same seed. */
function sample(items, count, seed) {
  const left = [...items];
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1;
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return Array.from(
    { length: Math.min(count, left.length) },
    () => left.splice(Math.floor(random() * left.length), 1)[0],
  );
}
