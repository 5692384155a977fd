import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtProgram } from '../support/program.ts';

/** What is answered before the program is loaded, on a device that takes nothing. */

let program: Awaited<ReturnType<typeof builtProgram>>;
beforeAll(async () => {
  program = await builtProgram();
});
afterAll(() => rmSync(program.folder, { recursive: true, force: true }));

// Only Linux has the device.
it.skipIf(!existsSync('/dev/full')).each(['help', '--version'])('%s says why and what to do', (word) => {
  expect(execFileSync(process.execPath, [program.path, word], { encoding: 'utf8' })).not.toBe('');
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [program.path, word], {
    stdio: ['ignore', full, 'pipe'],
  });
  closeSync(full);
  expect(status).toBe(1);
  expect(String(stderr)).toBe(
    'error: standard output could not be written: no space left on the device\nhint: free some space, or send it elsewhere\n',
  );
});
