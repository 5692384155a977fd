// Writes the code caches of the program in dist/ for the Node that runs this: what V8 has compiled once a validate,
// plans, an apply, a drift, a status and an audit have run. A package that is built on one Node gets those of others by running this on them.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import vm from 'node:vm';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, 'dist', 'cli.cjs');

if (process.argv[2] === 'run') await record(JSON.parse(process.argv[3]));
else await make();

async function make() {
  const { startScheduler } = await import(join(root, 'dist', 'scheduler.js'));
  const folder = mkdtempSync(join(tmpdir(), 'downbeat-code-cache-'));
  const server = await startScheduler();
  try {
    cpSync(join(root, 'examples', 'schedules'), join(folder, 'schedules'), { recursive: true });
    const at = ['schedules', '--server', server.url];
    const yes = '--auto-approve';
    const lines = [
      ['validate', 'schedules'],
      ['plan', ...at],
      ['apply', ...at, yes],
      ['plan', ...at],
      ['drift', ...at],
      ['status', '--server', server.url],
      ['audit', '--server', server.url],
    ];
    const env = { PATH: process.env.PATH ?? '', HOME: folder };
    const args = [fileURLToPath(import.meta.url), 'run', JSON.stringify(lines)];
    await promisify(execFile)(process.execPath, args, { cwd: folder, env });
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
}

/** Runs these lines in this process, one after the other, and writes what V8 has made of the program's files. */
async function record(lines) {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src', 'io', 'code-cache.ts')],
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
  });
  const { cacheFile, cacheOf } = await import(
    `data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`
  );
  const scripts = new Map();
  // One script for all lines, so that its cache is of them all.
  vm.Script = new Proxy(vm.Script, {
    construct: (Script, [source, { filename }]) => {
      const script = scripts.get(filename) ?? new Script(source, { filename });
      scripts.set(filename, script);
      return script;
    },
  });
  const require = createRequire(program);
  const left = [...lines];
  let running;
  process.setMaxListeners(0);
  process.on('beforeExit', () => {
    if (running !== undefined && process.exitCode !== 0)
      throw new Error(`downbeat ${running.join(' ')} ended with ${process.exitCode}`);
    running = left.shift();
    if (running === undefined) {
      for (const [file, script] of scripts) {
        const text = readFileSync(file);
        writeFileSync(cacheFile(file), cacheOf(text, script.createCachedData()));
      }
      return;
    }
    process.argv = [process.execPath, program, ...running];
    delete require.cache[program];
    require(program);
  });
}
