import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const config: ViteUserConfig = defineConfig({
  test: {
    root: here('../..'),
    include: ['test/workflows/**/*.test.ts'],
    passWithNoTests: false,
    setupFiles: [here('../support/environment.ts')],
    testTimeout: 60_000,
    // The tools are compiled once.
    hookTimeout: 1_800_000,
  },
});

export default config;
