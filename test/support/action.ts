import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { JsonObject } from '../../src/model/json.ts';
import { type LocalGithub, localRepository, localToken } from './github.ts';
import { countedEnvironment, countsProcesses, keepForCoverage } from './process-coverage.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The Action as it is released: built into a folder of its own, with `action.yml`. */
export interface BuiltAction {
  readonly folder: string;
  remove(): void;
}

export async function buildAction(): Promise<BuiltAction> {
  const folder = mkdtempSync(join(tmpdir(), 'downbeat-action-'));
  await new Promise<void>((resolve, reject) => {
    const into = join(folder, 'dist');
    execFile(
      process.execPath,
      ['scripts/build.mjs', '--action-into', into, ...(countsProcesses ? ['--source-map'] : [])],
      { cwd: root },
      (error, _out, err) => (error === null ? resolve() : reject(new Error(err))),
    );
  });
  keepForCoverage(join(folder, 'dist', 'action.cjs'));
  writeFileSync(join(folder, 'action.yml'), readFileSync(join(root, 'action.yml')));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A checkout; paths below it. */
export interface Workspace {
  readonly folder: string;
  write(files: { readonly [path: string]: string }): void;
  remove(): void;
}

export function workspace(files: { readonly [path: string]: string }): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'downbeat-workspace-'));
  const write: Workspace['write'] = (all) => {
    for (const [path, text] of Object.entries(all)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  };
  write(files);
  return { folder, write, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface StepRun {
  readonly event: string;
  readonly payload?: JsonObject;
  readonly inputs?: { readonly [name: string]: string };
  readonly env?: { readonly [name: string]: string };
  readonly sha?: string;
  /** Absent = a branch, but for pull requests. */
  readonly ref?: string;
  /** The newest commit of `main`; absent = the one that the run is of. */
  readonly tip?: string;
}

export interface StepEnd {
  readonly code: number;
  /** stdout and stderr, as the log has them. */
  readonly log: string;
  readonly outputs: { readonly [name: string]: string };
  readonly summary: string;
}

/**
 * Runs the built Action as the runner does: a process of its own in the checkout, inputs with the defaults of
 * `action.yml` as `INPUT_…`, the event in a file, empty files for outputs and summary, and nothing else of ours in its
 * environment.
 */
export async function runStep(
  action: BuiltAction,
  { folder }: Workspace,
  github: LocalGithub,
  { event, payload = {}, inputs = {}, env = {}, sha = 'a'.repeat(40), ref, tip }: StepRun,
): Promise<StepEnd> {
  github.branches.set('main', tip ?? sha);
  const files = mkdtempSync(join(tmpdir(), 'downbeat-runner-'));
  const file = (name: string, text = ''): string => {
    writeFileSync(join(files, name), text);
    return join(files, name);
  };
  const paths = {
    GITHUB_OUTPUT: file('output'),
    GITHUB_STEP_SUMMARY: file('summary'),
    GITHUB_EVENT_PATH: file('event.json', JSON.stringify(payload)),
  };
  const { code, log } = await new Promise<{ code: number; log: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [join(action.folder, 'dist', 'action.cjs')],
      {
        cwd: folder,
        env: {
          PATH: process.env.PATH,
          CI: 'true',
          GITHUB_ACTIONS: 'true',
          GITHUB_EVENT_NAME: event,
          GITHUB_REPOSITORY: localRepository,
          GITHUB_SHA: sha,
          GITHUB_REF: ref ?? (event.startsWith('pull_request') ? 'refs/pull/7/merge' : 'refs/heads/main'),
          GITHUB_WORKSPACE: folder,
          GITHUB_ACTOR: 'ann',
          GITHUB_API_URL: github.url,
          GITHUB_GRAPHQL_URL: `${github.url}/graphql`,
          ...paths,
          ...inputVariables(action, inputs),
          ...env,
          ...countedEnvironment,
        },
      },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), log: out + err }),
    );
    child.stdin?.end();
  });
  const end = {
    code,
    log,
    outputs: readOutputs(readFileSync(paths.GITHUB_OUTPUT, 'utf8')),
    summary: readFileSync(paths.GITHUB_STEP_SUMMARY, 'utf8'),
  };
  rmSync(files, { recursive: true });
  return end;
}

function inputVariables(
  { folder }: BuiltAction,
  given: { readonly [name: string]: string },
): { readonly [name: string]: string } {
  const { inputs } = parse(readFileSync(join(folder, 'action.yml'), 'utf8')) as {
    inputs: { readonly [name: string]: { readonly default?: string } };
  };
  const defaults = Object.entries(inputs).map(([name, { default: value = '' }]) => [
    name,
    value.replace('$' + '{{ github.token }}', localToken),
  ]);
  return Object.fromEntries(
    Object.entries({ ...Object.fromEntries(defaults), ...given }).map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      String(value),
    ]),
  );
}

/** The runner's own way to read the file: line by line, each value to its delimiter (actions/runner, FileCommandManager). */
export function readOutputs(text: string): { readonly [name: string]: string } {
  const lines = text.split('\n');
  const outputs: [string, string][] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const heredoc = line.indexOf('<<');
    const equals = line.indexOf('=');
    if (heredoc >= 0 && (equals < 0 || heredoc < equals)) {
      const end = lines.indexOf(line.slice(heredoc + 2), at + 1);
      if (end < 0) throw new Error('no end of the value');
      outputs.push([line.slice(0, heredoc), lines.slice(at + 1, end).join('\n')]);
      at = end;
    } else if (equals >= 0) outputs.push([line.slice(0, equals), line.slice(equals + 1)]);
    else throw new Error(`a line that is no output: ${line}`);
  }
  return Object.fromEntries(outputs);
}

/** The part of a `pull_request` payload that matters. */
export function pullRequest(number: number, head: string | null = localRepository): JsonObject {
  return {
    action: 'synchronize',
    number,
    pull_request: {
      number,
      head: { sha: 'b'.repeat(40), repo: head === null ? null : { full_name: head } },
      base: { ref: 'main', repo: { full_name: localRepository } },
    },
  };
}
