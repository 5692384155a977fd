import type { BuildOptions, Plugin } from 'esbuild';

/** How the program is bundled, for what the tests build for themselves. */
export const asProgram: BuildOptions;
export const withoutSubprocesses: Plugin;
