import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openLocal } from '../contract/http/local.ts';
import { contract, type OpenTarget, play, transcriptsFor } from '../contract/http/suite.ts';
import { freshWord, type Target } from '../contract/http/target.ts';
import { realVersion } from '../support/real/jars.ts';
import { setUps } from '../support/real/set-ups.ts';

const { url, version, setUp, disposable } = inject('realServer');

const real: Target = {
  url,
  now: Date.now,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, Math.max(ms, 0))),
};

it('the server is the release that the local scheduler is tested against, or newer', () => {
  if (setUps[setUp].version === realVersion) expect(version).toBe(realVersion);
  else expect(version.localeCompare(realVersion, 'en', { numeric: true })).toBeGreaterThan(0);
});

describe('the real server', () => {
  contract({
    serverType: 'oss-2',
    mayLeaveTraces: disposable,
    open: async () => ({ ...real, close: async () => undefined }),
  });
});

describe('the local scheduler answers as the real server does', () => {
  let local: OpenTarget;
  beforeAll(async () => {
    local = await openLocal('oss-2');
  });
  afterAll(async () => local.close());

  it.each(transcriptsFor(disposable))('$title', async ({ steps }) => {
    const asks = steps(freshWord()).map((step) => step.ask);
    expect(await play(local, asks)).toEqual(await play(real, asks));
  });
});
