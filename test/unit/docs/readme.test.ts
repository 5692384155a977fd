import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { blocks, page, pages } from '../../support/pages.ts';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

it('is short', () => {
  expect(page('README.md').split('\n').length).toBeLessThan(175);
});

it('shows a plan as the program prints it (UPDATE_GOLDEN=1 rewrites it)', () => {
  const golden = readFileSync(fromRoot('test/golden/plan/picture/expected.txt'), 'utf8');
  const printed = /stdout:\n([\s\S]*?)\ndigest:/.exec(golden)?.[1] ?? '';
  expect(printed).toMatch(/^Plan: /m);
  const now = page('README.md');
  const wanted = now.replace(/^```text\n[\s\S]*?^```$/m, () => `\`\`\`text\n${printed}\n\`\`\``);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(fromRoot('README.md'), wanted);
  else expect(now).toBe(wanted);
  expect(blocks('text', 'README.md')[0]).toMatch(/^Plan: /m);
});

it('every page names the package and the Action as package.json does, the package by its exact version', () => {
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
