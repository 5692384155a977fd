// Builds dist/: the bin, the Action, the library, its types, and the licences of what is bundled. Output is the same
// bytes for the same input.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { banner, bundling, withoutSubprocesses } from './bundling.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { values: options } = parseArgs({
  options: { 'no-types': { type: 'boolean' }, 'action-into': { type: 'string' } },
});

const shared = {
  ...bundling,
  absWorkingDir: root,
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  metafile: true,
  define: { __DOWNBEAT_VERSION__: JSON.stringify(version) },
};
// The program is CommonJS, for Node's loader of ES modules costs every start several milliseconds; so does each further
// file, so there is one for what runs on every push, one for all other commands, and one for what only proxies need. What
// two of them need is in both.
const program = {
  ...shared,
  splitting: false,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  // `import()` of a file beside this one is `require`.
  supported: { 'dynamic-import': false },
  plugins: [
    withoutSubprocesses,
    {
      name: 'files of their own',
      setup: (step) =>
        step.onResolve({ filter: /\/(start|on-demand|tunnel)\.ts$/ }, ({ path, kind }) =>
          kind === 'dynamic-import'
            ? { path: path.replace(/^.*\/([\w-]+)\.ts$/, './$1.cjs'), external: true }
            : undefined,
        ),
    },
  ],
};
const entries = {
  cli: 'src/cli.ts',
  start: 'src/start.ts',
  'on-demand': 'src/commands/on-demand.ts',
  tunnel: 'src/http/tunnel.ts',
};
// The Action is one file, since a runner takes what is in the repository and installs nothing.
const action = { ...program, plugins: [withoutSubprocesses], entryPoints: { action: 'src/action.ts' } };

// The tests of the Action build it for themselves, while others use dist/.
if (options['action-into'] !== undefined) await build({ ...action, outdir: options['action-into'] });
else await buildAll();

async function buildAll() {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  await build({ ...program, entryPoints: entries });
  const { metafile } = await build(action);
  await build({ ...shared, banner, entryPoints: { index: 'src/index.ts' }, plugins: [withoutSubprocesses] });
  writeFileSync(join(root, 'dist', 'THIRD-PARTY-LICENSES.txt'), licences(metafile));
  if (options['no-types']) return;
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'scripts/tsconfig.types.json'],
    { cwd: root, stdio: 'inherit' },
  );
}

/** The licence texts of every package of which a file is in the bundle. */
function licences({ inputs }) {
  const names = new Set();
  for (const path of Object.keys(inputs)) {
    const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (match) names.add(match[1]);
  }
  const texts = [...names].sort().map((name) => {
    const folder = join(root, 'node_modules', name);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} is bundled and has no licence file`);
    return `${name} ${manifest.version} (${manifest.license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  });
  return `dist/ contains code of these packages.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
