// npm run bench -- [--rounds N] [--rows 1,2,3,…] [--peers] [--cli FILE] [--json FILE] [--record] [--slack N]
//
// Measures dist/cli.cjs (built first) or the program named by --cli against bare floors, as ratios within one run,
// and prints a Markdown table. Exit code: 0 all bounds met, 1 a command failed or did not do its work, 2 a bound
// was missed (a ratio with --slack: by so many times), 130 interrupted. --peers measures programs of others, which pip
// fetches into a folder that is removed afterwards: alone, or after the rows of --rows or --record. --record writes what
// was measured into bench/RESULTS.md: in the section of the Node that runs this, with or without NODE_EXTRA_CA_CERTS.
//
// This file only bundles the TypeScript beside it into a folder of its own, runs it, and removes the folder.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, stop } from 'esbuild';

const bench = dirname(fileURLToPath(import.meta.url));
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => interruption.abort());

const folder = mkdtempSync(join(tmpdir(), 'downbeat-bench-'));
// Here and not in a `finally`, which an exit from elsewhere passes by.
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
try {
  const options = {
    absWorkingDir: bench,
    outdir: join(folder, 'programs'),
    outbase: bench,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'warning',
  };
  await build({
    ...options,
    entryPoints: ['list-server.ts', 'peak.ts', 'floors/saves.ts', 'floors/requests.ts', 'floors/yaml.ts'],
    target: 'node20',
  });
  await build({
    ...options,
    entryPoints: ['late-server.ts'],
    target: 'node20',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
  });
  // What starts the real server finds its cache beside its own file.
  const realServer = pathToFileURL(join(dirname(bench), 'test', 'support', 'real-server.ts')).href;
  await build({
    ...options,
    entryPoints: ['main.ts'],
    target: 'node20',
    define: { 'import.meta.url': JSON.stringify(realServer) },
  });
  // A floor is one only at its fastest. On Node 20 lowering saves js-yaml 5 a fifth of its time (private class
  // members) and costs yaml half as much again (generators).
  await build({ ...options, entryPoints: ['floors/js-yaml.ts'], target: 'es2017' });
  await stop();
  const { main } = await import(pathToFileURL(join(folder, 'programs', 'main.cjs')).href);
  process.exitCode = await main({
    argv: process.argv.slice(2),
    root: dirname(bench),
    folder,
    signal: interruption.signal,
  });
} catch (error) {
  if (!interruption.signal.aborted) console.error(error);
  process.exitCode = interruption.signal.aborted ? 130 : 1;
}
