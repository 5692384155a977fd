import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { page, pages } from '../../support/pages.ts';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

it('is short', () => {
  expect(page('README.md').split('\n').length).toBeLessThan(160);
});

it('every page names the package and the Action as package.json does, with the exact version', () => {
  const { name, version, repository } = JSON.parse(readFileSync(fromRoot('package.json'), 'utf8')) as {
    name: string;
    version: string;
    repository: string;
  };
  const text = pages.map(page).join('\n');
  const installed = [...text.matchAll(/(?:npm install --global|npx(?: --yes)?) ([^\s\]`]+)/g)];
  expect(installed.length).toBeGreaterThan(0);
  expect(new Set(installed.map(([, what]) => what))).toStrictEqual(new Set([`${name}@${version}`]));
  const actions = [...text.matchAll(/- uses: (\S+)/g)]
    .map(([, what = '']) => what)
    .filter((what) => !what.startsWith('actions/'));
  expect(new Set(actions)).toStrictEqual(
    new Set([`${repository.replace('github:', '')}@v${version.split('.')[0]}`]),
  );
});
