import { isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';
import { withUsualSettings } from './tiering.ts';

/**
 * Loads a CommonJS file as `require` does, but with what V8 made of it before, which saves a short run half of its
 * start. The cache is a file of the package beside it, so that who can change it could change the program as well, and
 * nothing is ever written here. V8 takes it only from the same version of itself with the same flags; else it compiles
 * the text. Of the text V8 compares no more than the length, and its own data it does not check, so the cache begins
 * with the hash of both: a file that somebody has patched runs as it is, and a damaged cache is not taken.
 */
export function loadCached(file: string): unknown {
  const text = readFileSync(file);
  const cachedData = cacheFor(file, text);
  const words = text.toString(isAscii(text) ? 'latin1' : 'utf8');
  const source = `(function (exports, require, module, __filename, __dirname) {${words}\n})`;
  const options = { filename: file, ...(cachedData === undefined ? {} : { cachedData }) };
  const script = withUsualSettings(() => new Script(source, options));
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

/** One for each V8 and kind of processor; `scripts/code-cache.mjs` writes it. */
export function cacheFile(file: string): string {
  return `${file}.${process.versions.v8}-${process.arch}.cache`;
}

/** What such a file holds, from what V8 made of the text. */
export function cacheOf(text: Buffer, data: Buffer): Buffer {
  return Buffer.concat([hashOf(text, data), data]);
}

function cacheFor(file: string, text: Buffer): Buffer | undefined {
  try {
    const cache = readFileSync(cacheFile(file));
    const data = cache.subarray(hashBytes);
    return hashOf(text, data).equals(cache.subarray(0, hashBytes)) ? data : undefined;
  } catch {
    return undefined;
  }
}

const hashBytes = 32;

function hashOf(text: Buffer, data: Buffer): Buffer {
  return createHash('sha256').update(text).update(data).digest();
}
