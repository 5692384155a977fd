// node bench/audit.mjs [--cli FILE]
//
// Lets the built program audit a day of 2,000 schedules and 300,000 past runs of the local scheduler, and prints how
// long it took (by the clock, and of a processor), the most memory it held and the requests it sent. Exit code 1 when it found something else than there
// is, took 10 s or 400 MB.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const bench = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({ options: { cli: { type: 'string' } } });
const cli = resolve(values.cli ?? join(dirname(bench), 'dist', 'cli.cjs'));
const mostSeconds = 10;
const mostMegabytes = 400;

/** Loaded before the program: at its end it tells what the process used. */
const measured = `data:text/javascript,${encodeURIComponent(`process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.stderr.write('peak ' + maxRSS + ' KiB, ' + (userCPUTime + systemCPUTime) / 1e6 + ' s of a processor\\n');
});`)}`;

const folder = mkdtempSync(join(tmpdir(), 'downbeat-audit-'));
let server;
try {
  await build({
    entryPoints: [join(bench, 'audit-server.ts')],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  });
  server = fork(join(folder, 'audit-server.mjs'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ url, missed, runs }] = await once(server, 'message');
  const started = performance.now();
  const child = spawn(
    process.execPath,
    ['--import', measured, cli, 'audit', '--server', url, '--output', 'json'],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH } },
  );
  const [out, err] = [[], []];
  child.stdout.on('data', (chunk) => out.push(chunk));
  child.stderr.on('data', (chunk) => err.push(chunk));
  const [code] = await once(child, 'close');
  const seconds = (performance.now() - started) / 1000;
  const errors = Buffer.concat(err).toString();
  if (code !== 0) throw new Error(`audit ended with ${code}: ${errors}`);
  const { counts, requests, schedules } = JSON.parse(Buffer.concat(out).toString());
  const megabytes = Number(/peak (\d+) KiB/.exec(errors)?.[1]) / 1024;
  const used = Number(/, ([\d.]+) s of a processor/.exec(errors)?.[1]);
  console.log(
    `${schedules.length} schedules, ${runs} past runs: ${seconds.toFixed(1)} s (${used.toFixed(1)} s of a processor), ${megabytes.toFixed(0)} MiB, ${requests} read requests; ` +
      `${counts.ran} ran, ${counts.late} late, ${counts.missed} missed, ${counts.due} due, ${counts.unknown} unknown, ${counts.unexpected} unexpected`,
  );
  const wrong = [
    ...(schedules.length === 2000 ? [] : ['not 2,000 schedules']),
    ...(counts.missed === missed ? [] : [`${counts.missed} missed instead of ${missed}`]),
    ...(Math.abs(counts.ran - runs) > 2000 ? [`${counts.ran} ran of ${runs}`] : []),
    ...(counts.unknown + counts.unexpected === 0 ? [] : ['unknown or unexpected ones']),
    ...(seconds < mostSeconds ? [] : [`${mostSeconds} s or more`]),
    ...(megabytes < mostMegabytes ? [] : [`${mostMegabytes} MiB or more`]),
  ];
  if (wrong.length > 0) {
    console.error(`wrong: ${wrong.join(', ')}`);
    process.exitCode = 1;
  }
} finally {
  server?.disconnect();
  rmSync(folder, { recursive: true, force: true });
}
