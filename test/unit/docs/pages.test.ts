import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parseArguments } from '../../../src/argv/program.ts';
import { loadManifests } from '../../../src/manifest/desired.ts';
import { readConfig } from '../../../src/manifest/resolve/config.ts';
import { readPolicies } from '../../../src/manifest/resolve/policies-file.ts';
import { blocks, page, pages } from '../../support/pages.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const yaml = blocks('yaml');
const scope = {
  variables: new Map(),
  elsewhere: new Map(),
  env: {},
  allow: { env: [] },
  missingSecrets: 'opaque',
} as const;

/** As GitHub makes anchors of headings. */
const anchorsOf = (text: string): readonly string[] =>
  [...text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

it.each(pages)('%s has no dead link', (path) => {
  const links = [...page(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  const own = links.filter((link) => !/^https?:/.test(link));
  for (const link of own) {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : join(dirname(path), file);
    expect(existsSync(join(root, target)), `${path}: ${link}`).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(page(target)), `${path}: ${link}`).toContain(anchor);
  }
});

it('every page is linked from the README, and every decision from their list', () => {
  const linkedFrom = (path: string): readonly string[] =>
    [...page(path).matchAll(/\]\(([^)#\s]+)\)/g)].map(([, link = '']) => join(dirname(path), link));
  const linked = [...linkedFrom('README.md'), ...linkedFrom('docs/adr/index.md')];
  expect(pages.filter((path) => !['README.md', 'docs/index.md', ...linked].includes(path))).toStrictEqual([]);
});

it('every manifest is valid', () => {
  const manifests = yaml.filter((text) => /^name: /m.test(text) && text.includes('startWorkflowRequest'));
  expect(manifests.length).toBeGreaterThan(1);
  const calendars = readConfig({
    path: 'downbeat.yaml',
    text: yaml.find((text) => text.startsWith('calendars:')) ?? '',
  });
  expect(calendars.diagnostics).toStrictEqual([]);
  for (const text of manifests) {
    const without = text.replaceAll(/^(?:except|only): .*\n/gm, '');
    const { diagnostics } = loadManifests([{ path: 'page.yaml', text: without }], { scope });
    expect(diagnostics, text).toStrictEqual([]);
  }
});

it('every configuration is valid', () => {
  const configs = yaml.filter((text) => text.includes('config.schema.json'));
  expect(configs.length).toBeGreaterThan(1);
  for (const text of configs)
    expect(readConfig({ path: 'downbeat.yaml', text }).diagnostics, text).toStrictEqual([]);
});

it('every file of policies is valid', () => {
  const policies = yaml.filter((text) => text.includes('policies.schema.json'));
  expect(policies.length).toBeGreaterThan(0);
  for (const text of policies)
    expect(readPolicies({ path: 'policies.yaml', text }).diagnostics, text).toStrictEqual([]);
});

it('shows an allowance that works', () => {
  const [manifest = ''] = blocks('yaml', 'docs/reference/rules-and-problems.md').filter((text) =>
    text.includes('downbeat: allow'),
  );
  const text = `${manifest}startWorkflowRequest: {name: w}\n`;
  expect(loadManifests([{ path: 'page.yaml', text }], { now: 0 }).diagnostics).toStrictEqual([]);
  expect(loadManifests([{ path: 'page.yaml', text: text.replace(/#.*/, '') }]).diagnostics).toHaveLength(1);
});

/** The words of a command line, with simple quotes. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|[^\s'"]+/g)].map(([all, single, double]) => single ?? double ?? all);

it('every command line in a sentence or a table is valid', () => {
  const lines = pages
    .map(page)
    .join('\n')
    .replaceAll(/^```[\s\S]*?^```$/gm, '')
    .matchAll(/`downbeat ([^`]+)`/g);
  const wrong = [...lines].flatMap(([, line = '']) => {
    const [typed = ''] = line.replaceAll('\n', ' ').replace('help COMMAND', 'help plan').split(' | ');
    const words = wordsOf(typed);
    // The tables of the reference give the form of a command, not a line.
    if (words.some((word) => /^[[<]/.test(word))) return [];
    const said: string[] = [];
    const parsed = parseArguments([...words], {
      out: (text) => said.push(text),
      err: (text) => said.push(text),
      columns: 80,
    });
    // A command may be named without what it needs, as in `downbeat plan --out`.
    const isFine = parsed.kind === 'run' || /^Usage|needs (?:a value|<NAME>)/m.test(said.join(''));
    return isFine ? [] : [`${line}: ${said.join('')}`];
  });
  expect(wrong).toStrictEqual([]);
});

it('no page repeats a sentence of another page', () => {
  const places = new Map<string, Set<string>>();
  for (const path of pages.filter((one) => one !== 'docs/adr/index.md')) {
    const text = page(path)
      .replaceAll(/^```[\s\S]*?^```$/gm, '')
      .replaceAll(/<!-- (\w+) -->[\s\S]*?<!-- \/\1 -->|<!--.*?-->/g, '');
    for (const sentence of text.split(/(?<=[.!?:])\s|\n\n|^- |\|/m)) {
      const words = sentence.toLowerCase().match(/[\w`$.{}'-]+/g) ?? [];
      if (words.length < 7) continue;
      const key = words.join(' ');
      places.set(key, (places.get(key) ?? new Set()).add(path));
    }
  }
  expect(places.size).toBeGreaterThan(300);
  const repeated = [...places].filter(
    ([, where]) => where.size > 1 && [...where].some((path) => !path.startsWith('docs/reference/')),
  );
  expect(repeated.map(([words, where]) => `${words}: ${[...where].join(', ')}`)).toStrictEqual([]);
});
