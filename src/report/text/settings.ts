import type { SettingSource } from '../../model/config.ts';
import { type Json, writeJson } from '../../model/json.ts';
import { formatVersion } from '../../model/plan.ts';
import { sensitiveText } from '../documents/mask.ts';
import { terminalText } from './escape.ts';
import type { Style } from './style.ts';

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

/** A line for each: name, value, where it comes from. */
export function renderSettings({ settings }: SettingsDocument, { colors }: Style): string {
  const rows = settings.map((entry) => ({
    name: terminalText(entry.name),
    value: valueText(entry),
    source: sourceText(entry.source),
  }));
  const nameWidth = Math.max(0, ...rows.map(({ name }) => name.length));
  const valueWidth = Math.max(0, ...rows.map(({ value }) => value.length).filter((length) => length <= 60));
  return rows
    .map(
      ({ name, value, source }) =>
        `${colors.bold(name.padEnd(nameWidth))}  ${value.padEnd(valueWidth)}  ${colors.dim(source)}\n`,
    )
    .join('');
}

function valueText({ value, sensitive }: SettingEntry): string {
  if (sensitive) return sensitiveText;
  if (value === undefined) return '-';
  return terminalText(typeof value === 'string' ? value : writeJson(value));
}

function sourceText(source: SettingSource): string {
  switch (source.kind) {
    case 'flag':
      return source.flag;
    case 'environment':
      return source.variable;
    case 'file':
      return terminalText(`${source.file}:${source.line}:${source.column}`);
    case 'default':
      return 'default';
  }
}
