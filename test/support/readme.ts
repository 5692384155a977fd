import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const readmePath: string = fileURLToPath(new URL('../../README.md', import.meta.url));

export function readme(): string {
  return readFileSync(readmePath, 'utf8');
}

/** The text inside fenced blocks of a language. */
export function blocks(language: string): readonly string[] {
  return [...readme().matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    (match) => match[1] ?? '',
  );
}
