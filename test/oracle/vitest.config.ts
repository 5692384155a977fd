import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const config: ViteUserConfig = defineConfig({
  test: {
    root: here('../..'),
    include: ['test/oracle/**/*.test.ts'],
    passWithNoTests: false,
    setupFiles: [here('../support/environment.ts')],
    testTimeout: 3_600_000,
  },
});

export default config;
