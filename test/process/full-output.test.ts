import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** What is answered before the program is loaded, on a device that takes nothing. */

const folder = mkdtempSync(join(tmpdir(), 'downbeat-full-'));
const path = join(folder, 'cli.cjs');
beforeAll(async () => {
  await build({
    entryPoints: { cli: fileURLToPath(new URL('../../src/cli.ts', import.meta.url)) },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    supported: { 'dynamic-import': false },
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Only Linux has the device.
it.skipIf(!existsSync('/dev/full')).each(['help', '--version'])('%s says why and what to do', (word) => {
  expect(execFileSync(process.execPath, [path, word], { encoding: 'utf8' })).not.toBe('');
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [path, word], { stdio: ['ignore', full, 'pipe'] });
  closeSync(full);
  expect(status).toBe(1);
  expect(String(stderr)).toBe(
    'error: standard output could not be written: no space left on the device\nhint: free some space, or send it elsewhere\n',
  );
});
