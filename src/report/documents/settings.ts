import type { SettingSource } from '../../model/config.ts';
import type { Json } from '../../model/json.ts';
import { type Headed, heading } from './entries.ts';

/** What a run would go by. `schemas/settings.schema.json` describes it. */
export type SettingsDocument = Headed<'settings'> & {
  /** Also those that nobody sets. */
  readonly settings: readonly SettingEntry[];
};

export type SettingEntry = {
  /** As in the configuration file: `limits.deletes`. */
  readonly name: string;
  /** Absent = there is none, or it must not be shown. */
  readonly value?: Json;
  /** There is a value. */
  readonly sensitive?: true;
  readonly source: SettingSource;
};

export function settingsDocument(settings: readonly SettingEntry[]): SettingsDocument {
  return { ...heading('settings'), settings };
}
