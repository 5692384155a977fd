import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const config: ViteUserConfig = defineConfig({
  test: {
    root: here('../..'),
    include: ['test/clients/**/*.test.ts'],
    passWithNoTests: false,
    globalSetup: [here('./global-setup.ts'), here('../real/global-setup.ts')],
    setupFiles: [here('../support/environment.ts')],
    testTimeout: 120_000,
    hookTimeout: 200_000,
  },
});

export default config;
