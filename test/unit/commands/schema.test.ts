import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { commands } from '../../../src/argv/commands.ts';
import { main } from '../../../src/main.ts';
import { fakeIo } from '../../support/io.ts';

const folder = new URL('../../../schemas/', import.meta.url);
const names = readdirSync(folder).flatMap((file) => /^(.*)\.schema\.json$/.exec(file)?.[1] ?? []);

async function printed(...args: readonly string[]): Promise<unknown> {
  const heard = fakeIo({ cwd: '.' });
  expect(await main(['schema', ...args], heard.io)).toBe(0);
  return JSON.parse(heard.out());
}

it('the help and the completion name every published schema', () => {
  const { argument } = commands.find(({ name }) => name === 'schema') ?? {};
  expect([...(argument?.completes ?? [])].sort()).toEqual([...names].sort());
});

it.each(names)('prints %s as it is published', async (name) => {
  expect(await printed(name)).toEqual(
    JSON.parse(readFileSync(new URL(`${name}.schema.json`, folder), 'utf8')),
  );
});

it('prints that of manifests without a name', async () => {
  expect(await printed()).toEqual(await printed('schedule'));
});
