import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The packages of which a file is among the inputs of a bundle, from esbuild's metafile. */
export function packagesIn({ inputs }) {
  const matches = Object.keys(inputs).map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path));
  return [...new Set(matches.flatMap((match) => (match === null ? [] : [match[1]])))].sort();
}

/** How a generated file says of which packages it holds code. */
export const holdsCodeOf = '// Holds code of: ';

/** How everything of ours is bundled, for dist/ and for the tests that run on what is built. */
export const bundling = {
  // To name one of these loads Node's fetch, 40 ms of a short run; only ky does, and src/http/web.ts has what it needs.
  define: {
    'globalThis.Headers': 'LightHeaders',
    'globalThis.Request': 'LightRequest',
    'globalThis.Response': 'LightResponse',
    'globalThis.FormData': 'undefined',
    'globalThis.ReadableStream': 'undefined',
  },
  inject: [fileURLToPath(new URL('../src/http/web.ts', import.meta.url))],
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minify: true,
  legalComments: 'none',
};
/**
 * How the program is bundled beyond that: as CommonJS, for Node's loader of ES modules costs every start several
 * milliseconds and on Node 24 asks `node:http` for its WebSocket, which loads Node's fetch.
 */
export const asProgram = {
  ...bundling,
  splitting: false,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  // `import()` of a file beside this one is `require`.
  supported: { 'dynamic-import': false },
};
// yaml and commander are CommonJS inside: in an ESM bundle their require() of Node's own modules needs this.
export const banner = {
  js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
};
// commander can run commands that are programs of their own, and loads node:child_process for that at every start. Ours
// are functions.
export const withoutSubprocesses = {
  name: 'commander starts no programs',
  setup: (step) => {
    step.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path: 'none', namespace: 'nothing' } : undefined,
    );
    step.onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/**
 * Writes what is not ASCII in regular expressions and templates, which esbuild leaves as it is, as `\uXXXX`: a text of
 * one byte a character is read three times as fast and takes half as much memory.
 */
export const inAscii = {
  name: 'ASCII only',
  setup: (step) =>
    step.onEnd(({ metafile }) => {
      for (const file of Object.keys(metafile?.outputs ?? {})) {
        const path = resolve(step.initialOptions.absWorkingDir ?? '.', file);
        const text = readFileSync(path, 'utf8');
        const ascii = text.replace(
          /[^\0-\x7f]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
        if (ascii !== text) writeFileSync(path, ascii);
      }
    }),
};
