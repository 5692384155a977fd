import type { Request } from '../argv/program.ts';
import { serverUrl } from '../http/url.ts';
import type { Io } from '../io/io.ts';
import { nearestKey } from '../manifest/nearest.ts';
import { finderIn, locate } from '../manifest/read/locate.ts';
import type { SourceFile } from '../manifest/read/source.ts';
import { isOwnerName, type ReadConfig, readConfig } from '../manifest/resolve/config.ts';
import type { WrittenDefaults } from '../manifest/resolve/fill.ts';
import type { Presets } from '../manifest/resolve/presets.ts';
import type { Variable } from '../manifest/resolve/substitute.ts';
import type { Config } from '../model/config.ts';
import type { JsonObject } from '../model/json.ts';
import { present } from '../model/present.ts';
import type { Origin } from '../model/schedule.ts';
import { type Diagnostic, type LocatedDiagnostic, problem } from '../problems/diagnostic.ts';
import { checkoutOf } from './checkout.ts';
import { effective } from './effective.ts';
import { relativeTo } from './paths.ts';
import { refuse, type Settled, type UsageError } from './settings.ts';
import type { Trust } from './trust.ts';
import { type ChosenEnvironment, variablesOf } from './variables.ts';

export const defaultFile = 'downbeat.yaml';

/** The settings of this run, and what is needed to resolve manifests by them. */
export interface Configured {
  readonly config: Config;
  /** The file, if there is one, and where its only document is. */
  readonly source?: SourceFile;
  readonly origin: Origin;
  /** The nearest first. */
  readonly defaults: readonly WrittenDefaults[];
  /** Absent = no environment, or one that says nothing of all schedules. */
  readonly presets?: Presets;
  readonly variables: ReadonlyMap<string, Variable>;
  /** Variables that environments other than the chosen one have, with the names of those. */
  readonly elsewhere: ReadonlyMap<string, readonly string[]>;
  /** Files and directories that are not manifests, wherever they are: configuration, overlays, policies and workflow definitions. */
  readonly noManifests: readonly string[];
}

export type ConfigureOutcome =
  | { readonly kind: 'configured'; readonly value: Configured }
  | { readonly kind: 'usage'; readonly usage: UsageError }
  /** The file has errors. */
  | {
      readonly kind: 'broken';
      readonly problems: readonly LocatedDiagnostic[];
      /** What it asks to be checked, as far as it can be read. */
      readonly checks: ReadConfig['checks'];
    };

/** Finds and reads `downbeat.yaml` and settles what this run goes by. Nothing is read beside that file. */
export function configure(
  request: Request,
  io: Pick<Io, 'env' | 'readFile' | 'realPath'>,
  trust: Trust,
): ConfigureOutcome {
  const { options } = request;
  const found = trust.readsConfiguration ? readSource(options.config, io) : withoutSource(options, trust);
  if (!found.ok) return { kind: 'usage', usage: found.usage };
  const source = found.value;
  const read = readConfig(source ?? { path: defaultFile, text: '' });
  const find = finderIn(source === undefined ? [] : [source]);
  const wrong = [...read.diagnostics, ...urlProblems(read)];
  if (wrong.length > 0) return { kind: 'broken', problems: locate(wrong, find), checks: read.checks };
  const environment = environmentOf(options.env, read, source?.path);
  if (!environment.ok) return { kind: 'usage', usage: environment.usage };
  const variables = variablesOf(options.var ?? [], environment.value, read.origin);
  if (!variables.ok) return { kind: 'usage', usage: variables.usage };
  const { file, origin } = read;
  const { owner } = options;
  if (owner !== undefined && !isOwnerName(owner))
    return {
      kind: 'usage',
      usage: {
        message: `--owner ${JSON.stringify(owner)} is not a valid owner`,
        hint: 'letters, digits and . _ / @ -, for example payments-platform',
      },
    };
  const config = effective({
    request,
    env: io.env,
    realPath: io.realPath,
    file,
    ...present({ path: source?.path }),
    origin,
    find,
    environment: environment.value,
    variables: variables.value,
    trust,
  });
  return {
    kind: 'configured',
    value: {
      config,
      ...present({ source }),
      origin,
      defaults: defaultsOf(read, environment.value),
      ...present({ presets: presetsOf(config, origin, environment.value) }),
      variables: variables.value,
      elsewhere: definedElsewhere(read),
      noManifests: noManifests(read, source?.path),
    },
  };
}

/** Untrusted files settle nothing, so what would read them is refused. */
function withoutSource({ config, env }: Request['options'], { because }: Trust): Settled<undefined> {
  const flag = config !== undefined ? '--config' : env !== undefined ? '--env' : undefined;
  if (flag === undefined) return { ok: true, value: undefined };
  return refuse(
    `${flag} is not allowed in this run: ${because}, so the configuration is not trusted`,
    'use flags (inputs of the Action) and CONDUCTOR_SERVER_URL for the settings',
  );
}

/** The file that was named must be there, a default one may be. */
function readSource(
  named: string | undefined,
  io: Pick<Io, 'env' | 'readFile' | 'realPath'>,
): Settled<SourceFile | undefined> {
  const path = named ?? nearestFile(io);
  const file = io.readFile(path);
  if (file.kind === 'read') return { ok: true, value: { path, text: file.text } };
  if (file.kind === 'directory')
    return refuse(
      `${path} cannot be read: it is a directory`,
      'pass --config the path of a configuration file',
    );
  if (file.kind === 'unreadable')
    return refuse(`${path} cannot be read: ${file.why}`, 'make it readable, or pass another with --config');
  if (named === undefined) return { ok: true, value: undefined };
  return refuse(`file ${JSON.stringify(path)} not found`, 'pass --config the path of a configuration file');
}

/** No working directory is deeper than this below the top of its checkout. */
const deepest = 40;

/** The configuration of the working directory or of the nearest folder above it, up to the top of the Git checkout. */
function nearestFile(io: Pick<Io, 'env' | 'readFile' | 'realPath'>): string {
  const top = checkoutOf('.', io);
  for (let up = '', depth = 0; depth < deepest; up = `../${up}`, depth += 1) {
    const path = `${up}${defaultFile}`;
    if (io.readFile(path).kind !== 'missing') return path;
    const at = io.realPath(up || '.');
    if (at === undefined || at === top) break;
  }
  return defaultFile;
}

function urlProblems({ file, origin }: ReadConfig): readonly Diagnostic[] {
  const servers = [
    { path: ['server', 'url'], url: file.server?.url },
    ...Object.entries(file.environments ?? {}).map(([name, { server }]) => ({
      path: ['environments', name, 'server', 'url'],
      url: server?.url,
    })),
  ];
  return servers.flatMap(({ path, url }): readonly Diagnostic[] => {
    if (url === undefined) return [];
    const read = serverUrl(url);
    if (read.ok && read.value.basic === undefined) return [];
    // A line of the file is shown with its problem: not one that may hold a credential.
    const place = /[@?]/.test(url)
      ? ({ kind: 'file', file: origin.file } as const)
      : ({ kind: 'field', origin, path, at: 'value' } as const);
    return [
      read.ok
        ? problem('credentials-in-config', { field: path }, place)
        : problem('bad-server-url', { field: path, why: read.why }, place),
    ];
  });
}

function environmentOf(
  name: string | undefined,
  { file }: ReadConfig,
  path: string | undefined,
): Settled<ChosenEnvironment | undefined> {
  if (name === undefined) return { ok: true, value: undefined };
  const environments = file.environments ?? {};
  const entry = Object.hasOwn(environments, name) ? environments[name] : undefined;
  if (entry !== undefined) return { ok: true, value: { name, entry, path: ['environments', name] } };
  const names = Object.keys(environments);
  const nearest = nearestKey(name, names);
  return refuse(
    `environment ${JSON.stringify(name)} not found${path === undefined ? `: there is no ${defaultFile}` : ` in ${path}`}`,
    nearest !== undefined
      ? `did you mean ${JSON.stringify(nearest)}?`
      : names.length > 0
        ? `there are ${names.map((one) => JSON.stringify(one)).join(', ')}`
        : 'define it under `environments` in the configuration',
  );
}

function definedElsewhere({ file }: ReadConfig): ReadonlyMap<string, readonly string[]> {
  const elsewhere = new Map<string, readonly string[]>();
  for (const [name, { variables = {} }] of Object.entries(file.environments ?? {}))
    for (const key of Object.keys(variables)) elsewhere.set(key, [...(elsewhere.get(key) ?? []), name]);
  return elsewhere;
}

function noManifests({ file }: ReadConfig, path: string | undefined): readonly string[] {
  const overlays = Object.values(file.environments ?? {}).flatMap(({ overlays: directory }) =>
    directory === undefined ? [] : [relativeTo(path ?? '', directory)],
  );
  const policies = file.policies === undefined ? [] : [relativeTo(path ?? '', file.policies)];
  const workflows = typeof file.workflows === 'string' ? [file.workflows] : (file.workflows ?? []);
  return [
    defaultFile,
    ...(path === undefined ? [] : [path]),
    ...policies,
    ...overlays,
    ...workflows.map((one) => relativeTo(path ?? '', one)),
  ];
}

/** Those of the environment before those for all. */
function defaultsOf(
  { file, origin }: ReadConfig,
  environment: ChosenEnvironment | undefined,
): readonly WrittenDefaults[] {
  const own = environment?.entry.defaults;
  return [
    ...(own === undefined || environment === undefined
      ? []
      : [{ value: own as JsonObject, origin, at: [...environment.path, 'defaults'] }]),
    ...(file.defaults === undefined
      ? []
      : [{ value: file.defaults as JsonObject, origin, at: ['defaults'] }]),
  ];
}

function presetsOf(
  { presets }: Pick<Config, 'presets'>,
  origin: Origin,
  environment: ChosenEnvironment | undefined,
): Presets | undefined {
  if (environment === undefined || Object.keys(presets).length === 0) return undefined;
  return { ...presets, origin, at: environment.path };
}
