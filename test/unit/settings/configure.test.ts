import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Options } from '../../../src/argv/program.ts';
import { masker } from '../../../src/masking/masker.ts';
import type { SettingSource } from '../../../src/model/generated/report-parts.ts';
import { load } from '../../../src/run/load-manifests.ts';
import { type Configured, configure } from '../../../src/settings/configure.ts';
import { trustOf } from '../../../src/settings/trust.ts';
import { fakeIo } from '../../support/io.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'downbeat-configure-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

interface Run {
  readonly files?: { readonly [path: string]: string };
  readonly options?: Options;
  readonly argument?: string;
  readonly env?: Readonly<Record<string, string>>;
}

function run({ files = {}, options = {}, argument, env = {} }: Run): {
  readonly outcome: ReturnType<typeof configure>;
  readonly io: ReturnType<typeof fakeIo>['io'];
} {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  const { io } = fakeIo({ cwd, env });
  const request = { command: 'plan', options, ...(argument === undefined ? {} : { argument }) } as const;
  return {
    outcome: configure(request, io, trustOf(options, io)),
    io,
  };
}

/** What loading takes of a run. */
function reading(io: ReturnType<typeof fakeIo>['io']) {
  return { files: io, env: io.env, now: io.now, masker: masker(), trust: trustOf({}, io) };
}

function settled(from: Run): Configured {
  const { outcome } = run(from);
  if (outcome.kind !== 'configured') throw new Error(JSON.stringify(outcome));
  return outcome.value;
}

function refusal(from: Run): string {
  const { outcome } = run(from);
  return outcome.kind === 'usage' ? `${outcome.usage.message} / ${outcome.usage.hint}` : outcome.kind;
}

const both = `
server: {url: https://top.example.com, type: oss-2}
manifests: defs
environments:
  staging: {server: {url: https://staging.example.com/api/}, overlays: over/staging, variables: {region: eu-1, batch: 100, on: false}}
  production: {server: {type: orkes-new}, overlays: over/production, variables: {zone: UTC}}
`;
const files = { 'downbeat.yaml': both };

test('nothing anywhere', () => {
  const { config, source } = settled({});
  expect(source).toBeUndefined();
  expect(config).toMatchObject({
    server: { type: 'auto' },
    directory: 'schedules',
    isWholeDirectory: true,
    prune: false,
    ignore: [],
    defaults: {},
    limits: {
      deletes: { kind: 'percent', percent: 30 },
      updates: { kind: 'none' },
      creates: { kind: 'none' },
      pauses: { kind: 'none' },
      firesPerDay: { kind: 'none' },
      firesPerMinute: { kind: 'none' },
    },
  });
  expect(config).not.toHaveProperty('owner');
  expect(config.server).not.toHaveProperty('url');
  expect(new Set([...config.sources.values()].map(({ kind }) => kind))).toEqual(new Set(['default']));
});

test('everything in the file', () => {
  const text = `owner: team/a
prune: true
ignore: [x]
defaults: {zoneId: UTC, tags: {a: b}}
limits: {deletes: 5, updates: 10%, creates: 7, pauses: 20%, firesPerDay: 9, firesPerMinute: none}
`;
  expect(settled({ files: { 'downbeat.yaml': text } }).config).toMatchObject({
    file: 'downbeat.yaml',
    owner: 'team/a',
    prune: true,
    ignore: ['x'],
    defaults: { zoneId: 'UTC', tags: { a: 'b' } },
    limits: {
      deletes: { kind: 'count', count: 5 },
      updates: { kind: 'percent', percent: 10 },
      creates: { kind: 'count', count: 7 },
      pauses: { kind: 'percent', percent: 20 },
      firesPerDay: { kind: 'count', count: 9 },
      firesPerMinute: { kind: 'none' },
    },
  });
});

describe('precedence', () => {
  const exported = { CONDUCTOR_SERVER_URL: ' https://exported.example.com/api ' };
  test.each<readonly [what: string, from: Run, url: string | undefined, source: SettingSource]>([
    ['file', { files }, 'https://top.example.com', at(2, 15)],
    [
      'environment of the file',
      { files, options: { env: 'staging' } },
      'https://staging.example.com/api/',
      at(5, 27),
    ],
    [
      'an environment without a server',
      { files, options: { env: 'production' } },
      'https://top.example.com',
      at(2, 15),
    ],
    ['exported over file', { files, env: exported }, 'https://exported.example.com/api', variable()],
    [
      'flag over exported',
      { files, env: exported, options: { server: 'http://flag' } },
      'http://flag',
      flag(),
    ],
    [
      'flag over a conflict',
      { files, env: exported, options: { server: 'http://flag', env: 'staging' } },
      'http://flag',
      flag(),
    ],
    [
      'exported where the environment has none',
      { files, env: exported, options: { env: 'production' } },
      'https://exported.example.com/api',
      variable(),
    ],
    ['an empty flag', { files, options: { server: '' } }, '', flag()],
    [
      'an empty exported one',
      { files, env: { CONDUCTOR_SERVER_URL: ' ' } },
      'https://top.example.com',
      at(2, 15),
    ],
  ])('%s', (_what, from, url, source) => {
    const { config } = settled(from);
    expect(config.server.url).toBe(url);
    expect(config.server).not.toHaveProperty('conflict');
    expect(config.sources.get('server.url')).toEqual(source);
  });

  function at(line: number, column: number): SettingSource {
    return { kind: 'file', file: 'downbeat.yaml', line, column };
  }
  function flag(): SettingSource {
    return { kind: 'flag', flag: '--server' };
  }
  function variable(): SettingSource {
    return { kind: 'environment', variable: 'CONDUCTOR_SERVER_URL' };
  }

  test.each([
    ['https://staging.example.com', undefined],
    ['https://STAGING.example.com:443/api//', undefined],
    ['https://user:pw@staging.example.com/api', undefined],
    ['http://staging.example.com', 'http://staging.example.com/api'],
    ['https://user:pw@production.example.com', 'https://production.example.com/api'],
  ])('--env staging with %s exported', (url, other) => {
    const { config } = settled({ files, options: { env: 'staging' }, env: { CONDUCTOR_SERVER_URL: url } });
    expect(config.server.conflict).toEqual(
      other === undefined ? undefined : { configured: 'https://staging.example.com/api', exported: other },
    );
  });

  test('serverType', () => {
    expect(settled({ files }).config.server.type).toBe('oss-2');
    expect(settled({ files, options: { env: 'production' } }).config.server.type).toBe('orkes-new');
    expect(settled({ files, options: { serverType: 'auto' } }).config.server.type).toBe('auto');
  });

  test.each<readonly [argument: string | undefined, directory: string, whole: boolean]>([
    [undefined, 'defs', true],
    ['defs', 'defs', true],
    ['./defs/', './defs/', true],
    ['defs/../defs', 'defs/../defs', true],
    ['defs/team', 'defs/team', false],
    ['schedules', 'schedules', false],
  ])('directory %s', (argument, directory, whole) => {
    const { config } = settled({ files, ...(argument === undefined ? {} : { argument }) });
    expect([config.directory, config.isWholeDirectory]).toEqual([directory, whole]);
  });
});

describe('paths in a file elsewhere', () => {
  test.each([
    ['infra/downbeat.yaml', 'infra/defs', 'infra/over/staging'],
    ['./downbeat.yml', 'defs', 'over/staging'],
    ['../x/y.yaml', '../x/defs', '../x/over/staging'],
  ])('%s', (path, directory, overlays) => {
    const { config, noManifests } = settled({
      files: { [path]: both },
      options: { config: path, env: 'staging' },
    });
    expect([config.directory, config.overlays]).toEqual([directory, overlays]);
    expect(noManifests).toContain(overlays);
    expect(noManifests).toContain(path);
    rmSync(join(cwd, path), { force: true });
  });

  test('an absolute one stays', () => {
    const { config } = settled({
      files: { 'a/d.yaml': 'manifests: /srv/defs\n' },
      options: { config: 'a/d.yaml' },
    });
    expect(config.directory).toBe('/srv/defs');
  });
});

describe('variables', () => {
  const values = (typed: readonly string[], env?: string) => [
    ...settled({ files, options: { var: typed, ...(env === undefined ? {} : { env }) } }).config.variables,
  ];

  test('of the environment, then what is typed', () => {
    expect(values([], 'staging')).toEqual([
      ['region', 'eu-1'],
      ['batch', 100],
      ['on', false],
    ]);
    expect(values(['region=x=y', 'batch=12345678901234567890', 'on=true', 'new=1'], 'staging')).toEqual([
      ['region', 'x=y'],
      ['batch', 12345678901234567890n],
      ['on', true],
      ['new', '1'],
    ]);
    expect(values(['batch=', 'a=007'])).toEqual([
      ['batch', ''],
      ['a', '007'],
    ]);
  });

  test('where they come from', () => {
    const { config } = settled({ files, options: { env: 'staging', var: ['batch=5'] } });
    expect(config.sources.get('variables.batch')).toEqual({ kind: 'flag', flag: '--var' });
    expect(config.sources.get('variables.region')).toMatchObject({ kind: 'file', line: 5 });
  });

  test('names the other environments that have one', () => {
    expect([...settled({ files }).elsewhere]).toEqual([
      ['region', ['staging']],
      ['batch', ['staging']],
      ['on', ['staging']],
      ['zone', ['production']],
    ]);
  });

  test.each([
    ['region', /"region" is not NAME=VALUE/],
    ['=x', /not NAME=VALUE/],
    ['a b=x', /not NAME=VALUE/],
    ['batch=x', /batch must be a number/],
    ['batch=true', /batch must be a number/],
    ['on=yes', /on must be true or false/],
  ])('--var %s is refused', (typed, words) => {
    expect(refusal({ files, options: { env: 'staging', var: [typed] } })).toMatch(words);
  });

  test('a duplicate is refused', () => {
    expect(refusal({ files, options: { var: ['a=1', 'a=2'] } })).toMatch(/duplicate --var a/);
  });
});

describe('what cannot be used', () => {
  test.each<readonly [what: string, from: Run, words: RegExp]>([
    [
      'an unknown environment',
      { files, options: { env: 'stagin' } },
      /environment "stagin" not found in downbeat.yaml \/ did you mean "staging"\?/,
    ],
    ['one like none', { files, options: { env: 'x' } }, /there are "staging", "production"/],
    [
      'one of the prototype',
      { files, options: { env: 'constructor' } },
      /environment "constructor" not found/,
    ],
    [
      'an environment without a file',
      { options: { env: 'staging' } },
      /environment "staging" not found: there is no downbeat.yaml/,
    ],
    ['a file that is not there', { options: { config: 'x.yaml' } }, /file "x.yaml" not found/],
    ['a directory for a file', { files: { 'x/y': '' }, options: { config: 'x' } }, /x cannot be read/],
  ])('%s', (_what, from, words) => {
    expect(refusal(from)).toMatch(words);
  });

  test.each<readonly [url: string, code: string, line: number | undefined]>([
    ['ftp://a', 'bad-server-url', 1],
    ['a', 'bad-server-url', 1],
    ['https://u:hunter2@a', 'credentials-in-config', undefined],
    ['ftp://u:hunter2@a', 'bad-server-url', undefined],
    ['https://a?token=hunter2', 'bad-server-url', undefined],
  ])('the URL %s, in any environment', (url, code, line) => {
    for (const text of [`server: {url: "${url}"}\n`, `environments: {x: {server: {url: "${url}"}}}\n`]) {
      const { outcome } = run({ files: { 'downbeat.yaml': text } });
      if (outcome.kind !== 'broken') throw new Error(outcome.kind);
      expect(outcome.problems.map(({ diagnostic, at }) => [diagnostic.code, at?.line])).toEqual([
        [code, line],
      ]);
      expect(JSON.stringify(outcome.problems)).not.toContain('hunter2');
    }
  });
});

describe('what is loaded', () => {
  const manifest = (name: string, more = ''): string =>
    `{name: ${name}, cronExpression: "@daily", startWorkflowRequest: {name: w, input: {k: "\${secret.K}"}}${more}}\n`;

  test('excludes configuration and overlays below the directory', async () => {
    const text = `manifests: .
environments: {staging: {overlays: ./over/staging}, production: {overlays: over/production}}
`;
    const { outcome, io } = run({
      files: {
        'conf.yaml': text,
        'downbeat.yaml': 'owner: x\n',
        'a.yaml': manifest('a'),
        'b/staging/b.yaml': manifest('b'),
        'over/staging/a.yaml': 'name: a\ndescription: staged\n',
        'over/production/a.yaml': 'name: a\ndescription: produced\n',
      },
      options: { config: 'conf.yaml', env: 'staging' },
      env: { K: 'secret-value', OTHER: 'x' },
    });
    if (outcome.kind !== 'configured') throw new Error(outcome.kind);
    const context = reading(io);
    const loaded = await load(context, outcome.value, { allowEmpty: false, missingSecrets: 'error' });
    expect(loaded.problems).toEqual([]);
    expect(loaded.desired.map(({ schedule }) => [schedule.name, schedule.description])).toEqual([
      ['a', 'staged'],
      ['b', undefined],
    ]);
    expect(context.masker.hide('a secret-value of x')).toBe('a *** of x');
    expect(loaded.files).toBe(2);
  });

  test('excludes nothing if the directory of overlays is missing', async () => {
    const { outcome, io } = run({
      files: { ...files, 'defs/a.yaml': manifest('a') },
      options: { env: 'staging' },
    });
    if (outcome.kind !== 'configured') throw new Error(outcome.kind);
    const loaded = await load(reading(io), outcome.value, { allowEmpty: false, missingSecrets: 'opaque' });
    expect(loaded.broken).toBe(true);
    expect(loaded.problems.map(({ diagnostic }) => diagnostic)).toMatchObject([
      { code: 'no-overlays', args: { path: 'over/staging' } },
    ]);
  });
});

describe('the nearest configuration', () => {
  /** The case's own folder is the top of a checkout; the command runs in `at`. */
  function below(
    at: string,
    files: Run['files'] = {},
    more: { readonly options?: Options; readonly argument?: string } = {},
  ): Configured {
    mkdirSync(join(cwd, '.git'), { recursive: true });
    mkdirSync(join(cwd, at), { recursive: true });
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    }
    const { io } = fakeIo({ cwd: join(cwd, at), top: cwd });
    const { options = {}, argument } = more;
    const request = { command: 'plan', options, ...(argument === undefined ? {} : { argument }) } as const;
    const outcome = configure(request, io, trustOf(options, io));
    if (outcome.kind !== 'configured') throw new Error(JSON.stringify(outcome));
    return outcome.value;
  }

  test('is found in a folder above, and its paths, the default too, are relative to it', () => {
    const { config } = below('schedules/team', { 'downbeat.yaml': 'owner: us\n' });
    expect(config).toMatchObject({
      file: '../../downbeat.yaml',
      owner: 'us',
      directory: '../../schedules',
      isWholeDirectory: true,
    });
    const overlays = 'environments: {e: {overlays: over}}\nmanifests: defs\n';
    expect(below('a', { 'downbeat.yaml': overlays }, { options: { env: 'e' } }).config).toMatchObject({
      directory: '../defs',
      overlays: '../over',
    });
  });

  test('wins over one further above', () => {
    const files = { 'downbeat.yaml': 'owner: top\n', 'team/downbeat.yaml': 'owner: team\n' };
    expect(below('team/deep', files).config).toMatchObject({
      file: '../downbeat.yaml',
      owner: 'team',
      directory: '../schedules',
    });
  });

  test('is not searched for above the top of the checkout; its absence is known', () => {
    const { config, source } = below('repo/deep', { 'downbeat.yaml': 'owner: us\n', 'repo/.git/HEAD': '' });
    expect(source).toBeUndefined();
    expect(config).toMatchObject({ directory: 'schedules', isUnconfigured: true });
    expect(config).not.toHaveProperty('owner');
  });

  test('the configured directory by another path still counts as complete', () => {
    const files = { 'downbeat.yaml': 'owner: us\n', 'schedules/a.yaml': '' };
    expect(below('schedules', files, { argument: '.' }).config).toMatchObject({
      directory: '.',
      isWholeDirectory: true,
    });
    expect(below('schedules/deep', files, { argument: '.' }).config.isWholeDirectory).toBe(false);
  });

  test('--config brings its own folder along, for the default directory too', () => {
    const { config } = below(
      '',
      { 'infra/downbeat.yaml': 'owner: us\n' },
      {
        options: { config: 'infra/downbeat.yaml' },
      },
    );
    expect(config).toMatchObject({ directory: 'infra/schedules', isWholeDirectory: true });
  });
});

describe('for one run', () => {
  const text = { 'downbeat.yaml': 'owner: us\nprune: true\n' };

  test('--no-prune', () => {
    expect(settled({ files: text, options: { noPrune: true } }).config.prune).toBe(false);
    expect(settled({ files: text }).config.prune).toBe(true);
  });

  test('--owner', () => {
    const { config } = settled({ files: text, options: { owner: 'team/b' } });
    expect(config.owner).toBe('team/b');
    expect(config.sources.get('owner')).toEqual({ kind: 'flag', flag: '--owner' });
    expect(settled({ options: { owner: 'b' } }).config.owner).toBe('b');
  });

  test.each(['', 'a b', 'a; protected', 'a]', '-x'])('--owner %j is refused', (owner) => {
    expect(refusal({ options: { owner } })).toMatch(/is not a valid owner \/ letters, digits/);
  });
});
