// Tests the laws, and every property that counts its cases by test/support/cases.ts, for longer than `npm test` does:
// `npm run test:laws -- --runs 100000 [--seed N] [-- vitest's options]`.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
});
for (const [name, text] of Object.entries(values)) {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} is a whole number, not ${text}`);
}
const counting = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => join('test', path))
  .filter((path) => readFileSync(join(root, path), 'utf8').includes("/support/cases.ts'"));
if (counting.length === 0) throw new Error('no property counts its cases by test/support/cases.ts');
console.log(`laws: ${values.runs} runs, seed ${values.seed}`);
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'test/law', ...counting, ...positionals],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, DOWNBEAT_LAW_RUNS: values.runs, DOWNBEAT_LAW_SEED: values.seed },
  },
);
process.exitCode = status ?? 1;
