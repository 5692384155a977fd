import { describe, expect, it } from 'vitest';
import type { GitAnswer } from '../../../../src/io/io.ts';
import { olderPlace } from '../../../../src/run/base/older-place.ts';

const commit = 'c'.repeat(40);
const ok = (text: string, status = 0): GitAnswer => ({ kind: 'ended', status, text });

/** `base`: paths from the top of the checkout; `now`: what is there now, seen from the working directory. */
function place(
  base: readonly string[],
  here: readonly string[],
  now: readonly string[] = [],
  { prefix = '', up = '', noManifests = [] as readonly string[] } = {},
) {
  return olderPlace({
    commit,
    here,
    noManifests,
    exists: (path) => now.includes(path),
    ask: ([verb]) =>
      verb === 'grep'
        ? ok(base.map((path) => `${commit}:${path}\0`).join(''), base.length === 0 ? 1 : 0)
        : ok(`${prefix}\n${up}\n`),
  });
}

describe('where a commit has the manifests of a directory that is empty in it', () => {
  it.each([
    [[], ['a.yaml'], []],
    [['teams/a/x.yaml'], ['a.yaml'], ['teams/a/x.yaml']],
    [['.github/a.yaml', 'x/node_modules/a.yaml'], ['a.yaml'], []],
  ])('nowhere, where every manifest is where it was: %j', (base, here, now) => {
    expect(place(base, here, now)).toEqual({ kind: 'nowhere' });
  });

  it.each([
    [['old/a.yaml', 'old/b.yaml'], ['a.yaml', 'b.yaml'], 'old'],
    [['old/a.yaml', 'old/deep/b.yaml'], ['a.yaml', 'deep/b.yaml'], 'old'],
    // Some were renamed or taken away beside.
    [['old/a.yaml', 'old/b.yaml', 'old/c.yaml'], ['a.yaml', 'b.yaml', 'd.yaml'], 'old'],
    [['a.yaml'], ['a.yaml'], '.'],
  ])('the directory that most of them have come from: %j', (base, here, directory) => {
    expect(place(base, here)).toEqual({ kind: 'at', directory });
  });

  it.each([
    [['old/a.yaml'], ['b.yaml']],
    [['one/a.yaml', 'two/a.yaml'], ['a.yaml']],
    [
      ['old/a.yaml', 'old/b.yaml', 'old/c.yaml'],
      ['a.yaml', 'x.yaml', 'y.yaml'],
    ],
  ])('not known, where they may be others: %j', (base, here) => {
    expect(place(base, here)).toEqual({ kind: 'unknown', gone: base });
  });

  it('not known, where Git does not answer', () => {
    const ask = (): GitAnswer => ok('', 128);
    expect(olderPlace({ commit, here: [], noManifests: [], exists: () => false, ask })).toEqual({
      kind: 'unknown',
    });
  });

  it('seen from a folder of the checkout', () => {
    const below = { prefix: 'team/', up: '../' };
    expect(place(['team/old/a.yaml'], ['a.yaml'], [], below)).toEqual({ kind: 'at', directory: 'old' });
    expect(place(['old/a.yaml'], ['a.yaml'], [], below)).toEqual({ kind: 'at', directory: '../old' });
    expect(place(['old/a.yaml'], ['a.yaml'], ['../old/a.yaml'], below)).toEqual({ kind: 'nowhere' });
  });

  it('does not read overlays as manifests', () => {
    expect(place(['overlays/a.yaml'], ['a.yaml'], [], { noManifests: ['overlays'] })).toEqual({
      kind: 'nowhere',
    });
  });
});
