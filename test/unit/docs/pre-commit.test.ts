import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseArguments } from '../../../src/argv/program.ts';
import { blocks } from '../../support/pages.ts';

type Hook = {
  readonly id: string;
  readonly entry: string;
  readonly language: string;
  readonly files: string;
};

const hooks = parse(
  readFileSync(new URL('../../../.pre-commit-hooks.yaml', import.meta.url), 'utf8'),
) as readonly Hook[];

it('the pre-commit hooks are valid command lines for the files that Downbeat reads', () => {
  expect(hooks.map(({ id }) => id)).toStrictEqual(['downbeat-validate', 'downbeat-plan']);
  for (const { entry, files, language } of hooks) {
    const [program, ...words] = entry.split(' ');
    expect([program, language]).toStrictEqual(['downbeat', 'node']);
    expect(parseArguments(words, { out: () => {}, err: () => {}, columns: 80 }).kind).toBe('run');
    for (const path of ['schedules/a.yaml', 'b.yml', 'c.json', 'downbeat.yaml', 'calendars/de.ics'])
      expect(new RegExp(files).test(path), path).toBe(true);
    expect(new RegExp(files).test('src/main.ts')).toBe(false);
  }
});

it('the documentation names existing hooks', () => {
  const used = blocks('yaml', 'docs/before-the-merge.md').join('\n');
  const ids = [...used.matchAll(/id: ([\w-]+)/g)].map(([, id]) => id);
  expect(ids.length).toBeGreaterThan(0);
  expect(hooks.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
});
