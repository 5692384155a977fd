import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { page, pages } from '../../support/pages.ts';

/** Each promise of the README and of a page carries `claim:ID` in a comment; `claims.yaml` names the test that holds it. */

const root = fileURLToPath(new URL('../../..', import.meta.url));

type Proof =
  | { readonly golden: string; readonly shows?: readonly string[]; readonly hides?: readonly string[] }
  | { readonly test: string; readonly title: string };

const claims = parse(page('test/unit/docs/claims.yaml')) as {
  readonly [id: string]: Proof | readonly Proof[];
};

/** Lists that promise nothing: links, steps for the reader, and advice. */
const promiseNothing = [
  'README.md: Documentation',
  'docs/comparison.md: Where others are the better choice',
  'docs/existing-server.md: Adopt, push, first pull request',
  'docs/renames.md: Renames',
  'docs/two-teams.md: Set it up',
  'docs/two-teams.md: Hand a schedule over',
];

/** Reference pages come from tables that have tests of their own, decisions and the front page promise nothing new. */
const withPromises = pages.filter((path) => !/^docs\/(?:reference|adr)\/|^docs\/index\.md$/.test(path));

const idsIn = (text: string): readonly string[] =>
  [...text.matchAll(/<!-- claim:([a-z-]+) -->/g)].map(([, id = '']) => id);

/** The items of a page's lists, with the heading that they are under. */
function itemsOf(path: string): readonly { readonly heading: string; readonly text: string }[] {
  const text = page(path).replaceAll(/^```[\s\S]*?^```$/gm, '');
  let heading = '';
  return text.split(/\n\n|^(?=(?:#+ |- |\d+\. ))/m).flatMap((part) => {
    if (part.startsWith('#')) heading = /^#+ (.*)/.exec(part)?.[1] ?? '';
    return /^(?:- |\d+\. )/.test(part) ? [{ heading, text: part }] : [];
  });
}

describe.each(withPromises)('%s', (path) => {
  it('has an ID at every item of its lists', () => {
    const without = itemsOf(path).filter(
      ({ heading, text }) => idsIn(text).length === 0 && !promiseNothing.includes(`${path}: ${heading}`),
    );
    expect(without).toStrictEqual([]);
  });
});

it('every ID has a proof, and every proof a claim', () => {
  expect([...new Set(withPromises.flatMap((path) => idsIn(page(path))))].sort()).toStrictEqual(
    Object.keys(claims).sort(),
  );
});

/** Tests that run the command, the Action or a page of either as people do: not their parts. */
const asPeopleDo =
  /^test\/(?:action|browser|bundle|clients|package|process|real|support\/owner-situations)\b/;

/** Those run the program in this process, or are about a module that is an entry of the package. */
const runsAnEntry =
  /from '[./]+(?:cli|support\/in-process|src\/main|src\/library\/functions|src\/scheduler\/local\/(?:start-scheduler|served-page))\.ts'|commands\/serve\/serve\.ts'/;

/** Times of the local scheduler: through the CLI they would need a wait. */
const byTheirParts = ['serve-latency'];

it.each(Object.keys(claims).filter((id) => !byTheirParts.includes(id)))('%s is tried as people do', (id) => {
  const proofs = [claims[id] ?? []].flat() as readonly Proof[];
  const tried = proofs.filter(
    (proof) => 'golden' in proof || asPeopleDo.test(proof.test) || runsAnEntry.test(page(proof.test)),
  );
  expect(tried).not.toStrictEqual([]);
});

it.each(Object.entries(claims))('%s is held', (_id, held) => {
  const proofs = Array.isArray(held) ? held : [held as Proof];
  expect(proofs.length).toBeGreaterThan(0);
  for (const proof of proofs) {
    if ('golden' in proof) {
      const path = join(root, 'test/golden', proof.golden, 'expected.txt');
      expect(existsSync(path), proof.golden).toBe(true);
      const expected = readFileSync(path, 'utf8');
      expect([...(proof.shows ?? []), ...(proof.hides ?? [])].length).toBeGreaterThan(0);
      for (const text of proof.shows ?? []) expect(expected).toContain(text);
      for (const text of proof.hides ?? []) expect(expected).not.toContain(text);
    } else {
      const text = page(proof.test);
      expect(
        ["'", '"', '`'].some((quote) => text.includes(`${quote}${proof.title}`)),
        `${proof.test}: ${proof.title}`,
      ).toBe(true);
    }
  }
});
