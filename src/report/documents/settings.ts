import { heading } from './entries.ts';
import type { SettingEntry, SettingsDocument } from './generated/documents.ts';

export function settingsDocument(settings: readonly SettingEntry[]): SettingsDocument {
  return { ...heading('settings'), settings };
}
