import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { type Bench, finding, node, planning, proven, type RowResult, withServer } from './bench.ts';
import { wireList, writeManifests } from './generate.ts';
import { type Command, measure } from './measure.ts';
import { findsNoChanges, prints } from './proofs.ts';

/** `validate` of 1,000 as a pre-commit hook runs it, one file changed, beside what it cannot do without. */
export async function preCommit(bench: Bench): Promise<RowResult> {
  const manifests = 'row-15';
  writeManifests(join(bench.folder, manifests), { count: 1000, tagEvery: 0 });
  const folder = join(bench.folder, manifests);
  const git = (...args: readonly string[]): void => {
    const who = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com'];
    execFileSync('git', [...who, ...args], { cwd: folder, stdio: 'ignore' });
  };
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'all');
  appendFileSync(join(folder, '000500.yaml'), 'paused: false\n');
  git('add', '.');
  const validate: Command = {
    label: 'validate 1000 in a pre-commit hook',
    program: { ...node(bench, [bench.cli, 'validate', '.']), folder },
    wrong: prints('1000 manifests'),
  };
  const version: Command = {
    label: '--version (row 15)',
    program: node(bench, [bench.cli, '--version']),
    wrong: prints(bench.version),
  };
  const parsing: Command = {
    label: 'parsing 1000, js-yaml',
    program: node(bench, [join(bench.programs, 'floors', 'js-yaml.cjs'), `${manifests}-parsed`]),
    wrong: prints('Read 1000.'),
  };
  // The floor reads every entry of a folder, .git too.
  writeManifests(join(bench.folder, `${manifests}-parsed`), { count: 1000, tagEvery: 0 });
  const samples = new Map(await measure([validate, version, parsing], bench.rounds));
  const both = '--version + parsing';
  const parsed = samples.get(parsing.label) ?? [];
  const started = samples.get(version.label) ?? [];
  samples.set(
    both,
    parsed.map((ms, round) => ms + (started[round] ?? Number.NaN)),
  );
  return { findings: [finding(15, samples, validate.label, both, 1.3)], samples };
}

/** The whole step of the Action beside the command that it runs: a plan of 200 without changes. */
export async function actionStep(bench: Bench): Promise<RowResult> {
  const fleet = { count: 200, tagEvery: 0 };
  const manifests = 'row-17';
  writeManifests(join(bench.folder, manifests), fleet);
  const root = dirname(dirname(bench.cli));
  const file = (name: string): string => {
    writeFileSync(join(bench.folder, name), name.endsWith('.json') ? '{}' : '');
    return join(bench.folder, name);
  };
  const env = {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_REPOSITORY: 'acme/payments',
    GITHUB_SHA: 'a'.repeat(40),
    GITHUB_REF: 'refs/heads/main',
    GITHUB_WORKSPACE: bench.folder,
    GITHUB_OUTPUT: file('row-17-output'),
    GITHUB_STEP_SUMMARY: file('row-17-summary'),
    GITHUB_EVENT_PATH: file('row-17.json'),
    ...defaultsOfInputs(join(root, 'action.yml')),
    INPUT_COMMAND: 'plan',
    INPUT_DIRECTORY: manifests,
    INPUT_TOKEN: '',
  };
  return withServer(bench, 'oss', async (server) => {
    const list = wireList(fleet, 'oss');
    const plan = { label: 'plan 200', program: planning(bench, manifests, server) };
    const [command] = await proven([plan], server, list);
    if (command === undefined) throw new Error('a plan to compare with');
    const step: Command = {
      label: 'plan of 200 by the Action',
      program: node(bench, [join(dirname(bench.cli), 'action.cjs')], {
        ...env,
        CONDUCTOR_SERVER_URL: server.url,
      }),
      server,
      wrong: (ran) =>
        findsNoChanges(ran) ??
        (readFileSync(env.GITHUB_OUTPUT, 'utf8').includes('digest')
          ? undefined
          : 'it should set its outputs'),
    };
    const samples = await measure([step, command], bench.rounds);
    return { findings: [finding(17, samples, step.label, command.label, 1.3)], samples };
  });
}

/** `INPUT_…` as the runner sets them where a workflow says nothing. */
function defaultsOfInputs(file: string): { readonly [name: string]: string } {
  const { inputs } = parse(readFileSync(file, 'utf8')) as {
    readonly inputs: { readonly [name: string]: { readonly default?: string } };
  };
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { default: value = '' }]) => [
      `INPUT_${name.toUpperCase()}`,
      String(value),
    ]),
  );
}
