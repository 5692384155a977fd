// Compares cron and zones with Spring's own class: `npm run test:oracle -- --count 200000 [--seed N] [-- vitest's options]`.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
});
for (const [name, text] of Object.entries(values)) {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} is a whole number, not ${text}`);
}
console.log(`oracle: ${values.count} cases, seed ${values.seed}`);
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--config',
    'test/oracle/vitest.config.ts',
    ...positionals,
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, DOWNBEAT_ORACLE_COUNT: values.count, DOWNBEAT_ORACLE_SEED: values.seed },
  },
);
process.exitCode = status ?? 1;
