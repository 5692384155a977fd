// Runs the tests on real Conductor servers, one set-up after the other, and prints a table of passes per set-up.
// Usage: npm run test:real [-- --on NAME[,NAME]] [-- arguments for vitest]
// Without --on: all of them. On SQLite every file runs; on the others those that a back end can make a difference to.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What runs where; `undefined` = every file. The newest release and a cluster differ in less than a back end does. */
const files = {
  sqlite: undefined,
  newest: ['cli', 'law', 'owners', 'contract'],
  postgres: ['cli', 'law', 'owners', 'saved', 'renames', 'pull', 'oncall', 'letters', 'fires'],
  cluster: ['cli', 'law', 'owners', 'saved', 'renames', 'oncall'],
  mariadb: ['cli', 'law', 'owners', 'saved', 'renames', 'pull', 'letters'],
};

const argv = process.argv.slice(2);
const own = argv.indexOf('--on');
const names = own < 0 ? Object.keys(files) : (argv[own + 1] ?? '').split(',');
const rest = (own < 0 ? argv : argv.toSpliced(own, 2)).filter((word) => word !== '--');
const unknown = names.filter((name) => !Object.hasOwn(files, name));
if (unknown.length > 0) {
  console.error(`--on ${unknown.join(', ')}: there are ${Object.keys(files).join(', ')}`);
  process.exit(1);
}
const outFlag = rest.find((word) => word.startsWith('--outputFile.json='));
const out = outFlag?.slice('--outputFile.json='.length);
const filters = rest.filter((word) => !word.startsWith('-'));
const flags = rest.filter(
  (word) => word.startsWith('-') && word !== outFlag && !word.startsWith('--reporter'),
);

const folder = mkdtempSync(join(tmpdir(), 'downbeat-test-real-'));
const rows = [];
const sum = { numPassedTests: 0, numFailedTests: 0, success: true };
for (const name of names) {
  const report = join(folder, `${name}.json`);
  const wanted =
    filters.length > 0 ? filters : (files[name] ?? []).map((file) => `test/real/${file}.test.ts`);
  const begun = Date.now();
  console.log(`== ${name}`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = spawnSync(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--config',
      'test/real/vitest.config.ts',
      ...wanted,
      ...reporters,
      ...flags,
    ],
    { stdio: 'inherit', env: { ...process.env, DOWNBEAT_TEST_ON: name } },
  );
  let ended = { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, testResults: [], success: false };
  try {
    ended = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    // It did not come to a report: that is a failure.
  }
  sum.numPassedTests += ended.numPassedTests;
  // A set-up that did not start counts no failed test of its own.
  sum.numFailedTests += status === 0 ? ended.numFailedTests : Math.max(1, ended.numFailedTests);
  sum.success &&= status === 0 && ended.success;
  rows.push([name, ended, Math.round((Date.now() - begun) / 1000)]);
}
rmSync(folder, { recursive: true, force: true });

console.log('\n| set-up | files | passed | failed | skipped | seconds |\n|---|---|---|---|---|---|');
for (const [name, { numPassedTests, numFailedTests, numPendingTests, testResults }, seconds] of rows)
  console.log(
    `| ${name} | ${testResults.length} | ${numPassedTests} | ${numFailedTests} | ${numPendingTests} | ${seconds} |`,
  );
if (out !== undefined) writeFileSync(out, JSON.stringify(sum));
process.exitCode = sum.success && sum.numPassedTests > 0 ? 0 : 1;
