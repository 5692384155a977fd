import { readFileSync } from 'node:fs';

type Part =
  | string
  | number
  | { readonly hex: number }
  | { readonly upper: number }
  | { readonly base64: string };

/** Letters and digits without a meaning. */
const filler = 'fAKE7notREAL3xq9Zk2';

/** The texts of `test/data/credential-values.json`, put together from their parts. */
export function credentialValues(): {
  readonly credentials: readonly string[];
  readonly innocents: readonly string[];
} {
  const { credentials, innocents } = read('credential-values.json') as {
    readonly [list: string]: readonly (readonly Part[])[];
  };
  const all = (entries: readonly (readonly Part[])[] = []): readonly string[] =>
    entries.map((parts) => parts.map(textOf).join(''));
  return { credentials: all(credentials), innocents: all(innocents) };
}

/** The keys of `test/data/credential-keys.json`. */
export function credentialKeys(): {
  readonly credentials: readonly string[];
  readonly innocents: readonly string[];
} {
  return read('credential-keys.json') as ReturnType<typeof credentialKeys>;
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../data/${name}`, import.meta.url), 'utf8'));
}

function textOf(part: Part): string {
  if (typeof part === 'string') return part;
  if (typeof part === 'number') return cycled(filler, part);
  if ('hex' in part) return cycled('0f1e2d3c4b5a69788796', part.hex);
  if ('upper' in part) return cycled('FAKE7NOTREAL3XQ9ZK2', part.upper);
  return Buffer.from(part.base64)
    .toString('base64')
    .replace(/=+$/, '')
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}

function cycled(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}
