import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const config: ViteUserConfig = defineConfig({
  test: {
    root: here('../..'),
    include: ['test/browser/**/*.test.ts'],
    passWithNoTests: false,
    // One browser for all files.
    isolate: false,
    maxWorkers: 1,
    setupFiles: [here('../support/environment.ts')],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
});

export default config;
