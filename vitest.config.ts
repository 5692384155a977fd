import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/real/**', 'node_modules/**'],
    passWithNoTests: false,
    restoreMocks: true,
    setupFiles: ['test/support/environment.ts'],
    testTimeout: 20_000,
  },
});

export default config;
