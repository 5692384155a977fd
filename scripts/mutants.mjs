// Plants faults in the code and looks whether a test finds each: `npm run test:mutants -- --count 200 --seed S
// [--folder src/masking]`, a folder or a file. Equivalent ones, which no test can find, are in test/mutants.json with a reason each.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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
    workers: { type: 'string', default: '2' },
    least: { type: 'string', default: '95' },
    report: { type: 'string' },
  },
});
/** The tests that a fault is shown to, by the folder that it is in. */
const testsOf = {
  'src/apply': ['test/law/apply.test.ts', 'test/unit/apply'],
  'src/compare': ['test/law/apply.test.ts', 'test/unit/compare', 'test/unit/apply', 'test/unit/plan'],
  'src/plan': ['test/unit/plan', 'test/law/apply.test.ts', 'test/law/laws.test.ts', 'test/law/saved.test.ts'],
  'src/masking': ['test/unit/masking', 'test/law/known-secrets.test.ts'],
  'src/report/documents/mask.ts': ['test/unit/report/mask.test.ts', 'test/law/known-secrets.test.ts'],
};
const isIn = (file, folder) => file === folder || file.startsWith(`${folder}/`);
const testsFor = (file) =>
  testsOf[Object.keys(testsOf).find((folder) => isIn(file, folder))] ?? ['test/unit', 'test/law'];

const equivalent = JSON.parse(readFileSync(join(root, 'test/mutants.json'), 'utf8'));
const keyOf = ({ file, original, replacement }) => `${file}: ${original} -> ${replacement}`;

const all = (await mutantsIn(values.folder)).filter((one) => equivalent[keyOf(one)] === undefined);
const chosen = sample(all, Number(values.count), Number(values.seed));
if (chosen.length === 0) throw new Error('there is nothing to mutate');
console.log(`${chosen.length} of ${all.length} mutants, seed ${values.seed}`);

const queue = chosen.values();
const survivors = [];
let tried = 0;
await Promise.all(Array.from({ length: Number(values.workers) }, work));
const score = ((chosen.length - survivors.length) / chosen.length) * 100;
for (const one of survivors) console.log(`survived: ${one.file}:${one.line}  ${keyOf(one)}`);
console.log(`${chosen.length - survivors.length} of ${chosen.length} found, ${score.toFixed(1)} %`);
const passed = score >= Number(values.least);
if (values.report !== undefined)
  writeFileSync(
    values.report,
    JSON.stringify({
      success: passed,
      numPassedTests: chosen.length - survivors.length,
      numFailedTests: passed ? 0 : survivors.length,
    }),
  );
process.exitCode = passed ? 0 : 1;

/** Takes mutants one after the other, each in this worker's own copy of the tree. */
async function work() {
  const copy = mkdtempSync(join(tmpdir(), 'downbeat-mutants-'));
  try {
    for (const name of ['src', 'test', 'schemas', 'package.json', 'vitest.config.ts', 'tsconfig.json'])
      cpSync(join(root, name), join(copy, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const tests = [...new Set(chosen.flatMap(({ file }) => testsFor(file)))];
    const start = performance.now();
    if (await isFound(copy, tests, 600_000))
      throw new Error(`these tests fail without any fault: ${tests.join(' ')}`);
    // A fault without end is found, too; on a busy machine it takes longer to tell.
    const longest = Math.max(30_000, 6 * (performance.now() - start));
    for (const mutant of queue) {
      const path = join(copy, mutant.file);
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, text.slice(0, mutant.from) + mutant.replacement + text.slice(mutant.to));
      const found = await isFound(copy, testsFor(mutant.file), longest);
      writeFileSync(path, text);
      tried += 1;
      if (!found) survivors.push(mutant);
      console.log(
        `${tried}/${chosen.length} ${found ? 'found   ' : 'SURVIVED'} ${mutant.file}:${mutant.line}`,
      );
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Whether a test fails, or the run hangs. */
function isFound(copy, tests, longest) {
  return new Promise((resolve) => {
    const run = spawn(
      process.execPath,
      ['node_modules/vitest/vitest.mjs', 'run', '--bail=1', '--maxWorkers=1', '--no-isolate', ...tests],
      { cwd: copy, stdio: 'ignore', env: { ...process.env, DOWNBEAT_LAW_RUNS: '600' } },
    );
    const end = setTimeout(() => run.kill('SIGKILL'), longest);
    run.on('close', (code) => {
      clearTimeout(end);
      resolve(code !== 0);
    });
  });
}

async function mutantsIn(folders) {
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
  const { mutants } = await instrumenter.instrument(
    files.map((name) => ({ name, mutate: true, content: texts.get(name) })),
    { ignorers: [], excludedMutations: ['StringLiteral'], plugins: null, noHeader: true },
  );
  return mutants
    .filter(({ ignoreReason }) => ignoreReason === undefined)
    .map(({ fileName, location, replacement }) => {
      const text = texts.get(fileName);
      const [from, to] = [offsetOf(text, location.start), offsetOf(text, location.end)];
      const original = text.slice(from, to);
      return { file: fileName, line: location.start.line + 1, from, to, original, replacement };
    });
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
