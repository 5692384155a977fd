// Writes the code caches of the program and of the Action in dist/ for the Node that runs this: what V8 has compiled once
// the lines below and the steps of a workflow have run. A package that is built on one Node gets those of others by running this on them.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import vm from 'node:vm';
import { build } from 'esbuild';
import { parse } from 'yaml';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, 'dist', 'cli.cjs');
const action = join(root, 'dist', 'action.cjs');

/** One that every manifest fits, with the usual keywords. */
const houseSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 200, pattern: '^[a-z]' },
    paused: { enum: [true, false] },
    startWorkflowRequest: {
      required: ['name'],
      properties: { version: { minimum: 1 }, priority: { maximum: 99 } },
    },
  },
};

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
    const policies = readFileSync(join(root, 'examples', 'policies.yaml'), 'utf8');
    const files = {
      'downbeat-policies.yaml': 'manifests: schedules\npolicies: policies.yaml\n',
      'policies.yaml': `${policies}- name: house-schema\n  schema: house.schema.json\n`,
      'house.schema.json': JSON.stringify(houseSchema),
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const lines = [
      ['serve', '--port', '0'],
      ['validate', 'schedules'],
      ['validate', '--config', 'downbeat-policies.yaml'],
      ['plan', ...at],
      ['apply', ...at, yes],
      ['plan', ...at],
      ['drift', ...at],
      ['status', '--server', server.url],
      ['audit', '--server', server.url],
    ];
    const env = { PATH: process.env.PATH ?? '', HOME: folder };
    const steps = ['plan', 'apply', 'drift'].map((command) => stepOf(command, server.url, folder));
    const runs = [...lines.map((argv) => ({ argv })), ...steps];
    const args = [fileURLToPath(import.meta.url), 'run', JSON.stringify(runs)];
    await promisify(execFile)(process.execPath, args, { cwd: folder, env });
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
}

/** What a runner gives the Action. */
function stepOf(command, url, folder) {
  const files = { GITHUB_OUTPUT: 'output', GITHUB_STEP_SUMMARY: 'summary', GITHUB_EVENT_PATH: 'event.json' };
  writeFileSync(join(folder, files.GITHUB_EVENT_PATH), '{}');
  const { inputs } = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
  const defaults = Object.entries(inputs).map(([name, input]) => [
    `INPUT_${name.toUpperCase()}`,
    input.default ?? '',
  ]);
  return {
    argv: [],
    env: {
      ...Object.fromEntries(Object.entries(files).map(([name, file]) => [name, join(folder, file)])),
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REPOSITORY: 'acme/payments',
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_REF: 'refs/heads/main',
      GITHUB_WORKSPACE: folder,
      CONDUCTOR_SERVER_URL: url,
      ...Object.fromEntries(defaults),
      INPUT_TOKEN: '',
      INPUT_COMMAND: command,
      INPUT_DIRECTORY: 'schedules',
      'INPUT_ALLOW-OLD-COMMIT': String(command === 'apply'),
    },
  };
}

/** Runs these in this process, one after the other, and writes what V8 has made of the program's files. */
async function record(runs) {
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
  const left = [...runs];
  let running;
  const write = process.stdout.write.bind(process.stdout);
  // The local scheduler serves until it is told to stop.
  process.stdout.write = (text, ...rest) => {
    const [url] = /http:\S+$/m.exec(running?.argv[0] === 'serve' ? text : '') ?? [];
    if (url !== undefined)
      void fetch(`${url}/scheduler/schedules`).finally(() => process.emit('SIGTERM', 'SIGTERM'));
    return write(text, ...rest);
  };
  process.setMaxListeners(0);
  process.on('beforeExit', () => {
    if (running !== undefined && process.exitCode !== 0)
      throw new Error(
        `downbeat ${[...running.argv, running.env?.INPUT_COMMAND].join(' ')} ended with ${process.exitCode}`,
      );
    running = left.shift();
    if (running === undefined) {
      for (const [file, script] of scripts) {
        const text = readFileSync(file);
        writeFileSync(cacheFile(file), cacheOf(text, script.createCachedData()));
      }
      return;
    }
    const file = running.env === undefined ? program : action;
    process.argv = [process.execPath, file, ...running.argv];
    Object.assign(process.env, running.env);
    delete require.cache[file];
    require(file);
  });
}
