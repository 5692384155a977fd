import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** What runs the program as built or installed, in many processes, or sends thousands of requests: `npm run test:package`. */
const programs: readonly string[] = [
  ...['action', 'package', 'process'].map((folder) => `test/${folder}/**/*.test.ts`),
  'test/wire/orphans.test.ts',
];

const config: ViteUserConfig = defineConfig({
  test: {
    passWithNoTests: false,
    // Of two cores vitest would leave one idle.
    maxWorkers: 2,
    // Random cases leave much behind: with more room for what is new, less time goes into sorting it.
    execArgv: ['--max-semi-space-size=64'],
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
    projects: [
      {
        extends: true,
        test: {
          name: 'suite',
          // Loading src/ again for each file would be a third of the time; nothing in it keeps anything.
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: [
            ...['browser', 'real', 'clients', 'fuzz', 'oracle', 'workflows'].map(
              (folder) => `test/${folder}/**`,
            ),
            ...programs,
            'node_modules/**',
          ],
        },
      },
      { extends: true, test: { name: 'programs', include: [...programs] } },
    ],
  },
});

export default config;
