import type { SettingSource } from '../../model/config.ts';
import type { Json } from '../../model/json.ts';
import { formatVersion } from '../../model/plan.ts';

/** What a run would go by. `schemas/settings.schema.json` describes it. */
export interface SettingsDocument {
  readonly format: typeof formatVersion;
  readonly kind: 'settings';
  /** Also those that nobody sets. */
  readonly settings: readonly SettingEntry[];
}

export interface SettingEntry {
  /** As in the configuration file: `limits.deletes`. */
  readonly name: string;
  /** Absent = there is none, or it must not be shown. */
  readonly value?: Json;
  /** There is a value. */
  readonly sensitive?: true;
  readonly source: SettingSource;
}

export function settingsDocument(settings: readonly SettingEntry[]): SettingsDocument {
  return { format: formatVersion, kind: 'settings', settings };
}
