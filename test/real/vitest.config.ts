import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const config: ViteUserConfig = defineConfig({
  test: {
    root: here('../..'),
    include: ['test/real/**/*.test.ts'],
    passWithNoTests: false,
    globalSetup: [here('./global-setup.ts')],
    setupFiles: [here('../support/environment.ts')],
    // One server, and pause all on it stops every schedule.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 200_000,
  },
});

export default config;
