import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { version } from '../../../src/argv/root.ts';
import { writeFile } from '../../../src/io/write-file.ts';
import { main } from '../../../src/main.ts';
import { fakeIo } from '../../support/io.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** What `init` writes is the input of this golden case, so it is known what a plan makes of it. */
const written = join(root, 'test/golden/plan/after-init/input');

const places: string[] = [];
afterEach(() => {
  for (const place of places.splice(0)) rmSync(place, { recursive: true });
});

function checkout(files: { readonly [path: string]: string } = {}): string {
  const place = mkdtempSync(join(tmpdir(), 'downbeat-init-'));
  places.push(place);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), text);
  }
  return place;
}

const git = {
  '.git/HEAD': 'ref: refs/heads/main\n',
  '.git/config': '[remote "origin"]\n\turl = git@github.com:acme/payments.git\n',
};

async function run(
  place: string,
  ...words: readonly string[]
): Promise<{ code: number; out: string; err: string }> {
  const { io, out, err } = fakeIo({ cwd: place });
  const code = await main(words, {
    ...io,
    writeFile: (path, ...how) => writeFile(join(place, path), ...how),
  });
  return { code, out: out(), err: err() };
}

function filesIn(place: string): readonly string[] {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(place.length + 1))
    .filter((path) => !path.startsWith('.git/'))
    .sort();
}

describe('init', () => {
  it.each(['github', 'gitlab'])('writes the files that the golden plan reads, for %s', async (kind) => {
    const place = checkout(git);
    expect(await run(place, 'init', '--ci', kind)).toMatchObject({ code: 0, err: '' });
    const files = filesIn(place);
    expect(files).toHaveLength(8);
    for (const path of files.filter((one) => !one.endsWith('.schema.json'))) {
      const text = readFileSync(join(place, path), 'utf8');
      const kept = join(written, path);
      if (process.env.UPDATE_GOLDEN === '1') {
        mkdirSync(dirname(kept), { recursive: true });
        writeFileSync(kept, text);
      } else expect(text).toBe(readFileSync(kept, 'utf8'));
    }
    for (const name of ['schedule', 'config', 'policies', 'defaults'])
      expect(JSON.parse(readFileSync(join(place, `.downbeat/${name}.schema.json`), 'utf8'))).toStrictEqual(
        JSON.parse(readFileSync(join(root, `schemas/${name}.schema.json`), 'utf8')),
      );
    expect(await run(place, 'validate', '--fail-on', 'warning')).toMatchObject({ code: 0 });
  });

  it('points editors at existing schemas', async () => {
    const place = checkout(git);
    await run(place, 'init');
    for (const path of ['downbeat.yaml', 'schedules/example.yaml']) {
      const schema = /^# yaml-language-server: \$schema=(\S+)/.exec(
        readFileSync(join(place, path), 'utf8'),
      )?.[1];
      expect(readFileSync(join(place, dirname(path), schema ?? 'nothing'), 'utf8')).toMatch(/"\$schema"/);
    }
  });

  it('never overwrites a file, and names those that it kept', async () => {
    const mine = 'owner: mine\n';
    const place = checkout({ ...git, 'downbeat.yaml': mine, '.github/workflows/drift.yml': mine });
    const { code, out } = await run(place, 'init');
    expect(code).toBe(0);
    expect(out).toMatch(/^kept {5}downbeat\.yaml/m);
    expect(out).toMatch(/^kept {5}\.github\/workflows\/drift\.yml/m);
    expect(out).toMatch(/^created {2}\.github\/workflows\/schedules\.yml$/m);
    expect(readFileSync(join(place, 'downbeat.yaml'), 'utf8')).toBe(mine);
    expect(readFileSync(join(place, '.github/workflows/drift.yml'), 'utf8')).toBe(mine);
    const before = filesIn(place).map((path) => readFileSync(join(place, path), 'utf8'));
    const again = await run(place, 'init');
    expect(again.out).not.toMatch(/created/);
    expect(filesIn(place).map((path) => readFileSync(join(place, path), 'utf8'))).toStrictEqual(before);
  });

  it('goes where the configuration that is there says, and watches all that it names', async () => {
    const place = checkout({
      ...git,
      'downbeat.yaml': `manifests: deploy/cron jobs
policies: team/policies.yaml
workflows: [deploy/workflows, settle.json]
calendars: {holidays: {file: cal/de.ics}}
environments: {staging: {overlays: over/staging}, production: {overlays: over/production}}
`,
      'team/policies.yaml': '[]\n',
      'deploy/workflows/a.json': '{}',
      'deploy/cron jobs/a.yaml': 'input: "${secret.FROM_MANIFEST}"\n',
      'over/staging/a.yaml': 'input: "${secret.FROM_OVERLAY}"\n',
    });
    expect(await run(place, 'init')).toMatchObject({ code: 0, err: '' });
    expect(filesIn(place).filter((path) => path.startsWith('schedules/'))).toStrictEqual([]);
    expect(filesIn(place)).not.toContain('deploy/cron jobs/example.yaml');
    const text = readFileSync(join(place, '.github/workflows/schedules.yml'), 'utf8');
    const { on } = parse(text) as { on: Record<string, { paths: readonly string[] }> };
    for (const event of ['pull_request', 'push'])
      expect(on[event]?.paths).toStrictEqual([
        'downbeat.yaml',
        'deploy/cron jobs/**',
        'team/policies.yaml',
        'over/staging/**',
        'over/production/**',
        'deploy/workflows/**',
        'settle.json',
        'cal/de.ics',
        '.github/workflows/schedules.yml',
      ]);
    for (const name of ['FROM_MANIFEST', 'FROM_OVERLAY']) expect(text).toContain(`  ${name}: `);
  });

  it('writes an example where the configuration has no manifests yet, and the secrets of those it has', async () => {
    const place = checkout({ ...git, 'downbeat.yaml': 'manifests: deploy/cron jobs\n' });
    const first = await run(place, 'init');
    const example = 'deploy/cron jobs/example.yaml';
    expect(readFileSync(join(place, example), 'utf8')).toContain(
      '$schema=../../.downbeat/schedule.schema.json\n',
    );
    expect(first.out).toContain(`then delete ${example}`);
    writeFileSync(join(place, example), 'input: "${secret.API_KEY}"\n');
    const { out } = await run(place, 'init');
    expect(out).toContain('As secrets of the repository, for the manifests: API_KEY.');
    expect(out).toContain('Check that .github/workflows/schedules.yml and .github/workflows/drift.yml hand');
    expect(out).not.toContain('then delete');
  });

  it('does not guess where a configuration with errors has the manifests', async () => {
    const place = checkout({ ...git, 'downbeat.yaml': 'manifest: deploy\n' });
    const { code, err } = await run(place, 'init');
    expect([code, err]).toStrictEqual([1, expect.stringContaining('did you mean "manifests"?')]);
    expect(filesIn(place)).toStrictEqual(['downbeat.yaml']);
  });

  it('says what YOUR_ORG is', async () => {
    const { err } = await run(checkout(git), 'init', '--action', 'YOUR_ORG/downbeat@v0');
    expect(err).toContain('YOUR_ORG stands for the organization or user on GitHub');
  });

  it.each([
    ['git@github.com:acme/payments.git', '.github/workflows/schedules.yml'],
    ['https://gitlab.acme.io/acme/payments.git', '.gitlab-ci.yml'],
    ['https://git.acme.io/acme/payments.git', '.github/workflows/schedules.yml'],
  ])('takes the pipeline from the remote %s', async (url, file) => {
    const place = checkout({ ...git, '.git/config': `[remote "origin"]\nurl = ${url}\n` });
    await run(place, 'init');
    expect(filesIn(place)).toContain(file);
    expect(readFileSync(join(place, 'downbeat.yaml'), 'utf8')).toMatch(/^owner: acme\/payments$/m);
  });

  it('writes no pipeline with --ci none, and asks for an unknown owner', async () => {
    const place = checkout();
    const { out } = await run(place, 'init', '--ci', 'none');
    expect(filesIn(place)).toStrictEqual([
      '.downbeat/config.schema.json',
      '.downbeat/defaults.schema.json',
      '.downbeat/policies.schema.json',
      '.downbeat/schedule.schema.json',
      'downbeat.yaml',
      'schedules/example.yaml',
    ]);
    expect(readFileSync(join(place, 'downbeat.yaml'), 'utf8')).toMatch(/^# owner: my-team$/m);
    expect(out).toMatch(/No owner found in a Git remote/);
    expect(await run(place, 'validate', '--fail-on', 'warning')).toMatchObject({ code: 0 });
  });

  it('refuses below the top of a checkout, where no pipeline would be found', async () => {
    const place = checkout({ ...git, 'deep/er/x': '' });
    const below = join(place, 'deep/er');
    expect(await run(below, 'init')).toMatchObject({ code: 1, out: '' });
    expect(readdirSync(below)).toStrictEqual(['x']);
    expect(await run(below, 'init', '--ci', 'none')).toMatchObject({ code: 0 });
  });

  it('names what it could not write', async () => {
    const place = checkout({ ...git, schedules: 'a file' });
    const { code, err } = await run(place, 'init');
    expect(code).toBe(1);
    expect(err).toMatch(/^error: schedules\/example\.yaml could not be written: /m);
  });

  it('for GitLab, a second time: does not include itself', async () => {
    const place = checkout(git);
    await run(place, 'init', '--ci', 'gitlab');
    const again = await run(place, 'init', '--ci', 'gitlab');
    expect(again.out).toContain('kept     .gitlab-ci.yml');
    expect(again.out).not.toContain('Include');
    writeFileSync(join(place, '.gitlab-ci.yml'), 'build: {script: make}\n');
    expect((await run(place, 'init', '--ci', 'gitlab')).out).toContain(
      'Include .gitlab/downbeat.yml in your',
    );
  });

  it('runs the npm package, by its name and exact version, and no Action but those of GitHub', async () => {
    const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const place = checkout(git);
    await run(place, 'init', '--ci', 'github');
    await run(place, 'init', '--ci', 'gitlab');
    const pipelines = filesIn(place).filter((path) => /\.yml$/.test(path));
    const text = pipelines.map((path) => readFileSync(join(place, path), 'utf8')).join('');
    const packages = [...text.matchAll(/npx --yes (\S+)/g)].map(([, reference]) => reference);
    expect(packages).toStrictEqual(Array(8).fill(`${name}@${version}`));
    const actions = new Set([...text.matchAll(/uses: (\S+)/g)].map(([, reference]) => reference));
    expect([...actions].filter((one) => !one?.startsWith('actions/'))).toStrictEqual([]);
  });

  it('runs the Action that --action names', async () => {
    const place = checkout(git);
    expect(await run(place, 'init', '--action', 'acme/downbeat@v1.2.3')).toMatchObject({ code: 0 });
    const text = ['schedules', 'drift']
      .map((file) => readFileSync(join(place, `.github/workflows/${file}.yml`), 'utf8'))
      .join('');
    expect(text.match(/uses: acme\/downbeat@v1\.2\.3$/gm)).toHaveLength(3);
    expect(text).not.toMatch(/npx|setup-node/);
  });

  it.each([
    ['YOUR_ORG/downbeat@v0'],
    ['acme/downbeat'],
    ['acme@v1'],
    ['-acme/downbeat@v1'],
    ['acme/downbeat@v1\n      - run: x'],
    ['acme/downbeat@v1 # x'],
    ['./acme@v1'],
  ])('refuses --action %j, which GitHub cannot have', async (action) => {
    const place = checkout(git);
    expect(await run(place, 'init', '--action', action)).toMatchObject({ code: 1, out: '' });
    expect(filesIn(place)).toStrictEqual([]);
  });

  it('hands over the secrets of existing manifests, and no others', async () => {
    const manifest =
      'input: {a: "${secret.ORDERS_KEY}", b: "x${secret.B_2}y", c: "$${secret.NOT_ONE}", d: "${secret.ORDERS_KEY}"}';
    for (const kind of ['github', 'gitlab', 'cron']) {
      const place = checkout({
        ...git,
        'schedules/a.yaml': manifest,
        'schedules/c.yaml': 'a: 1\n  # b: "${secret.NOT_ONE}"\n',
        'schedules/deep/b.json': '{"k": "${secret.C}"}',
      });
      await run(place, 'init', '--ci', kind);
      const texts = filesIn(place)
        .filter((path) => /drift\.yml|schedules\.yml|downbeat\.yml|nightly\.sh/.test(path))
        .map((path) => readFileSync(join(place, path), 'utf8'));
      expect(texts.length).toBeGreaterThan(0);
      for (const text of texts) {
        if (kind === 'github')
          for (const name of ['B_2', 'C', 'ORDERS_KEY'])
            expect(text).toContain(`\n  ${name}: \${{ secrets.${name} }}\n`);
        else expect(text).toContain('B_2, C, ORDERS_KEY');
        expect(text).not.toMatch(/NOT_ONE|EXAMPLE_API_KEY/);
      }
    }
  });

  it.each(['github', 'gitlab', 'cron'])(
    'writes environments into the configuration and the pipeline, for %s',
    async (kind) => {
      const place = checkout(git);
      const flags = [
        '--environment',
        'staging',
        '--environment',
        'production',
        '--server-type',
        'orkes-new',
        '--owner',
        'billing',
      ];
      const { code, out } = await run(place, 'init', '--ci', kind, ...flags);
      expect(code).toBe(0);
      expect(out).toMatch(/\n {2}downbeat plan --env staging +#.*\n$/);
      const config = parse(readFileSync(join(place, 'downbeat.yaml'), 'utf8')) as Record<string, unknown>;
      expect(config).toMatchObject({
        owner: 'billing',
        server: { type: 'orkes-new' },
        environments: { staging: {}, production: {} },
      });
      for (const env of ['staging', 'production'])
        expect(await run(place, 'validate', '--env', env, '--fail-on', 'warning')).toMatchObject({ code: 0 });
      if (kind === 'cron') return;
      const pipelines = filesIn(place).filter((path) => /\.yml$/.test(path) && path !== '.gitlab-ci.yml');
      expect(pipelines.length).toBeGreaterThan(0);
      for (const path of pipelines) {
        const text = readFileSync(join(place, path), 'utf8');
        expect(() => parse(text)).not.toThrow();
        for (const line of text.split('\n').filter((one) => one.includes('npx --yes')))
          expect(line).toContain(' --env ');
        expect(text).toContain('[staging, production]');
      }
      if (kind !== 'github') return;
      // Variables and secrets of an environment are known to its jobs only.
      const { env, jobs } = parse(readFileSync(join(place, '.github/workflows/schedules.yml'), 'utf8')) as {
        env?: unknown;
        jobs: Record<
          string,
          { environment: string; env: Record<string, string>; concurrency: { group: string } }
        >;
      };
      expect(env).toBeUndefined();
      for (const job of Object.values(jobs)) {
        expect(job.environment).toBe('${{ matrix.env }}');
        expect(job.env.CONDUCTOR_SERVER_URL).toBe('${{ vars.CONDUCTOR_SERVER_URL }}');
        expect(job.concurrency.group).toContain('${{ matrix.env }}');
      }
    },
  );

  it('writes a script for cron that prints only when there is something to read', async () => {
    const place = checkout(git);
    expect((await run(place, 'init', '--ci', 'cron')).code).toBe(0);
    const script = readFileSync(join(place, 'nightly.sh'), 'utf8');
    const fakes = join(place, 'bin');
    mkdirSync(fakes);
    mkdirSync(join(place, '.config/downbeat'), { recursive: true });
    writeFileSync(join(place, '.config/downbeat/server.env'), 'CONDUCTOR_SERVER_URL=http://here\n');
    writeFileSync(join(fakes, 'git'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(
      join(fakes, 'npx'),
      '#!/bin/sh\ncase "$*" in *audit*) printf %s "$FAKE_AUDIT"; exit "${FAKE_AUDIT:-0}" ;; esac\necho "$CONDUCTOR_SERVER_URL $*"; exit "$FAKE_CODE"\n',
      {
        mode: 0o755,
      },
    );
    const play = (code: number, audit = ''): { status: number | null; stdout: string; stderr: string } =>
      spawnSync('sh', ['nightly.sh'], {
        cwd: place,
        encoding: 'utf8',
        env: {
          PATH: `${fakes}:${process.env.PATH}`,
          HOME: place,
          FAKE_CODE: String(code),
          FAKE_AUDIT: audit,
        },
      });
    expect(script).toContain('chmod 600');
    expect(play(0)).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(play(2)).toMatchObject({ status: 0, stderr: '' });
    expect(play(2).stdout).toMatch(
      /^there are changes to apply:\nhttp:\/\/here --yes \S+ plan --detailed-exitcode\n$/,
    );
    expect(play(0, '2')).toMatchObject({ status: 0, stdout: 'runs were missed or failed:\n2', stderr: '' });
    expect(play(0, '1')).toMatchObject({ status: 1, stdout: 'the audit failed:\n1' });
    expect(play(3)).toMatchObject({ status: 3 });
    expect(play(3, '2').stdout).toContain('runs were missed');
    expect(play(1)).toMatchObject({ status: 1 });
  });

  it.each([
    ['--owner', 'a: b'],
    ['--environment', 'a b'],
    ['--environment', '${{ x }}'],
    ['--environment', '-x'],
  ])('refuses %s=%s, which cannot be written', async (flag, value) => {
    const place = checkout(git);
    expect(await run(place, 'init', `${flag}=${value}`)).toMatchObject({ code: 1, out: '' });
    expect(filesIn(place)).toStrictEqual([]);
  });

  describe('at a terminal', () => {
    /** Types these lines; after the last one nobody answers. */
    async function answering(place: string, lines: readonly string[], ...words: readonly string[]) {
      const { io, out, err } = fakeIo({ cwd: place, answer: '' });
      const left = [...lines];
      const questions: string[] = [];
      const code = await main(['init', ...words], {
        ...io,
        ask: async (question) => {
          questions.push(question);
          return left.shift();
        },
        writeFile: (path, ...how) => writeFile(join(place, path), ...how),
      });
      return { code, out: out(), err: err(), questions, left };
    }

    it('asks what it needs, again after an empty answer, and ends with three commands', async () => {
      const place = checkout(git);
      const lines = ['jenkins', 'GitLab', '', 'oss-2', 'a b, $', 'staging, production'];
      const { code, out, err, questions, left } = await answering(place, lines);
      expect([code, left]).toStrictEqual([0, []]);
      expect(questions.map((one) => one.replace(/ ?\(.*\)/, ''))).toStrictEqual([
        'CI [github]: ',
        'CI [github]: ',
        'Owner of these schedules, a team or repository [acme/payments]: ',
        'Server type [auto]: ',
        'Environments with servers of their own, as in staging, production [none]: ',
        'Environments with servers of their own, as in staging, production [none]: ',
      ]);
      expect(err).toBe(
        'Type one of github, gitlab, cron, none.\n"$" is not a name: use letters, digits, _ and -.\n',
      );
      const config = parse(readFileSync(join(place, 'downbeat.yaml'), 'utf8'));
      expect(config).toMatchObject({ owner: 'acme/payments', server: { type: 'oss-2' } });
      expect(filesIn(place)).toContain('.gitlab-ci.yml');
      expect(
        out
          .trimEnd()
          .split('\n')
          .slice(-3)
          .map((line) => line.trim().split('#')[0]?.trim()),
      ).toStrictEqual([
        'downbeat pull --unmanaged --env staging',
        'downbeat validate --env staging',
        'downbeat plan --env staging',
      ]);
    });

    it('takes Enter for the default, skips what a flag says, and asks nothing with --yes', async () => {
      const [one, other, third] = [checkout(git), checkout(git), checkout(git)];
      expect(await answering(one, ['', '', '', ''])).toMatchObject({ code: 0, left: [] });
      expect(await run(other, 'init')).toMatchObject({ code: 0 });
      const texts = (place: string): readonly string[] =>
        filesIn(place).map((path) => readFileSync(join(place, path), 'utf8'));
      expect(texts(one)).toStrictEqual(texts(other));
      expect((await answering(third, [], '--yes')).questions).toStrictEqual([]);
      const flags = ['--ci', 'none', '--owner', 'me', '--server-type', 'auto', '--environment', 'e'];
      expect(await answering(checkout(git), [], ...flags)).toMatchObject({ code: 0, questions: [] });
    });

    it('writes nothing without an answer', async () => {
      for (const lines of [[], ['github'], ['github', ''], ['github', '', '']]) {
        const place = checkout(git);
        expect(await answering(place, lines)).toMatchObject({ code: 1, out: '' });
        expect(filesIn(place)).toStrictEqual([]);
      }
    });

    it('does not ask what an existing configuration says', async () => {
      const place = checkout({ ...git, 'downbeat.yaml': 'owner: mine\n' });
      expect((await answering(place, ['github'])).questions).toHaveLength(1);
    });
  });

  it('refuses --action for another pipeline', async () => {
    const place = checkout(git);
    const { code, err } = await run(place, 'init', '--ci', 'gitlab', '--action', 'acme/downbeat@v1');
    expect(code).toBe(1);
    expect(err).toMatch(/--action is for a pipeline on GitHub, and this one is for gitlab/);
  });
});
