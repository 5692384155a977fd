import type { Io } from '../io/io.ts';
import { loadManifests } from '../manifest/load.ts';
import type { Scope } from '../manifest/substitute.ts';
import { type Diagnostic, type LocatedDiagnostic, problem } from '../model/diagnostic.ts';
import type { DesiredSchedule } from '../model/schedule.ts';
import type { Configured } from './configure.ts';
import { isStrangers } from './settings.ts';

export interface Loaded {
  readonly desired: readonly DesiredSchedule[];
  readonly problems: readonly LocatedDiagnostic[];
  readonly files: number;
  /** Any error: then nothing may be compared or written. */
  readonly broken: boolean;
  /** The values of all secrets that the manifests name and that are defined here: for masking what servers say. */
  readonly secretValues: readonly string[];
}

export interface LoadRules {
  readonly allowEmpty: boolean;
  readonly missingSecrets: Scope['missingSecrets'];
}

const endings: readonly string[] = ['.yaml', '.yml', '.json'];

/** Reads and resolves the directory of manifests. That there is nothing in it is an error unless it is allowed. */
export function load(io: Io, configured: Configured, { allowEmpty, missingSecrets }: LoadRules): Loaded {
  const { config, variables, elsewhere, source, origin } = configured;
  const { directory } = config;
  const tree = io.readTree(directory, endings, configured.noManifests);
  if (tree.kind === 'missing') return broken(problem('no-directory', { path: directory }, fileAt(directory)));
  if (tree.kind === 'not-a-directory')
    return broken(problem('not-a-directory', { path: directory }, fileAt(directory)));
  const overlays = config.overlays === undefined ? undefined : io.readTree(config.overlays, endings);
  if (overlays !== undefined && overlays.kind !== 'read') return broken(noOverlays(config.overlays ?? ''));

  const { desired, diagnostics } = loadManifests(tree.files, {
    overlays: overlays?.files ?? [],
    ...(Object.keys(config.defaults).length === 0 ? {} : { defaults: { value: config.defaults, origin } }),
    ignore: config.ignore,
    hasOwner: config.owner !== undefined,
    scope: { variables, elsewhere, env: io.env, missingSecrets, strangers: isStrangers(io.env) },
    ...(source === undefined ? {} : { config: source }),
  });
  const problems: LocatedDiagnostic[] = [
    ...[...tree.unreadable, ...(overlays?.unreadable ?? [])].map(({ path, why }) =>
      atFile(problem('unreadable', { path, why }, fileAt(path))),
    ),
    ...diagnostics,
  ];
  const failed = problems.some(({ diagnostic }) => diagnostic.severity === 'error');
  if (!failed && desired.length === 0 && !allowEmpty) {
    return broken(problem('no-manifests', { path: directory }, fileAt(directory)));
  }
  return {
    desired,
    problems,
    files: tree.files.length,
    broken: failed,
    secretValues: valuesOf(desired, io.env),
  };
}

function valuesOf(desired: readonly DesiredSchedule[], env: Io['env']): readonly string[] {
  const names = new Set(desired.flatMap(({ secrets = [] }) => secrets.flatMap((secret) => secret.names)));
  return [...names].flatMap((name) => (Object.hasOwn(env, name) ? env[name] || [] : []));
}

function noOverlays(path: string): Diagnostic {
  return problem('no-overlays', { path }, fileAt(path));
}

function broken(diagnostic: Diagnostic): Loaded {
  return { desired: [], problems: [atFile(diagnostic)], files: 0, broken: true, secretValues: [] };
}

function fileAt(file: string): Diagnostic['place'] {
  return { kind: 'file', file };
}

function atFile(diagnostic: Diagnostic): LocatedDiagnostic {
  return diagnostic.place.kind === 'file'
    ? { diagnostic, at: { file: diagnostic.place.file } }
    : { diagnostic };
}

/** A problem of the two sides together has no place in a file. */
export function placed(diagnostics: readonly Diagnostic[]): readonly LocatedDiagnostic[] {
  return diagnostics.map(atFile);
}
