import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** Programs that write over exactly what they have read, all the same file. */

const folder = mkdtempSync(join(tmpdir(), 'downbeat-over-'));
beforeAll(async () => {
  await build({
    entryPoints: [fileURLToPath(new URL('../../src/io/write-file.ts', import.meta.url))],
    outfile: join(folder, 'write-file.cjs'),
    bundle: true,
    format: 'cjs',
    platform: 'node',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const counting = `
const { readFileSync } = require('node:fs');
const { writeFile } = require('./write-file.cjs');
for (let done = 0; done < 300; ) {
  const text = readFileSync('count', 'utf8');
  if (writeFile('count', String(Number(text) + 1), { over: { text } }) === undefined) done += 1;
}`;

const ended = (cwd: string, script: string): Promise<number | null> =>
  new Promise((resolve) =>
    spawn(process.execPath, ['-e', script], { cwd, stdio: 'inherit' }).once('close', resolve),
  );

it('no write is lost', async () => {
  writeFileSync(join(folder, 'count'), '0');
  const codes = await Promise.all([1, 2, 3].map(() => ended(folder, counting)));
  expect(codes).toStrictEqual([0, 0, 0]);
  expect(readFileSync(join(folder, 'count'), 'utf8')).toBe('900');
  expect(readdirSync(folder).filter((name) => name.startsWith('.downbeat-'))).toStrictEqual([]);
});

it('takes over the lock of a killed program', async () => {
  writeFileSync(join(folder, 'count'), '0');
  const killed = `
    const { renameSync } = require('node:fs');
    require('node:fs').renameSync = () => process.kill(process.pid, 'SIGKILL');
    require('./write-file.cjs').writeFile('count', 'x', { over: { text: '0' } });`;
  expect(await ended(folder, killed)).toBeNull();
  expect(readdirSync(folder).filter((name) => name.startsWith('.downbeat-'))).toHaveLength(2);
  const next = `process.exitCode = require('./write-file.cjs').writeFile('count', '1', { over: { text: '0' } }) ? 1 : 0;`;
  expect(await ended(folder, next)).toBe(0);
  expect(readFileSync(join(folder, 'count'), 'utf8')).toBe('1');
  expect(readdirSync(folder).filter((name) => name.startsWith('.downbeat-'))).toStrictEqual([]);
});
