import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFile } from '../../../src/io/write-file.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'downbeat-io-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const at = (...names: readonly string[]): string => join(directory, ...names);
const fresh = { over: 'nothing', folders: true } as const;
const isRoot = process.getuid?.() === 0;

describe('a file that was read before', () => {
  it('is replaced, and no other file is left', () => {
    writeFileSync(at('a.yaml'), 'old');
    expect(writeFile(at('a.yaml'), 'new', { over: { text: 'old' } })).toBeUndefined();
    expect(readFileSync(at('a.yaml'), 'utf8')).toBe('new');
    expect(readdirSync(directory)).toStrictEqual(['a.yaml']);
  });

  it('is left alone when others have changed it since', () => {
    writeFileSync(at('a.yaml'), 'theirs');
    expect(writeFile(at('a.yaml'), 'new', { over: { text: 'old' } })?.why).toBe(
      'it was changed by others in the meantime',
    );
    expect(readFileSync(at('a.yaml'), 'utf8')).toBe('theirs');
    expect(readdirSync(directory)).toStrictEqual(['a.yaml']);
  });

  it('is not created again if it is gone', () => {
    expect(writeFile(at('a.yaml'), 'new', { over: { text: 'old' } })?.why).toBe('it is not there any more');
    expect(readdirSync(directory)).toStrictEqual([]);
  });

  it('keeps its permissions', () => {
    writeFileSync(at('a.yaml'), 'old');
    chmodSync(at('a.yaml'), 0o640);
    expect(writeFile(at('a.yaml'), 'new', { over: { text: 'old' } })).toBeUndefined();
    expect(statSync(at('a.yaml')).mode & 0o777).toBe(0o640);
  });

  it('is written through a link, which stays one', () => {
    mkdirSync(at('..data'));
    writeFileSync(at('..data', 'a.yaml'), 'old');
    symlinkSync(join('..data', 'a.yaml'), at('a.yaml'));
    expect(writeFile(at('a.yaml'), 'new', { over: { text: 'old' } })).toBeUndefined();
    expect(lstatSync(at('a.yaml')).isSymbolicLink()).toBe(true);
    expect(readFileSync(at('..data', 'a.yaml'), 'utf8')).toBe('new');
  });

  it.skipIf(isRoot)('is left alone if it is read-only', () => {
    writeFileSync(at('a.yaml'), 'old');
    chmodSync(at('a.yaml'), 0o444);
    expect(writeFile(at('a.yaml'), 'new', { over: { text: 'old' } })?.why).toBe('permission denied');
    expect(readFileSync(at('a.yaml'), 'utf8')).toBe('old');
  });
});

describe('a new file', () => {
  it('is created with its directories', () => {
    expect(writeFile(at('b', 'c', 'a.yaml'), 'new', fresh)).toBeUndefined();
    expect(readFileSync(at('b', 'c', 'a.yaml'), 'utf8')).toBe('new');
    expect(readdirSync(at('b', 'c'))).toStrictEqual(['a.yaml']);
  });

  it('never replaces another file', () => {
    writeFileSync(at('a.yaml'), 'theirs');
    expect(writeFile(at('a.yaml'), 'new', fresh)?.why).toBe('there is a file of this name already');
    expect(readFileSync(at('a.yaml'), 'utf8')).toBe('theirs');
    expect(readdirSync(directory)).toStrictEqual(['a.yaml']);
  });

  it('is not written through a link that leads nowhere', () => {
    symlinkSync(at('elsewhere'), at('a.yaml'));
    expect(writeFile(at('a.yaml'), 'new', fresh)?.why).toBe('there is a file of this name already');
    expect(existsSync(at('elsewhere'))).toBe(false);
  });

  it('says why if its directory is a file', () => {
    writeFileSync(at('b'), '');
    expect(writeFile(at('b', 'a.yaml'), 'new', fresh)?.why).toMatch(/EEXIST|ENOTDIR/);
  });
});
