import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import { gitIn, repositoryIn } from '../support/git.ts';
import { fakeIo } from '../support/io.ts';
import { serveLocal, testScheduler } from '../support/scheduler.ts';

/**
 * Whatever a run without the fault says of a policy or a workflow, the run with it says too or names as not checked. It
 * says nothing else, and names nothing that it said all of.
 */

type Files = { readonly [path: string]: string | Buffer | { readonly link: string } };

const manifest = (name: string, more = ''): string =>
  `name: ${name}\ncronExpression: 0 0 6 * * ?\nzoneId: UTC\nstartWorkflowRequest: {name: wf_${name}}\n${more}`;

const policies = `
- {name: described, require: {description: true}}
- {name: tagged, require: {tags: [team]}}
- {name: leveled, require: {tags: [level]}}
- {name: named, match: {name: ^zz}}
- {name: rare, match: {name: ^yy}}
- {name: house, schema: house.json}
- {name: busy, limit: {firesPerMinute: 1}}
`;

const config = `
policies: policies.yaml
workflows: workflows
environments: {prod: {overlays: ov}}
defaults: {tags: {team: x}}
`;

const sound: Files = {
  'downbeat.yaml': config,
  'policies.yaml': policies,
  'house.json': '{"required": ["tags", "description", "runCatchupScheduleInstances"]}',
  'schedules/a.yaml': manifest('a', 'tags: {key: value}\n'),
  'schedules/sub/b.yaml': manifest('b', 'description: B.\ntags: {key: value}\n'),
  'schedules/sub/_defaults.yaml': 'tags: {level: low}\n',
  'schedules/c.yaml': manifest('c'),
  'ov/a.yaml': 'name: a\ndescription: A.\ntags: {level: high}\n',
  'ov/c.yaml': 'name: c\npaused: true\n',
  'workflows/other.json': '{"name": "other", "version": 1, "tasks": []}',
};

type Fault = {
  readonly files: Files;
  /** Schedules of which nothing can be said. */
  readonly affects?: readonly string[];
  /** Policies that cannot be used. */
  readonly policies?: readonly string[];
};

const latin1 = Buffer.from(manifest('c', 'description: Café\n'), 'latin1');
const all = ['a', 'b', 'c'];

const faults: { readonly [what: string]: Fault } = {
  'a manifest with an error': {
    files: { 'schedules/c.yaml': `${manifest('c')}colour: red\n` },
    affects: ['c'],
  },
  'a manifest that is not YAML': { files: { 'schedules/c.yaml': 'name: [' }, affects: ['c'] },
  'a manifest that is not UTF-8': { files: { 'schedules/c.yaml': latin1 }, affects: ['c'] },
  'a dead link': { files: { 'schedules/c.yaml': { link: 'gone.yaml' } }, affects: ['c'] },
  'a link out of the tree': {
    files: { 'beside/c.yaml': manifest('c'), 'schedules/c.yaml': { link: '../beside/c.yaml' } },
    affects: ['c'],
  },
  'an overlay that is not YAML': { files: { 'ov/a.yaml': 'description: [' }, affects: ['a', 'b'] },
  'an overlay that is not UTF-8': { files: { 'ov/a.yaml': latin1 }, affects: ['a', 'b'] },
  'an overlay without a name': { files: { 'ov/a.yaml': 'description: A.\n' }, affects: ['a', 'b'] },
  'an overlay for nothing': { files: { 'ov/a.yaml': 'name: aa\ndescription: A.\n' }, affects: ['a', 'b'] },
  'two overlays': { files: { 'ov/0.yaml': 'name: a\npaused: true\n' }, affects: ['a'] },
  'defaults that are not YAML': { files: { 'schedules/sub/_defaults.yaml': 'tags: [' }, affects: ['b'] },
  'defaults that are not UTF-8': { files: { 'schedules/sub/_defaults.yaml': latin1 }, affects: ['b'] },
  'defaults with an unknown key': { files: { 'schedules/sub/_defaults.yaml': 'tag: {}\n' }, affects: ['b'] },
  'two files of defaults': { files: { 'schedules/sub/_defaults.json': '{"zoneId": "UTC"}' }, affects: ['b'] },
  'defaults with an undefined variable': {
    files: { 'downbeat.yaml': config.replace('team: x', `team: "\${var.gone}"`) },
    affects: all,
  },
  'all manifests with an error': {
    files: Object.fromEntries(
      ['schedules/a.yaml', 'schedules/sub/b.yaml', 'schedules/c.yaml'].map((path) => [path, 'name: [']),
    ),
    affects: all,
  },
  'policies that are not YAML': { files: { 'policies.yaml': '- {' } },
  'policies that are missing': { files: { 'downbeat.yaml': config.replace('policies.', 'gone.') } },
  'a policy with an unknown key': {
    files: { 'policies.yaml': policies.replace('{name: ^yy}', '{names: ^yy}') },
    policies: ['rare'],
  },
  'a policy with a pattern that takes too long': {
    files: { 'policies.yaml': policies.replace('^yy', '"(?=y)"') },
    policies: ['rare'],
  },
  'a policy without its schema': {
    files: { 'policies.yaml': policies.replace('house.json', 'gone.json') },
    policies: ['house'],
  },
  'a configuration with an unknown key': { files: { 'downbeat.yaml': `${config}colour: red\n` } },
  'workflows that are missing': {
    files: {
      'downbeat.yaml': `${config.replace(': workflows', ': gone')}rules: {workflows-not-read: error}\n`,
    },
  },
  'a workflow that is not JSON': {
    files: { 'downbeat.yaml': `${config}rules: {workflows-not-read: error}\n`, 'workflows/more.json': '{' },
  },
  'a workflow that is missing': { files: { 'downbeat.yaml': `${config}rules: {no-workflow: error}\n` } },
};

const commands: {
  readonly [what: string]: { readonly line: readonly string[]; readonly result?: readonly string[] };
} = {
  validate: { line: ['validate'] },
  plan: { line: ['plan', '--server', 'URL'], result: ['changes', 'renames', 'deletes'] },
  apply: { line: ['apply', '-y', '--server', 'URL'], result: ['changes', 'renames', 'deletes'] },
  drift: { line: ['drift', '--server', 'URL'], result: ['drift'] },
  'drift --online': { line: ['drift', '--online', '--server', 'URL'], result: ['drift'] },
  'plan --base': { line: ['plan', '--base', 'HEAD'], result: ['settings', 'changes', 'renames', 'deletes'] },
};

const top = mkdtempSync(join(tmpdir(), 'downbeat-not-checked-'));
const scheduler = testScheduler({ acceptAnyWorkflow: true });
let served: Awaited<ReturnType<typeof serveLocal>>;
beforeAll(async () => {
  served = await serveLocal(scheduler);
});
afterAll(async () => {
  await served.close();
  rmSync(top, { recursive: true, force: true });
});

type Document = {
  readonly kind: string;
  readonly notChecked?: readonly string[];
  readonly problems: readonly { readonly code: string; readonly message: string }[];
};

async function said(cwd: string, line: readonly string[]): Promise<Document> {
  const heard = fakeIo({ cwd });
  const words = line.map((word) => (word === 'URL' ? served.url : word));
  const git = line.includes('--base') ? gitIn(cwd) : {};
  await main([...words, '--env', 'prod', '-o', 'json'], { ...heard.io, ...git });
  return JSON.parse(heard.out()) as Document;
}

function checkout(hasBase: boolean, over: Files = {}): string {
  const cwd = mkdtempSync(join(top, 'x-'));
  const repository = hasBase ? repositoryIn(cwd) : undefined;
  put(cwd, sound);
  repository?.commit();
  put(cwd, over);
  return cwd;
}

function put(cwd: string, files: Files): void {
  for (const [path, what] of Object.entries(files)) {
    const at = join(cwd, path);
    mkdirSync(dirname(at), { recursive: true });
    rmSync(at, { force: true });
    if (typeof what === 'string' || Buffer.isBuffer(what)) writeFileSync(at, what);
    else symlinkSync(what.link, at);
  }
}

/** `named c`, `busy` or `workflow c`, whoever has a breach of it. */
function verdicts({ problems }: Document): ReadonlySet<string> {
  return new Set(
    problems.flatMap(({ code, message }) => {
      const [, policy, schedule] = /^policy "(\w+)": (?:"(\w+)")?/.exec(message) ?? [];
      if (code.startsWith('policy-') && policy !== undefined)
        return [policy === 'busy' ? policy : `${policy} ${schedule}`];
      const [, workflow] = code === 'no-workflow' ? (/"wf_(\w+)"/.exec(message) ?? []) : [];
      return workflow === undefined ? [] : [`workflow ${workflow}`];
    }),
  );
}

function covers(word: string, { affects = [], policies: unusable = [] }: Fault, verdict: string): boolean {
  const [check = '', schedule = ''] = verdict.split(' ');
  const isWorkflow = check === 'workflow';
  switch (word) {
    case 'policies':
      return !isWorkflow;
    case 'policies-with-errors':
      return unusable.includes(check);
    case 'policies-of-invalid-manifests':
      return !isWorkflow && affects.includes(schedule);
    case 'policies-over-all':
      return check === 'busy';
    case 'workflows':
    case 'workflow-files-with-errors':
      return isWorkflow;
    case 'workflows-of-invalid-manifests':
      return isWorkflow && affects.includes(schedule);
    default:
      return false;
  }
}

describe.each(Object.entries(commands))('%s', (_what, { line, result }) => {
  const hasBase = line.includes('--base');
  let whole: ReadonlySet<string> = new Set();
  beforeAll(async () => {
    const document = await said(checkout(hasBase), line);
    expect(document).not.toHaveProperty('notChecked');
    whole = verdicts(document);
  });

  it.each(Object.entries(faults))('%s', async (_fault, fault) => {
    const document = await said(checkout(hasBase, fault.files), line);
    const { notChecked = [] } = document;
    const told = verdicts(document);
    const lost = [...whole].filter((one) => !told.has(one));
    const words = notChecked.filter((one) => /^(policies|workflow)/.test(one));
    expect({
      untrue: [...told].filter((one) => !whole.has(one)),
      unnamed: lost.filter((one) => !words.some((word) => covers(word, fault, one))),
      checked: words.filter((word) => !lost.some((one) => covers(word, fault, one))),
      notWhole: words.filter(
        (word) =>
          (word === 'policies' || word === 'workflows') && [...told].some((one) => covers(word, fault, one)),
      ),
      noResult: document.kind === 'failure' ? result?.filter((one) => !notChecked.includes(one)) : [],
    }).toEqual({ untrue: [], unnamed: [], checked: [], notWhole: [], noResult: [] });
  });
});
