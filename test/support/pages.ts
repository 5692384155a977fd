import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** The README and the pages of `docs/`, by their paths from the top of the repository. */

const root = fileURLToPath(new URL('../..', import.meta.url));

export const pages: readonly string[] = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules') && !name.startsWith('.'))
    .map((name) => `docs/${name}`)
    .sort(),
];

export function page(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** The text inside fenced blocks of a language, of one page or of all. */
export function blocks(language: string, path?: string): readonly string[] {
  const texts = path === undefined ? pages.map(page) : [page(path)];
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return texts.flatMap((text) => [...text.matchAll(fence)].map((match) => match[1] ?? ''));
}

/** Holds the part of a page between `<!-- NAME -->` and `<!-- /NAME -->` to a text; UPDATE_GOLDEN=1 writes it. */
export function expectGenerated(path: string, name: string, text: string): void {
  const now = page(path);
  const marked = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
  expect(now).toMatch(marked);
  const wanted = now.replace(marked, (_all, open, close) => `${open}${text}\n${close}`);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(join(root, path), wanted);
  else expect(now).toBe(wanted);
}
