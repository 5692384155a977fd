import type { CalendarEntry, SettingSource } from './generated/report-parts.ts';
import type { JsonObject } from './json.ts';
import type { JsonNumber } from './number.ts';
import type { ServerType } from './port.ts';
import type { FieldPath } from './schedule.ts';
import type { RuleSettings } from './severity.ts';

/** How many of something a plan may have; `percent` is of the owner's schedules, 0 to 100. */
export type Limit =
  | { readonly kind: 'none' }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'percent'; readonly percent: number };

export type Limits = {
  readonly deletes: Limit;
  readonly updates: Limit;
  readonly creates: Limit;
  readonly pauses: Limit;
  readonly firesPerDay: Exclude<Limit, { readonly kind: 'percent' }>;
  readonly firesPerMinute: Exclude<Limit, { readonly kind: 'percent' }>;
};

/** What is taken when neither flag, environment nor file says more. */
export const defaultLimits: Limits = {
  deletes: { kind: 'percent', percent: 30 },
  updates: { kind: 'none' },
  creates: { kind: 'none' },
  pauses: { kind: 'none' },
  firesPerDay: { kind: 'none' },
  firesPerMinute: { kind: 'none' },
};

/** What references may read of the environment. */
export type Allowed = {
  /** Names that `${env.NAME}` may have. */
  readonly env: readonly string[];
  /** Names that `${secret.NAME}` may have; absent = any. */
  readonly secrets?: readonly string[];
};

export type VariableValue = string | number | bigint | JsonNumber | boolean;

export type ServerSetting = {
  /** As it was given, perhaps with user and password: never print it. Offline commands need none. */
  readonly url?: string;
  readonly type: ServerType | 'auto';
  /** The environment and CONDUCTOR_SERVER_URL name two servers, and no flag decides. Both are safe to print. */
  readonly conflict?: { readonly configured: string; readonly exported: string };
};

/** The settings of one run: flags, environment, file and defaults laid over each other, once. */
export type Config = {
  /** The configuration file that was read, relative to the working directory. */
  readonly file?: string;
  /** A configuration was looked for, here and above, and there is none. */
  readonly isUnconfigured?: true;
  /** As `--env` says. */
  readonly environment?: string;
  /** The names of all that the file has. */
  readonly environments: readonly string[];
  readonly server: ServerSetting;
  /** The directory of manifests that this run reads, relative to the working directory. */
  readonly directory: string;
  /** False when the command line names another directory than the configured one: such a run never prunes. */
  readonly isWholeDirectory: boolean;
  /** The directory of the environment's overlays. */
  readonly overlays?: string;
  /** The file of policies. */
  readonly policies?: string;
  /** Files and directories of workflow definitions. */
  readonly workflows?: readonly string[];
  /** By name, for `except` and `only`. */
  readonly calendars?: { readonly [name: string]: CalendarEntry };
  readonly owner?: string;
  readonly prune: boolean;
  /** Patterns of observed names that are never touched: see `ignoredBy`. */
  readonly ignore: readonly string[];
  /** Paths at which nothing is a credential, in every schedule. */
  readonly notSensitive: readonly FieldPath[];
  readonly allow: Allowed;
  /** What the environment says of every schedule; absent parts are left to the manifests. */
  readonly presets: { readonly paused?: string; readonly tags?: JsonObject; readonly names?: string };
  /** The directory of manifests that the configuration names, whatever this run reads. */
  readonly configuredDirectory: string;
  /** As written, references unresolved; the environment's over those for all. */
  readonly defaults: { readonly zoneId?: string; readonly tags?: JsonObject };
  readonly limits: Limits;
  /** Severities of rules, as far as the file sets them. */
  readonly rules: RuleSettings;
  /** For `${var.NAME}`. */
  readonly variables: ReadonlyMap<string, VariableValue>;
  /** Where each value came from, by its name in the file: `limits.deletes`, `variables.region`. */
  readonly sources: ReadonlyMap<string, SettingSource>;
};
