import { serverUrl } from '../http/url.ts';
import type { Config, Limit } from '../model/config.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import type { SettingSource } from '../model/generated/report-parts.ts';
import { isCredential, keyKind } from '../model/hiding/credential.ts';
import type { Json } from '../model/json.ts';
import { present } from '../model/present.ts';
import type { FieldPath } from '../model/schedule.ts';
import { documentOf } from '../report/documents/document.ts';
import type { SettingEntry } from '../report/documents/generated/documents.ts';
import { settle } from '../run/prologue.ts';
import type { Run } from '../run/run.ts';
import { conflictError } from '../settings/settings.ts';

const credentials: readonly (readonly [name: string, variable: string])[] = [
  ['credentials.key', 'CONDUCTOR_AUTH_KEY'],
  ['credentials.secret', 'CONDUCTOR_AUTH_SECRET'],
  ['credentials.token', 'CONDUCTOR_AUTH_TOKEN'],
  ['credentials.digestKey', 'DOWNBEAT_DIGEST_KEY'],
];

/** Prints what a run with these flags would go by, and why; offline. */
export async function run(run: Run): Promise<ExitCode> {
  const settled = settle(run);
  if (settled.kind === 'ended') return settled.code;
  const { config } = settled.value;
  const conflict = conflictError(config);
  if (conflict !== undefined) return run.refuse(conflict);
  run.report(documentOf('settings', { settings: [...settingsOf(config), ...credentialsOf(run.env)] }));
  return exitCodes.fine;
}

function settingsOf(config: Config): readonly SettingEntry[] {
  const { server, defaults, limits, rules, variables, sources } = config;
  const entry = (name: string, value: Json | undefined): SettingEntry => ({
    name,
    ...present({ value }),
    source: sources.get(name) ?? fallback,
  });
  return [
    entry('environment', config.environment),
    ...serverEntries(server.url, entry),
    entry('server.type', server.type),
    entry('manifests', config.directory),
    entry('overlays', config.overlays),
    entry('policies', config.policies),
    entry('workflows', config.workflows),
    entry('calendars', config.calendars),
    entry('owner', config.owner),
    entry('prune', config.prune),
    entry('ignore', config.ignore),
    entry('sensitive.not', pathTexts(config.notSensitive)),
    entry('allow.env', config.allow.env),
    entry('allow.secrets', config.allow.secrets),
    entry('defaults.zoneId', defaults.zoneId),
    entry('defaults.tags', defaults.tags),
    ...(config.environment === undefined
      ? []
      : [
          entry('paused', config.presets.paused),
          entry('tags', config.presets.tags),
          entry('names', config.presets.names),
        ]),
    entry('limits.deletes', limitValue(limits.deletes)),
    entry('limits.updates', limitValue(limits.updates)),
    entry('limits.creates', limitValue(limits.creates)),
    entry('limits.pauses', limitValue(limits.pauses)),
    entry('limits.firesPerDay', limitValue(limits.firesPerDay)),
    entry('limits.firesPerMinute', limitValue(limits.firesPerMinute)),
    ...Object.entries(rules).map(([code, severity]) => entry(`rules.${code}`, severity)),
    ...[...variables].map(([name, value]) => {
      const shown = entry(`variables.${name}`, value);
      return isCredential(value, keyKind(name)) ? masked(shown) : shown;
    }),
  ];
}

const fallback: SettingSource = { kind: 'default' };

/** Without user and password, which are a setting of their own. */
function serverEntries(
  url: string | undefined,
  entry: (name: string, value: Json | undefined) => SettingEntry,
): readonly SettingEntry[] {
  if (url === undefined || url === '') return [entry('server.url', undefined)];
  const read = serverUrl(url);
  // What is not URL may be anything, also a credential in the wrong variable.
  return [read.ok ? entry('server.url', read.value.base) : masked(entry('server.url', undefined))];
}

function credentialsOf(env: Run['env']): readonly SettingEntry[] {
  return credentials.map(([name, variable]): SettingEntry => {
    const isSet = (env[variable]?.trim() ?? '') !== '';
    return isSet
      ? { name, sensitive: true, source: { kind: 'environment', variable } }
      : { name, source: fallback };
  });
}

function masked({ name, source }: SettingEntry): SettingEntry {
  return { name, sensitive: true, source };
}

function pathTexts(paths: readonly FieldPath[]): Json {
  return paths.map((path) => path.join('.'));
}

/** As the configuration file has it. */
function limitValue(limit: Limit): Json {
  if (limit.kind === 'none') return 'none';
  return limit.kind === 'count' ? limit.count : `${limit.percent}%`;
}
