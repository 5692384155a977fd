// Runs the tests on real Conductor servers and prints a table of passes per set-up.
// Usage: npm run test:real [-- --on NAME[,NAME]] [-- FILES and options of vitest]
// Without --on: all of them. On SQLite every file runs, on the others those to which a back end makes a difference.
// By hand: DOWNBEAT_KILLS=20 … -- --on NAME test/real/kills.test.ts, DOWNBEAT_FIRE_RUNS=15 … test/real/fires.test.ts
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const everyFile = readdirSync('test/real').flatMap((name) => name.match(/^(.*)\.test\.ts$/)?.[1] ?? []);

/**
 * What runs where. `fires` is about late starts; `kills` restarts a server of its own and waits for minutes. `lane`: set-ups of one lane run one after the other, lanes side by side, since
 * most of what takes long on the late back ends is waiting.
 */
const setUps = {
  sqlite: { lane: 0, files: everyFile.filter((name) => !['fires', 'kills', 'audit'].includes(name)) },
  postgres: { lane: 1, files: ['cli', 'law', 'owners', 'saved', 'oncall', 'renames', 'fires'] },
  cluster: { lane: 2, files: ['cli', 'law', 'owners', 'saved'] },
  mariadb: { lane: 2, files: ['cli', 'law', 'owners', 'saved'] },
  // Minutes of waiting beside servers of its own.
  audit: { lane: 3, on: 'sqlite', files: ['audit'] },
  // After it, for starting a server beside four others makes them late.
  newest: { lane: 3, files: ['cli', 'law', 'owners', 'saved'] },
};

const argv = process.argv.slice(2).filter((word) => word !== '--');
const at = argv.indexOf('--on');
const names = at < 0 ? Object.keys(setUps) : (argv[at + 1] ?? '').split(',');
const rest = at < 0 ? argv : argv.toSpliced(at, 2);
const unknown = names.filter((name) => !Object.hasOwn(setUps, name));
if (unknown.length > 0) {
  console.error(`--on ${unknown.join(', ')}: there are ${Object.keys(setUps).join(', ')}`);
  process.exit(1);
}
const outFlag = '--outputFile.json=';
const out = rest.find((word) => word.startsWith(outFlag))?.slice(outFlag.length);
const files = rest.filter((word) => !word.startsWith('-'));
const options = rest.filter(
  (word) => word.startsWith('-') && !word.startsWith(outFlag) && !word.startsWith('--reporter'),
);

// Side by side, several Mavens would fill one repository.
const { realVersion } = readFileSync('test/support/real/jars.ts', 'utf8').match(
  /realVersion = '(?<realVersion>[\d.]+)'/,
).groups;
spawnSync(
  'mvn',
  [
    '-q',
    'dependency:get',
    `-Dartifact=org.conductoross:conductor-server:${realVersion}:jar:boot`,
    '-Dtransitive=false',
  ],
  { stdio: 'inherit' },
);

const folder = mkdtempSync(join(tmpdir(), 'downbeat-test-real-'));
const ended = new Map();
const begun = Date.now();
await Promise.all(
  [0, 1, 2, 3].map(async (lane) => {
    for (const name of names) if (setUps[name].lane === lane) ended.set(name, await run(name));
  }),
);
rmSync(folder, { recursive: true, force: true });

console.log('\n| set-up | files | passed | failed | skipped | seconds |\n|---|---|---|---|---|---|');
for (const name of names) {
  const { report, seconds } = ended.get(name);
  const { testResults, numPassedTests, numFailedTests, numPendingTests } = report;
  console.log(
    `| ${name} | ${testResults.length} | ${numPassedTests} | ${numFailedTests} | ${numPendingTests} | ${seconds} |`,
  );
}
console.log(`${Math.round((Date.now() - begun) / 1000)} s in all`);
const sum = (of) => [...ended.values()].reduce((total, { report }) => total + of(report), 0);
const success = [...ended.values()].every(({ report }) => report.success && report.numPassedTests > 0);
const result = {
  success,
  numPassedTests: sum((one) => one.numPassedTests),
  numFailedTests: sum((one) => one.numFailedTests),
  testResults: [...ended.values()].flatMap(({ report }) => report.testResults),
};
if (out !== undefined) writeFileSync(out, JSON.stringify(result));
process.exitCode = success && names.length > 0 ? 0 : 1;

/** Runs the tests on one set-up; what it prints comes when it has ended, so that lanes do not mix. */
async function run(name) {
  const file = join(folder, `${name}.json`);
  const wanted = files.length > 0 ? files : setUps[name].files.map((one) => `test/real/${one}.test.ts`);
  const reporters = ['--reporter=default', '--reporter=json', `${outFlag}${file}`];
  const args = ['run', '--config', 'test/real/vitest.config.ts', ...wanted, ...reporters, ...options];
  const started = Date.now();
  console.log(`== ${name} begins`);
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DOWNBEAT_TEST_ON: setUps[name].on ?? name },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      text += chunk;
    });
  const code = await new Promise((resolve) => child.on('close', resolve));
  console.log(`== ${name}\n${text}`);
  const seconds = Math.round((Date.now() - started) / 1000);
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    // A set-up that fails outside of its tests counts no failed test of its own.
    if (code === 0 || report.numFailedTests > 0) return { report, seconds };
    return { report: { ...report, success: false, numFailedTests: 1 }, seconds };
  } catch {
    const nothing = {
      numPassedTests: 0,
      numFailedTests: 1,
      numPendingTests: 0,
      testResults: [],
      success: false,
    };
    return { report: nothing, seconds };
  }
}
