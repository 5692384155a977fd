import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/real/**', 'test/clients/**', 'test/oracle/**', 'test/workflows/**', 'node_modules/**'],
    passWithNoTests: false,
    // Of two cores vitest would leave one idle.
    maxWorkers: 2,
    restoreMocks: true,
    setupFiles: ['test/support/environment.ts'],
    // No test waits for the clock, so this only ends what hangs: machines are shared and slow at times.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    coverage: {
      provider: 'custom',
      customProviderModule: './test/support/coverage-provider.mjs',
      include: ['src/**/*.ts'],
      // What a failed test did not reach says where to look.
      reportOnFailure: true,
    },
    expect: { poll: { timeout: 300_000 } },
  },
});

export default config;
