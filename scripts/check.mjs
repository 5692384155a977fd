// Everything that is not a test: format, lint, types, structure, dead code, generated files unchanged, the package as published.
// Runs all of them, says which failed, and fails when any did.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (path) => [process.execPath, join(root, 'node_modules', path)];

const checks = [
  ['format and lint', ...bin('@biomejs/biome/bin/biome'), 'ci', '--colors=off', '--error-on-warnings', '.'],
  ['types', ...bin('typescript/bin/tsc'), '-p', '.'],
  ['structure', process.execPath, 'scripts/structure.mjs'],
  ['generated files', process.execPath, 'scripts/generate.mjs', '--check'],
  ['dead code', ...bin('knip/bin/knip.js')],
  ['build', process.execPath, 'scripts/build.mjs'],
  ['package', ...bin('publint/src/cli.js'), '--strict'],
  ['package types', ...bin('@arethetypeswrong/cli/dist/index.js'), '--pack', '.', '--profile', 'node16'],
];

const failed = [];
for (const [name, command, ...args] of checks) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  if (status === 0) continue;
  failed.push(name);
  console.log(`${stdout}${stderr}`.trimEnd());
}

const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));

// An address in the lockfile would tie everybody's install to whoever wrote it.
let reports = 0;
report(
  'lockfile without addresses',
  Object.entries(packages).flatMap(([path, { resolved }]) => (resolved === undefined ? [] : [path])),
);

// Without a hash npm installs whatever a registry hands out under that name and version.
report(
  'lockfile with every hash',
  Object.entries(packages).flatMap(([path, { integrity = '' }]) =>
    path === '' || integrity.startsWith('sha512-') ? [] : [path],
  ),
);

// npm leaves a platform's binary out of the lockfile when it cannot be had where the file is written; then `npm ci`
// refuses it everywhere.
report(
  'lockfile with every platform',
  Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
    Object.keys(optionalDependencies).filter((name) => packages[`node_modules/${name}`] === undefined),
  ),
);

function report(name, offenders) {
  reports += 1;
  console.log(`${offenders.length === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  if (offenders.length === 0) return;
  failed.push(name);
  console.log(offenders.join('\n'));
}

if (failed.length > 0) {
  console.log(`\n${failed.length} of ${checks.length + reports} checks failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
