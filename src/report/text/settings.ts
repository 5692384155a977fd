import type { SettingSource } from '../../model/generated/report-parts.ts';
import { writeJson } from '../../model/json.ts';
import type { SettingEntry, SettingsDocument } from '../documents/generated/documents.ts';
import { sensitiveText } from '../documents/mask.ts';
import { terminalText } from './escape.ts';
import type { Style } from './style.ts';

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
