import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readFile } from '../../../src/io/node.ts';
import { writeFile } from '../../../src/io/write-file.ts';

const parent = mkdtempSync(join(tmpdir(), 'downbeat-io-'));
let directory = parent;
beforeEach(() => {
  directory = mkdtempSync(join(parent, 'x-'));
});
afterAll(() => rmSync(parent, { recursive: true }));

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('writeFile', () => {
  it('a private file is readable only by its owner, even if the old one was public', () => {
    const path = join(directory, 'plan.json');
    writeFileSync(path, 'old', { mode: 0o644 });
    expect(writeFile(path, 'new', { private: true })).toBeUndefined();
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(modeOf(path)).toBe('600');
    expect(readdirSync(directory)).toStrictEqual(['plan.json']);
  });

  it("any other file gets the umask's permissions", () => {
    const [path, usual] = [join(directory, 'a'), join(directory, 'b')];
    expect(writeFile(path, 'text')).toBeUndefined();
    writeFileSync(usual, '');
    expect(modeOf(path)).toBe(modeOf(usual));
  });

  it.each([
    ['in a directory that is not there', join('none', 'a'), 'its directory does not exist'],
    ['over a directory', '.', 'it is a directory'],
  ])('%s: says why, and leaves no files', (_case, name, why) => {
    expect(writeFile(join(directory, name), 'text', { private: true })?.why).toBe(why);
    expect(readdirSync(directory)).toStrictEqual([]);
  });
});

it('readFile tells a file, a directory and nothing apart', () => {
  writeFileSync(join(directory, 'a'), 'text');
  writeFileSync(join(directory, 'b'), new Uint8Array([0xff, 0xfe, 0x00]));
  expect(readFile(join(directory, 'a'))).toStrictEqual({ kind: 'read', text: 'text' });
  expect(readFile(join(directory, 'b'))).toStrictEqual({ kind: 'unreadable', why: 'not UTF-8 text' });
  expect(readFile(directory)).toStrictEqual({ kind: 'directory' });
  expect(readFile(join(directory, 'c'))).toStrictEqual({ kind: 'missing' });
});
