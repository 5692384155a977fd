import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');

function pathsIn(words: string): readonly string[] {
  return [...words.matchAll(/`((?:src|scripts|schemas|test)\/?[\w./-]*)`/g)].map(([, path = '']) => path);
}

it('names files and folders that exist', () => {
  const paths = pathsIn(text);
  expect(paths.length).toBeGreaterThan(25);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toStrictEqual([]);
});

it('has ten typical changes, each of at most three files', () => {
  const [, changes = ''] = text.split('## What a typical change touches');
  const [section = ''] = changes.split('\n## ');
  const rows = [...section.matchAll(/^\| (?!change |---)[^|]+\| (.+) \|$/gm)].map(([, files = '']) => files);
  expect(rows).toHaveLength(10);
  for (const files of rows) {
    expect(pathsIn(files).length).toBeGreaterThan(0);
    expect(pathsIn(files).length).toBeLessThanOrEqual(3);
  }
});
