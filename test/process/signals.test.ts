import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScheduler } from '../../src/scheduler/core.ts';
import { builtProgram, start } from '../support/program.ts';
import { scheduleBody, serveLocal } from '../support/scheduler.ts';

/** Ctrl-C while the program computes, where Node itself hears of no signal. */

let program: Awaited<ReturnType<typeof builtProgram>>;
beforeAll(async () => {
  program = await builtProgram();
  writeFileSync(join(program.folder, 'spin.cjs'), hook);
});
afterAll(() => rmSync(program.folder, { recursive: true, force: true }));

/** Computes without end at one place, and says so; with SPIN_UNTIL=signal until the first signal has come. */
const hook = `
const fs = require('node:fs');
const { readFileSync } = fs;
const { parse } = JSON;
let spun = false;
const spin = () => {
  if (spun) return;
  spun = true;
  fs.writeSync(2, '<computing>');
  const most = Date.now() + 120_000;
  const isOver = () => process.env.SPIN_UNTIL === 'file' && fs.existsSync('go-on');
  while (!isOver()) if (Date.now() > most) process.exit(99);
};
const { SPIN, AGAIN } = process.env;
if (SPIN === 'request') {
  const net = require('node:net');
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (...args) {
    this.once('connect', () => fs.writeSync(2, '<asking>'));
    return connect.apply(this, args);
  };
}
if (AGAIN !== undefined) {
  // The second one comes when the first one was heard.
  const { write } = process.stderr;
  process.stderr.write = (text, ...rest) => {
    if (String(text).includes('Interrupted:')) setTimeout(() => process.kill(process.pid, AGAIN), 50);
    return write.call(process.stderr, text, ...rest);
  };
}
if (SPIN === 'load') {
  const module = require('node:module');
  const { _load: load } = module;
  module._load = (id, ...rest) => {
    if (id === 'node:http') spin();
    return load(id, ...rest);
  };
}
fs.readFileSync = (path, ...rest) => {
  if (SPIN === 'any' && /downbeat\\.yaml$|s1\\.json$/.test(String(path))) spin();
  if (process.env.SPIN === 'manifests' && String(path).endsWith('s1.json')) spin();
  return readFileSync(path, ...rest);
};
JSON.parse = (text, ...rest) => {
  if (process.env.SPIN === 'answer' && String(text).includes('"createTime"')) spin();
  return parse(text, ...rest);
};
`;

type End = { readonly code: number | null; readonly signal: string | null; readonly err: string };

async function applied(
  env: Readonly<Record<string, string>>,
  onComputing: (child: ChildProcess, cwd: string) => void,
): Promise<End & { readonly cwd: string; readonly writes: number }> {
  const cwd = mkdtempSync(join(program.folder, 'x-'));
  mkdirSync(join(cwd, 'schedules'));
  writeFileSync(join(cwd, 'schedules', 's1.json'), JSON.stringify(scheduleBody('s1')));
  const scheduler = createScheduler({ serverType: 'oss-2', now: Date.now, acceptAnyWorkflow: true });
  scheduler.put(scheduleBody('other'));
  let writes = 0;
  const server = await serveLocal({
    ...scheduler,
    handle: (request) => {
      writes += request.method === 'GET' ? 0 : 1;
      return scheduler.handle(request);
    },
  });
  const line = ['apply', '-y', '-o', 'json=result.json', '--server', server.url];
  const child = spawn(
    process.execPath,
    ['--require', join(program.folder, 'spin.cjs'), program.path, ...line],
    {
      cwd,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let err = '';
  child.stderr.on('data', (chunk) => {
    const before = err.includes('<computing>');
    err += String(chunk);
    if (!before && err.includes('<computing>')) onComputing(child, cwd);
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once('close', (...end) => resolve(end)),
  );
  await server.close();
  return { code, signal, err, cwd, writes };
}

/** What an earlier run left, and what this one puts in its place when `name` comes at a place. */
async function endedBy(
  name: NodeJS.Signals,
  {
    entry,
    args,
    env = {},
    on,
  }: {
    readonly entry: string;
    readonly args: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    /** What it prints when it is there. */
    readonly on: string;
  },
) {
  const cwd = mkdtempSync(join(program.folder, 'x-'));
  mkdirSync(join(cwd, 'schedules'));
  writeFileSync(join(cwd, 'schedules', 's1.json'), JSON.stringify(scheduleBody('s1')));
  writeFileSync(join(cwd, 'result.json'), '{"kind":"old"}');
  writeFileSync(join(cwd, 'saved.json'), '{"kind":"saved-plan"}');
  const child = spawn(process.execPath, ['--require', join(program.folder, 'spin.cjs'), entry, ...args], {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', (chunk) => {
    const before = err.includes(on);
    err += String(chunk);
    if (before || !err.includes(on)) return;
    child.kill(name);
    writeFileSync(join(cwd, 'go-on'), '');
  });
  const ended = await new Promise((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code)),
  );
  const result = readFileSync(join(cwd, 'result.json'), 'utf8');
  return { ended, err, kind: JSON.parse(result).kind, plan: existsSync(join(cwd, 'saved.json')) };
}

describe('before there is an answer', () => {
  let silent: Server;
  let args: readonly string[] = [];
  beforeAll(async () => {
    // It never answers, and the program says that it asked.
    silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    args = ['-o', 'json=result.json', '--server', `http://127.0.0.1:${port}`];
    await build({
      entryPoints: { cli: fileURLToPath(new URL('../../src/cli.ts', import.meta.url)) },
      outdir: program.folder,
      outExtension: { '.js': '.cjs' },
      bundle: true,
      format: 'cjs',
      platform: 'node',
      supported: { 'dynamic-import': false },
      logLevel: 'error',
    });
  });
  afterAll(() => {
    silent.closeAllConnections();
    silent.close();
  });

  const interrupted = { ended: 130, kind: 'failure', plan: false };
  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('%s while a plan waits', async (name) => {
    const line = ['plan', ...args, '--out', 'saved.json'];
    const end = await endedBy(name, {
      entry: program.path,
      args: line,
      env: { SPIN: 'request' },
      on: '<asking>',
    });
    expect(end).toMatchObject(interrupted);
    expect(end.err).toContain('error: interrupted before there was a result');
  });

  it('SIGINT while a report goes to standard output', async () => {
    const cwd = mkdtempSync(join(program.folder, 'x-'));
    mkdirSync(join(cwd, 'schedules'));
    writeFileSync(join(cwd, 'schedules', 's1.json'), JSON.stringify(scheduleBody('s1')));
    const line = ['plan', '-o', 'json', ...args.slice(2)];
    const { child, ended } = start(program.path, line, { cwd });
    silent.once('request', () => child.kill('SIGINT'));
    const { code, out, err } = await ended;
    expect({ code, kind: JSON.parse(out).kind }).toEqual({ code: 130, kind: 'failure' });
    expect(err).toContain('error: interrupted before there was a result');
  });

  it.each([
    ['plan', 'SIGTERM'],
    ['plan', 'SIGINT'],
    ['drift', 'SIGHUP'],
    ['pull', 'SIGTERM'],
    ['status', 'SIGTERM'],
  ] as const)('%s in the middle of reading, at %s', async (command, name) => {
    const end = await endedBy(name, {
      entry: program.path,
      args: [command, ...args],
      env: { SPIN: 'any', SPIN_UNTIL: 'file' },
      on: '<computing>',
    });
    expect(end).toMatchObject({ ended: 130, kind: 'failure' });
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('%s while the program loads', async (name) => {
    const end = await endedBy(name, {
      entry: join(program.folder, 'cli.cjs'),
      args: ['plan', ...args, '--out', 'saved.json'],
      env: { SPIN: 'load', SPIN_UNTIL: 'file' },
      on: '<computing>',
    });
    expect(end).toMatchObject(interrupted);
  });

  it('the second SIGTERM of an apply leaves no result of an earlier run', async () => {
    const end = await endedBy('SIGTERM', {
      entry: program.path,
      args: ['apply', '-y', ...args],
      env: { SPIN: 'request', AGAIN: 'SIGTERM' },
      on: '<asking>',
    });
    expect(end).toMatchObject({ ended: 'SIGTERM', kind: 'failure' });
  });
});

describe.each(['manifests', 'answer'])('in the middle of reading: %s', (place) => {
  it('the second Ctrl-C ends the run immediately', async () => {
    const { code, signal, writes } = await applied({ SPIN: place }, (child) => {
      // The first one counts once it was heard, so this goes on until one has ended it.
      const again = setInterval(() => child.kill('SIGINT'), 100);
      child.once('close', () => clearInterval(again));
    });
    expect({ code, signal, writes }).toStrictEqual({ code: null, signal: 'SIGINT', writes: 0 });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('one %s ends the run in order', async (name) => {
    const { code, writes, cwd } = await applied({ SPIN: place, SPIN_UNTIL: 'file' }, (child, folder) => {
      child.kill(name);
      writeFileSync(join(folder, 'go-on'), '');
    });
    expect({ code, writes }).toStrictEqual({ code: 130, writes: 0 });
    expect(JSON.parse(readFileSync(join(cwd, 'result.json'), 'utf8')).kind).toBeTypeOf('string');
  });
});
