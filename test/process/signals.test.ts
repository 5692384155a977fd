import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScheduler } from '../../src/scheduler/core.ts';
import { builtProgram } from '../support/program.ts';
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
fs.readFileSync = (path, ...rest) => {
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
