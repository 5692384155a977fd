// Serves the sources with all their mutants in them; scripts/mutants.mjs starts it. One of them is active at a time.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const { sources } = JSON.parse(readFileSync(process.env.DOWNBEAT_MUTANTS, 'utf8'));
const instrumented = new Map(Object.entries(sources));

const mutated = {
  name: 'sources with mutants',
  enforce: 'pre',
  load: (id) => instrumented.get(id),
};

// biome-ignore lint/style/noDefaultExport: vitest asks for it
export default defineConfig({
  plugins: [mutated],
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/mutants/plant.ts'],
    passWithNoTests: false,
    maxWorkers: 1,
    restoreMocks: true,
    setupFiles: ['test/support/environment.ts', 'test/mutants/switch.ts'],
    testTimeout: 36_000_000,
    // What a failed test leaves running may fail, too.
    dangerouslyIgnoreUnhandledErrors: true,
  },
});
