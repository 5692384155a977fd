import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { troubles } from '../../../scripts/release.mjs';

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');

describe('a release is refused', () => {
  const manifest = { name: 'conductor-downbeat', version: '1.2.3', repository: 'github:acme/downbeat' };
  const ours = { home: 'git+https://github.com/acme/downbeat.git', versions: ['1.2.2'] };

  it.each([
    ['nothing yet', manifest, undefined, []],
    ['an older version', manifest, ours, ['v1.2.2', 'v1']],
  ])('not with %s on npm', (_, given, published, tags) => {
    expect(troubles(given, 'acme/downbeat', published, tags)).toStrictEqual([]);
  });

  it.each([
    ['a home that is to be filled in', { repository: 'github:YOUR_ORG/downbeat' }, ours, [], /is no home/],
    ['another repository', { repository: 'github:acme/other' }, undefined, [], /and this is acme\/downbeat/],
    ['a version that is none', { version: '1.2.3-rc.1' }, ours, [], /not a version to release/],
    [
      'a name of somebody else',
      {},
      { ...ours, home: 'git+https://github.com/x/y.git' },
      [],
      /belongs to x\/y/,
    ],
    ['a name without a home', {}, { ...ours, home: '' }, [], /belongs to somebody else/],
    ['a published version', {}, { ...ours, versions: ['1.2.3'] }, [], /is published already/],
    ['a tag that exists', {}, ours, ['v1.2.3'], /the tag v1\.2\.3 exists/],
  ])('for %s', (_, change, published, tags, words) => {
    const found = troubles({ ...manifest, ...change }, 'acme/downbeat', published, tags);
    expect(found.join('\n')).toMatch(words);
  });

  it('with package.json as it is, whose repository is a placeholder', () => {
    const now = JSON.parse(read('package.json'));
    expect(troubles(now, 'YOUR_ORG/downbeat', undefined, [])).toHaveLength(1);
  });
});

type Step = { readonly uses?: string; readonly run?: string };
type Job = {
  readonly needs?: string | readonly string[];
  readonly permissions: { readonly [right: string]: string };
  readonly steps: readonly Step[];
};

describe('the release workflow', () => {
  const text = read('.github/workflows/release.yml');
  const { permissions, jobs } = parse(text) as {
    readonly permissions: object;
    readonly jobs: { readonly [name: string]: Job };
  };
  const rights = (job: Job): readonly string[] =>
    Object.keys(job.permissions).filter((right) => job.permissions[right] === 'write');
  const commands = (job: Job): string => job.steps.map(({ run = '' }) => run).join('\n');

  it('pins every action by commit, with its version beside it', () => {
    const uses = [...text.matchAll(/^ +(?:- )?uses: (.*)$/gm)].map(([, what]) => what);
    expect(uses.length).toBeGreaterThan(5);
    for (const what of uses) expect(what).toMatch(/^actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('runs code of the repository and its packages only without write access', () => {
    expect(permissions).toStrictEqual({});
    const writing = Object.values(jobs).filter((job) => rights(job).length > 0);
    expect(writing).toHaveLength(2);
    for (const job of writing)
      expect(commands(job)).not.toMatch(/npm (?:ci|install|test|run|pack)|node |npx/);
    expect(commands(jobs.build as Job)).toMatch(
      /release\.mjs[\s\S]*npm ci[\s\S]*npm test[\s\S]*npm run check/,
    );
  });

  it('publishes before it tags, and moves only the major tag, last', () => {
    expect(jobs.publish?.needs).toBe('build');
    expect(commands(jobs.publish as Job)).toMatch(/npm publish .*--provenance/);
    expect(jobs.tags?.needs).toContain('publish');
    const pushes = commands(jobs.tags as Job)
      .split('\n')
      .filter((line) => line.includes('git push') || line.includes('git tag'));
    expect(pushes).toStrictEqual([
      'git push origin "HEAD:refs/tags/v$VERSION"',
      `git push --force origin "HEAD:refs/tags/v\${VERSION%%.*}"`,
    ]);
    expect(
      commands(jobs.tags as Job)
        .trim()
        .endsWith(pushes[1] ?? '?'),
    ).toBe(true);
  });

  it('attaches provenance and an SBOM', () => {
    const attested = JSON.stringify(jobs.publish?.steps.filter(({ uses = '' }) => uses.includes('/attest@')));
    expect(attested).toMatch(/released\/\*"/);
    expect(attested).toMatch(/"sbom-path":"released\/sbom\.cdx\.json"/);
    expect(commands(jobs.tags as Job)).toMatch(/gh release create .*sbom\.cdx\.json/);
  });
});

it('SECURITY.md names the package as package.json does', () => {
  expect(read('SECURITY.md')).toContain(`The npm package is \`${JSON.parse(read('package.json')).name}\``);
});
