import type { TreeRead } from '../io/io.ts';
import { type LoadOptions, loadManifests, type Loaded as Resolved } from '../manifest/desired.ts';
import type { ManifestSource } from '../manifest/edit/pull-edits.ts';
import { type Finder, finderIn, locate } from '../manifest/read/locate.ts';
import type { SourceFile } from '../manifest/read/source.ts';
import { folderDefaultsNames, isFolderDefaults } from '../manifest/resolve/folder-defaults.ts';
import type { Scope } from '../manifest/resolve/substitute.ts';
import type { JsonObject } from '../model/json.ts';
import { present } from '../model/present.ts';
import type { DesiredSchedule } from '../model/schedule.ts';
import type { RuleSettings } from '../model/severity.ts';
import { bySettings, isRule, ruleCodes, severityOf } from '../problems/codes.ts';
import { type Diagnostic, type LocatedDiagnostic, problem } from '../problems/diagnostic.ts';
import type { Configured } from '../settings/configure.ts';
import { pathBelow } from '../settings/paths.ts';
import { manifestEndings } from '../settings/usual-inputs.ts';
import type { Files, Run } from './run.ts';
import { secretsNamedIn, valuesOf } from './secret-values.ts';
import { teamCalendars } from './team/team-calendars.ts';
import { aboutPolicies, type TeamPolicies, teamPoliciesOf } from './team-policies.ts';

export interface Loaded {
  readonly desired: readonly DesiredSchedule[];
  /** Manifests that are not among them for their errors; a file that cannot be read counts as one. */
  readonly withErrors: number;
  /** The directory, or something in it, could not be read. */
  readonly hasUnread: boolean;
  /** See `loadManifests`. */
  readonly isDoubtful: Resolved['isDoubtful'];
  readonly problems: readonly LocatedDiagnostic[];
  readonly files: number;
  /** Of these files, from the directory on. */
  readonly paths: () => readonly string[];
  /** Manifests in the directory that were not read: as long as there are any, no schedule is known to be without one. */
  readonly isIncomplete: boolean;
  /** Any error: then nothing may be compared or written. */
  readonly broken: boolean;
  /** For problems that are found later: see `loadManifests`. */
  readonly settle: Resolved['settle'];
  /** What the team demands; absent = the configuration has no policies. */
  readonly policies?: TeamPolicies;
  /** Of each desired schedule, in their order: its manifest with everything filled in; only with `policies`. */
  readonly fields?: readonly JsonObject[];
  /** Where values come from that no manifest has: see `loadManifests`. */
  readonly sourcesOf: Resolved['sourcesOf'];
  /** Comments that allow a rule or a policy: see `loadManifests`. */
  readonly allowances: Resolved['allowances'];
  /** Comments that allow a policy and allowed nothing so far. */
  readonly unusedAllowances: Resolved['unusedAllowances'];
  /** How it was all written; only with `keepSources`. */
  readonly written?: Written;
}

/** A directory of manifests as it was read. */
export interface Written {
  readonly files: readonly SourceFile[];
  /** Of each desired schedule, in their order. */
  readonly sources: readonly ManifestSource[];
  /** Places in manifests, overlays and the configuration. */
  readonly find: Finder;
  /** What other files would come to, with the same overlays, variables and defaults. */
  readonly resolve: (files: readonly SourceFile[]) => Resolved;
  /** Which rules, by their configured severity an error, other files would break. */
  readonly rulesBroken: (files: readonly SourceFile[]) => readonly LocatedDiagnostic[];
}

export interface LoadRules {
  readonly allowEmpty: boolean;
  readonly missingSecrets: Scope['missingSecrets'];
  /** A directory that is not there counts as empty. */
  readonly allowMissing?: boolean;
  readonly keepSources?: boolean;
  /** Secrets of any name, also of such as the configuration does not allow yet. */
  readonly anySecret?: boolean;
  /** Manifests that break a rule are warned of and count, whatever the configuration says of the rule. */
  readonly rulesWarn?: boolean;
  /** Look for fires that changes of the clock skip or double. */
  readonly clockChanges?: boolean;
  /** See `LoadOptions.parseFile`. */
  readonly parseFile?: LoadOptions['parseFile'];
}

/** What of a run reading takes. */
type Reading = Pick<Run, 'env' | 'now' | 'tz' | 'masker' | 'trust'> & {
  readonly files: Pick<Files, 'readTree' | 'readFile'>;
};

/** Reads and resolves the directory of manifests. That there is nothing in it is an error unless it is allowed. */
export async function load(
  { files, env, now, tz, masker, trust }: Reading,
  configured: Configured,
  rules: LoadRules,
): Promise<Loaded> {
  const {
    allowEmpty,
    missingSecrets,
    allowMissing = false,
    keepSources = false,
    clockChanges = false,
    anySecret = false,
    rulesWarn = false,
    parseFile,
  } = rules;
  const { config, variables, elsewhere, source } = configured;
  const { directory } = config;
  const allow = anySecret ? { env: config.allow.env } : config.allow;
  const there = files.readTree(directory, manifestEndings, configured.noManifests);
  const tree =
    there.kind === 'missing' && allowMissing
      ? ({ kind: 'read', files: [], unreadable: [], unread: [], hidden: [] } as const)
      : there;
  const isDefault = config.sources.get('manifests')?.kind === 'default';
  const unconfigured = present({ isUnconfigured: isDefault ? config.isUnconfigured : undefined });
  if (tree.kind === 'missing')
    return broken(problem('no-directory', { path: directory, ...unconfigured }, fileAt(directory)));
  if (tree.kind === 'not-a-directory')
    return broken(problem('not-a-directory', { path: directory }, fileAt(directory)));
  const overlays =
    config.overlays === undefined ? undefined : files.readTree(config.overlays, manifestEndings, [], 'name');
  if (overlays !== undefined && overlays.kind !== 'read') return broken(noOverlays(config.overlays ?? ''));

  const policies = await teamPoliciesOf(files, config);
  const { calendars, diagnostics: aboutCalendars } = await teamCalendars(
    files,
    config,
    configured.origin,
    now(),
  );
  const { defaultsAbove, unreadAbove } = readDefaultsAbove(files, config);
  const notRead = pathsUnread(tree);
  const aside = [source, policies?.source, ...defaultsAbove].filter((file) => file !== undefined);
  const read = [...tree.files, ...(overlays?.files ?? []), ...aside];
  masker.learnLater(() => [...secretsNamedIn(read, env), ...valuesOf(config.allow.secrets ?? [], env)]);
  const options: LoadOptions = {
    overlays: overlays?.files ?? [],
    defaults: configured.defaults,
    defaultsAbove,
    isPartial: notRead.length > 0,
    unreadDefaults: [...notRead, ...unreadAbove.map(({ path }) => path)],
    hasUnreadOverlays: overlays !== undefined && pathsUnread(overlays).length > 0,
    ignore: config.ignore,
    hasOwner: config.owner !== undefined,
    now: now(),
    clockChanges,
    rules: config.rules,
    scope: { variables, elsewhere, env, allow, missingSecrets, strangers: !trust.readsEnvironment },
    calendars,
    ...present({ config: source, policies: policies?.names, presets: configured.presets, tz, parseFile }),
    keepSources,
  };
  const {
    desired,
    withErrors,
    isDoubtful,
    diagnostics,
    settle,
    sources,
    fields,
    sourcesOf,
    allowances,
    unusedAllowances,
  } = loadManifests(tree.files, rulesWarn ? { ...options, rules: asWarnings(config.rules) } : options);
  // Written with escapes, a reference is none to a search of the text.
  for (const value of valuesOf(
    desired.flatMap(({ secrets = [] }) => secrets.flatMap(({ names }) => names)),
    env,
  ))
    masker.learn(value);
  const hidden = [...tree.hidden, ...(overlays?.hidden ?? [])];
  const problems: LocatedDiagnostic[] = [
    ...[...tree.unreadable, ...(overlays?.unreadable ?? []), ...unreadAbove].map(({ path, why }) =>
      atFile(problem('unreadable', { path, why }, fileAt(path))),
    ),
    ...[...tree.unread, ...(overlays?.unread ?? [])].map(({ path, fault }) =>
      atFile(problem('not-read', { path, fault }, fileAt(path))),
    ),
    ...hidden.map(({ path, manifests }) =>
      atFile(problem('hidden-manifests', { path, manifests }, fileAt(path))),
    ),
    ...(policies === undefined ? [] : aboutPolicies(policies, policies.diagnostics)),
    ...locate(bySettings(aboutCalendars, config.rules), finderIn(aside)),
    ...diagnostics,
  ];
  const failed = problems.some(({ diagnostic }) => diagnostic.severity === 'error');
  if (!failed && desired.length === 0 && !allowEmpty) {
    return broken(problem('no-manifests', { path: directory }, fileAt(directory)));
  }
  const own = tree.files.filter((file) => !isFolderDefaults(file));
  const lost = notRead.filter(isManifestName);
  return {
    desired,
    withErrors: withErrors + lost.length,
    hasUnread: notRead.length > 0,
    isDoubtful,
    problems,
    files: own.length + lost.length,
    paths: () => own.map(({ path }) => pathBelow(directory, path)),
    isIncomplete: hidden.length > 0,
    broken: failed,
    settle,
    sourcesOf,
    allowances,
    unusedAllowances,
    ...present({ policies, fields }),
    ...(sources === undefined
      ? {}
      : {
          written: {
            files: tree.files,
            sources,
            find: finderIn(read),
            // What a server has may break rules that are a matter of judgement.
            resolve: (files) => loadManifests(files, { ...options, rules: { all: 'off' } }),
            rulesBroken: (files) =>
              loadManifests(files, options).diagnostics.filter(
                ({ diagnostic: { code, severity } }) => severity === 'error' && isRule(code),
              ),
          },
        }),
  };
}

function pathsUnread({
  unreadable,
  unread,
}: Pick<Extract<TreeRead, { readonly kind: 'read' }>, 'unreadable' | 'unread'>): readonly string[] {
  return [...unreadable, ...unread].map(({ path }) => path);
}

function isManifestName(path: string): boolean {
  return manifestEndings.some((end) => path.endsWith(end)) && !isFolderDefaults({ path });
}

/** The folders from the configured directory down to the one that is read, when that is below it. */
function foldersAbove({ directory, configuredDirectory }: Configured['config']): readonly string[] {
  const top = configuredDirectory.replace(/\/+$/, '');
  const below = directory.replace(/\/+$/, '');
  if (!below.startsWith(`${top}/`)) return [];
  const parts = below.slice(top.length + 1).split('/');
  return parts.map((_, index) => [top, ...parts.slice(0, index)].join('/'));
}

/** The defaults of the folders above the one that is read. */
function readDefaultsAbove(
  files: Pick<Files, 'readFile'>,
  config: Configured['config'],
): {
  readonly defaultsAbove: readonly SourceFile[];
  readonly unreadAbove: readonly { readonly path: string; readonly why: string }[];
} {
  const found = foldersAbove(config).flatMap((folder) =>
    folderDefaultsNames.map((name) => {
      const path = `${folder}/${name}`;
      return { path, file: files.readFile(path) };
    }),
  );
  return {
    defaultsAbove: found.flatMap(({ path, file }) =>
      file.kind === 'read' ? [{ path, text: file.text }] : [],
    ),
    unreadAbove: found.flatMap(({ path, file }) =>
      file.kind === 'unreadable' ? [{ path, why: file.why }] : [],
    ),
  };
}

/** The same settings with no rule an error. */
function asWarnings(rules: RuleSettings): RuleSettings {
  return Object.fromEntries(
    ruleCodes.map((code) => {
      const severity = severityOf(code, rules);
      return [code, severity === 'error' ? 'warning' : severity];
    }),
  );
}

function noOverlays(path: string): Diagnostic {
  return problem('no-overlays', { path }, fileAt(path));
}

function broken(diagnostic: Diagnostic): Loaded {
  return {
    desired: [],
    withErrors: 0,
    hasUnread: true,
    isDoubtful: () => false,
    problems: [atFile(diagnostic)],
    files: 0,
    paths: () => [],
    isIncomplete: true,
    broken: true,
    settle: placed,
    sourcesOf: () => [],
    allowances: () => [],
    unusedAllowances: () => [],
  };
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
