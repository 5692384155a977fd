// The goldens, the laws, the contract suite and HTTP on what is built instead of the sources: each module of src/ that a test
// imports is taken from a bundle that is made as dist/ is, minified and in chunks. No speed may cost correctness.
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { defineConfig } from 'vitest/config';
import { banner, bundling, withoutSubprocesses } from '../../scripts/bundling.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = join(root, 'src');
const bundle = join(root, '.cache', 'bundle');

const modules = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter(
  // The entries are programs: they run when they are loaded.
  (path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !/^(?:cli|start|action)\.ts$/.test(path),
);
rmSync(bundle, { recursive: true, force: true });
await build({
  ...bundling,
  absWorkingDir: root,
  banner,
  entryPoints: modules.map((path) => join('src', path)),
  outbase: 'src',
  outdir: bundle,
  plugins: [withoutSubprocesses],
});

const built = {
  name: 'sources as built',
  enforce: 'pre',
  resolveId(source, importer) {
    if (importer === undefined || !source.endsWith('.ts')) return undefined;
    const path = relative(sources, resolve(dirname(importer), source));
    if (path.startsWith('..')) return undefined;
    return join(bundle, path.replace(/\.ts$/, '.js'));
  },
};

// biome-ignore lint/style/noDefaultExport: vitest asks for it
export default defineConfig({
  plugins: [built],
  test: {
    root,
    include: ['golden', 'law', 'contract', 'wire'].map((name) => `test/${name}/**/*.test.ts`),
    passWithNoTests: false,
    maxWorkers: 2,
    restoreMocks: true,
    setupFiles: ['test/support/environment.ts'],
    testTimeout: 600_000,
  },
});
