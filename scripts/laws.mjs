// Tests the laws for longer than `npm test` does: `npm run test:laws -- --runs 100000 [--seed N]`.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
});
for (const [name, text] of Object.entries(values)) {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} is a whole number, not ${text}`);
}
console.log(`laws: ${values.runs} runs, seed ${values.seed}`);
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'test/law'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, DOWNBEAT_LAW_RUNS: values.runs, DOWNBEAT_LAW_SEED: values.seed },
  },
);
process.exitCode = status ?? 1;
