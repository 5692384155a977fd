import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const config: ViteUserConfig = defineConfig({
  test: {
    root: here('../..'),
    include: ['test/fuzz/**/*.test.ts'],
    passWithNoTests: false,
    globalSetup: [here('../real/global-setup.ts')],
    setupFiles: [here('../support/environment.ts')],
    testTimeout: 3_600_000,
    hookTimeout: 200_000,
  },
});

export default config;
