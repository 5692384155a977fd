import { type FlagText, flags } from '../argv/flags.ts';
import type { Request } from '../argv/program.ts';
import { serverUrl } from '../http/url.ts';
import type { Io } from '../io/io.ts';
import type { Finder } from '../manifest/read/locate.ts';
import type { ConfigFile, LimitEntry } from '../manifest/resolve/config.ts';
import type { Variable } from '../manifest/resolve/substitute.ts';
import { type Config, defaultLimits, type Limit, type Limits, type ServerSetting } from '../model/config.ts';
import type { SettingSource } from '../model/generated/report-parts.ts';
import { present } from '../model/present.ts';
import type { FieldPath, Origin } from '../model/schedule.ts';
import { isSamePath, relativeTo } from './paths.ts';
import type { Trust } from './trust.ts';
import type { ChosenEnvironment } from './variables.ts';

export const defaultDirectory = 'schedules';

/** Everything that has a say in the settings of a run. */
export interface Sources {
  readonly request: Request;
  readonly env: Io['env'];
  readonly realPath: Io['realPath'];
  readonly file: ConfigFile;
  /** Absent = no file. */
  readonly path?: string;
  readonly origin: Origin;
  /** Finds places in the file. */
  readonly find: Finder;
  readonly environment: ChosenEnvironment | undefined;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly trust: Trust;
}

/** A value and who says so; undefined = says nothing. */
interface Voice<T> {
  readonly value: T | undefined;
  readonly source: SettingSource;
}

/** Flag over environment over file over default: for each setting the first who says something. */
export function effective(from: Sources): Config {
  const { request, file, trust } = from;
  const { argument, options } = request;
  const sources = new Map<string, SettingSource>();
  const voices = voicesOf(from, sources);
  const { pick, flag, written, chosen } = voices;

  const name = pick('environment', flag('--env', options.env));
  const server = serverOf(from, voices);
  const here = (path: string | undefined): string | undefined =>
    path === undefined ? undefined : relativeTo(from.path ?? '', path);
  const configured = relativeTo(from.path ?? '', file.manifests ?? defaultDirectory);
  const directory =
    pick('manifests', flag('[DIR]', argument), written(['manifests'], here(file.manifests))) ?? configured;
  const overlays = pick('overlays', chosen(['overlays'], here(from.environment?.entry.overlays)));
  const policies = pick('policies', written(['policies'], here(file.policies)));
  const named = typeof file.workflows === 'string' ? [file.workflows] : file.workflows;
  const workflows = pick(
    'workflows',
    written(
      ['workflows'],
      named?.map((path) => relativeTo(from.path ?? '', path)),
    ),
  );
  const calendars = pick('calendars', written(['calendars'], placedCalendars(file.calendars, here)));
  const owner = pick('owner', flag('--owner', options.owner), written(['owner'], file.owner));
  const prune = pick(
    'prune',
    flag('--no-prune', options.noPrune === true ? false : undefined),
    flag('--prune', trust.prunes ? options.prune : undefined),
    written(['prune'], trust.prunes ? file.prune : undefined),
  );
  const not = pick('sensitive.not', written(['sensitive', 'not'], file.sensitive?.not)) ?? [];
  const own = from.environment?.entry.defaults;
  const presets = {
    paused: pick('paused', chosen(['paused'], from.environment?.entry.paused)),
    tags: pick('tags', chosen(['tags'], from.environment?.entry.tags)),
    names: pick('names', chosen(['names'], from.environment?.entry.names)),
  };
  const { rules = {} } = file;
  for (const [code, severity] of Object.entries(rules))
    pick(`rules.${code}`, written(['rules', code], severity));
  for (const [key, { origin, at }] of from.variables)
    sources.set(
      `variables.${key}`,
      origin === undefined || at === undefined ? { kind: 'flag', flag: '--var' } : placed(at, from),
    );

  return {
    ...present({ file: from.path, environment: name }),
    environments: Object.keys(file.environments ?? {}),
    ...(from.path === undefined && trust.readsConfiguration ? { isUnconfigured: true } : {}),
    server,
    directory,
    configuredDirectory: configured,
    presets: present(presets),
    isWholeDirectory: isSamePath(directory, configured) || isSamePlace(directory, configured, from),
    ...present({ overlays, policies, workflows, calendars, owner }),
    prune: prune ?? false,
    ignore: pick('ignore', written(['ignore'], file.ignore)) ?? [],
    notSensitive: not.map((path) => path.split('.')),
    allow: {
      env: pick('allow.env', written(['allow', 'env'], file.allow?.env)) ?? [],
      ...present({ secrets: pick('allow.secrets', written(['allow', 'secrets'], file.allow?.secrets)) }),
    },
    defaults: present({
      zoneId: pick(
        'defaults.zoneId',
        chosen(['defaults', 'zoneId'], own?.zoneId),
        written(['defaults', 'zoneId'], file.defaults?.zoneId),
      ),
      tags: pick(
        'defaults.tags',
        chosen(['defaults', 'tags'], own?.tags && { ...file.defaults?.tags, ...own.tags }),
        written(['defaults', 'tags'], file.defaults?.tags),
      ),
    }),
    limits: limitsOf(from, voices),
    rules,
    variables: new Map([...from.variables].map(([key, { value }]) => [key, value])),
    sources,
  };
}

type Voices = {
  /** What the first of them says who says something; notes in `sources` who that is. */
  pick<T>(setting: string, ...voices: readonly Voice<T>[]): T | undefined;
  flag<T>(name: FlagText | '[DIR]', value: T | undefined): Voice<T>;
  variable(name: string): Voice<string>;
  /** In the file. */
  written<T>(path: FieldPath, value: T | undefined): Voice<T>;
  /** In the chosen environment of the file. */
  chosen<T>(path: FieldPath, value: T | undefined): Voice<T>;
};

function voicesOf(from: Sources, sources: Map<string, SettingSource>): Voices {
  const written: Voices['written'] = (path, value) => ({
    value,
    source: value === undefined ? fallback : placed(path, from),
  });
  return {
    pick(setting, ...voices) {
      const { value, source } = voices.find((voice) => voice.value !== undefined) ?? { source: fallback };
      sources.set(setting, source);
      return value;
    },
    flag: (name, value) => ({ value, source: { kind: 'flag', flag: name } }),
    variable: (name) => ({
      value: from.env[name]?.trim() || undefined,
      source: { kind: 'environment', variable: name },
    }),
    written,
    chosen: (path, value) => written([...(from.environment?.path ?? []), ...path], value),
  };
}

function serverOf(
  { request: { options }, env, file, environment }: Sources,
  { pick, flag, variable, written, chosen }: Voices,
): ServerSetting {
  const url = pick(
    'server.url',
    flag('--server', options.server?.trim()),
    variable(serverVariable),
    chosen(['server', 'url'], environment?.entry.server?.url),
    written(['server', 'url'], file.server?.url),
  );
  const type = pick(
    'server.type',
    flag('--server-type', options.serverType),
    chosen(['server', 'type'], environment?.entry.server?.type),
    written(['server', 'type'], file.server?.type),
  );
  const conflict = options.server === undefined ? conflictOf(environment, env[serverVariable]) : undefined;
  return {
    ...present({ url }),
    type: (type ?? flags['server-type'].fallback) as ServerSetting['type'],
    ...present({ conflict }),
  };
}

function limitsOf({ request: { options }, file }: Sources, { pick, flag, written }: Voices): Limits {
  const given: { readonly [name: string]: LimitEntry } = file.limits ?? {};
  const limit = <K extends keyof Limits>(name: K, typed: Voice<LimitEntry>): Limits[K] => {
    const entry = pick(`limits.${name}`, typed, written(['limits', name], given[name]));
    return (entry === undefined ? defaultLimits[name] : limitOf(entry)) as Limits[K];
  };
  return {
    deletes: limit('deletes', flag('--max-deletes', options.maxDeletes)),
    updates: limit('updates', flag('--max-updates', options.maxUpdates)),
    creates: limit('creates', flag('--max-creates', options.maxCreates)),
    pauses: limit('pauses', flag('--max-pauses', options.maxPauses)),
    firesPerDay: limit('firesPerDay', flag('--max-fires-per-day', options.maxFiresPerDay)),
    firesPerMinute: limit('firesPerMinute', flag('--max-fires-per-minute', options.maxFiresPerMinute)),
  };
}

/** Two ways to one directory, as from a folder below the configuration: `.` and `../schedules`. */
function isSamePlace(a: string, b: string, { realPath }: Sources): boolean {
  const real = realPath(a);
  return real !== undefined && real === realPath(b);
}

const fallback: SettingSource = { kind: 'default' };
const serverVariable = 'CONDUCTOR_SERVER_URL';

/** Line and column are found where they are asked for: to find the first one takes 8 ms. */
function placed(path: FieldPath, { find, origin }: Sources): SettingSource {
  let found: Pick<Extract<SettingSource, { readonly kind: 'file' }>, 'line' | 'column'> | undefined;
  const located = () => {
    found ??= { line: 1, column: 1, ...find({ kind: 'field', origin, path, at: 'value' }) };
    return found;
  };
  return {
    kind: 'file',
    file: origin.file,
    get line() {
      return located().line;
    },
    get column() {
      return located().column;
    },
  };
}

function conflictOf(
  environment: ChosenEnvironment | undefined,
  exportedText = '',
): ServerSetting['conflict'] | undefined {
  const text = environment?.entry.server?.url;
  if (text === undefined || exportedText.trim() === '') return undefined;
  const [configured, exported] = [serverUrl(text), serverUrl(exportedText)];
  // An unusable one is refused when it is used.
  if (!configured.ok || !exported.ok || configured.value.base === exported.value.base) return undefined;
  return { configured: configured.value.base, exported: exported.value.base };
}

function limitOf(entry: LimitEntry): Limit {
  if (entry === 'none') return { kind: 'none' };
  return typeof entry === 'string'
    ? { kind: 'percent', percent: Number(entry.replace('%', '')) }
    : { kind: 'count', count: Number(entry) };
}

/** Their files relative to the working directory. */
function placedCalendars(
  written: ConfigFile['calendars'],
  here: (path: string | undefined) => string | undefined,
): Config['calendars'] {
  if (written === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(written).map(([name, { file, ...entry }]) => [
      name,
      { ...entry, ...present({ file: here(file) }) },
    ]),
  );
}
