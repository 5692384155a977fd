import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadManifests } from '../../../src/manifest/desired.ts';
import { blocks, page } from '../../support/pages.ts';

/** What a repository has beside its code: CI, forms, and texts for contributors and agents. */

const root = fileURLToPath(new URL('../../..', import.meta.url));

describe('CI for pull requests', () => {
  const text = page('.github/workflows/ci.yml');
  const workflow = parse(text) as {
    readonly permissions: object;
    readonly on: object;
    readonly jobs: {
      readonly all: { readonly permissions: object; readonly steps: readonly { readonly run?: string }[] };
    };
  };

  it('runs what .ci/run runs, read-only', () => {
    expect(Object.keys(workflow.on)).toContain('pull_request');
    expect(workflow.permissions).toStrictEqual({});
    expect(workflow.jobs.all.permissions).toStrictEqual({ contents: 'read' });
    expect(workflow.jobs.all.steps.map(({ run }) => run)).toContain('.ci/run');
    expect(statSync(join(root, '.ci/run')).mode & 0o111).not.toBe(0);
  });

  it('pins every action by commit, with its version beside it', () => {
    const uses = [...text.matchAll(/^ +(?:- )?uses: (.*)$/gm)].map(([, what]) => what);
    expect(uses.length).toBeGreaterThan(1);
    for (const what of uses) expect(what).toMatch(/^actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});

it.each(['bug.yml', 'idea.yml'])('the issue form %s asks for the version', (name) => {
  const form = parse(page(`.github/ISSUE_TEMPLATE/${name}`)) as {
    readonly body: readonly {
      readonly type: string;
      readonly id?: string;
      readonly attributes: { readonly label?: string };
      readonly validations?: { readonly required?: boolean };
    }[];
  };
  const asked = form.body.find(({ id }) => id === 'version');
  expect(asked?.attributes.label).toContain('`downbeat version --debug`');
  expect(asked?.validations?.required).toBe(true);
});

it('dependabot updates npm and the actions', () => {
  const { updates } = parse(page('.github/dependabot.yml')) as {
    readonly updates: readonly { readonly 'package-ecosystem': string }[];
  };
  expect(updates.map((one) => one['package-ecosystem'])).toStrictEqual(['npm', 'github-actions']);
});

const skills = readdirSync(join(root, 'skills')).map((name) => `skills/${name}/SKILL.md`);

it.each(['AGENTS.md', 'llms.txt', 'CONTRIBUTING.md', 'SECURITY.md', ...skills])(
  '%s has no dead link',
  (path) => {
    const links = [...page(path).matchAll(/\]\(([^)#\s]+)\)/g)].map(([, link = '']) => link);
    for (const link of links.filter((one) => !/^https?:/.test(one)))
      expect(existsSync(join(root, dirname(path), link)), `${path}: ${link}`).toBe(true);
  },
);

it('llms.txt lists every page of reference', () => {
  for (const name of readdirSync(join(root, 'docs/reference')))
    expect(page('llms.txt')).toContain(`docs/reference/${name}`);
});

describe.each(skills)('the skill %s', (path) => {
  it('says what it is for', () => {
    const [, head = ''] = page(path).split(/^---$/m);
    const { name, description } = parse(head) as { readonly name: string; readonly description: string };
    expect(path).toBe(`skills/${name}/SKILL.md`);
    expect(description.length).toBeGreaterThan(100);
  });

  it('has examples that are valid and break no rule', () => {
    const examples = blocks('yaml', path);
    expect(examples.length).toBeGreaterThan(3);
    const scope = {
      variables: new Map(),
      elsewhere: new Map(),
      env: {},
      allow: { env: [] },
      missingSecrets: 'opaque',
    } as const;
    const now = Date.UTC(2026, 10, 26);
    for (const text of examples) {
      const { desired, diagnostics } = loadManifests([{ path: 'skill.yaml', text }], {
        scope,
        now,
        clockChanges: true,
      });
      expect(diagnostics, text).toStrictEqual([]);
      expect(desired, text).toHaveLength(1);
    }
  });

  it('warns of what a rule finds', () => {
    const wrong = (line: string): readonly string[] =>
      loadManifests([{ path: 'skill.yaml', text: `name: a\n${line}\nstartWorkflowRequest: {name: w}\n` }], {
        now: 0,
      }).diagnostics.map(({ diagnostic }) => diagnostic.code);
    expect(wrong('cronExpression: "30 3 * * *"')).toStrictEqual(['bad-cron']);
    expect(wrong('cronExpression: "0 0 9 13 * FRI"')).toStrictEqual(['both-days']);
    expect(wrong('cronExpression: "0 0 9 * * 5"')).toStrictEqual(['numbered-weekday']);
  });
});

it('no file names a machine or a registry', () => {
  const files = [
    ...['AGENTS.md', 'llms.txt', 'CODE_OF_CONDUCT.md', '.github/dependabot.yml', '.github/workflows/ci.yml'],
    ...skills,
  ];
  for (const file of files)
    expect(readFileSync(join(root, file), 'utf8')).not.toMatch(/\/tmp\/|\/home\/|registry\./);
});
