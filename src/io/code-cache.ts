import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

/**
 * Loads a CommonJS file as `require` does, but with what V8 made of it before, which saves a short run half of its
 * start. The cache is a file of the package beside it, so that who can change it could change the program as well, and
 * nothing is ever written here. V8 takes it only from the same version of itself with the same flags, for a text of
 * the same length; else it compiles the text.
 */
export function loadCached(file: string): unknown {
  const cachedData = cacheIn(cacheFile(file));
  const text = readFileSync(file, 'utf8');
  const source = `(function (exports, require, module, __filename, __dirname) {${text}\n})`;
  const script = new Script(source, { filename: file, ...(cachedData === undefined ? {} : { cachedData }) });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

/** One for each V8 and kind of processor; `scripts/code-cache.mjs` writes it. */
export function cacheFile(file: string): string {
  return `${file}.${process.versions.v8}-${process.arch}.cache`;
}

function cacheIn(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
