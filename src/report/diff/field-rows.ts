import { canonicalJson, isObject, type Json, writeJson } from '../../model/json.ts';
import type { FieldPath } from '../../model/schedule.ts';
import { isTimeField, type MaskedField, sensitiveText, unknownText } from '../documents/mask.ts';
import { terminalText } from '../text/escape.ts';
import { columns } from '../text/wrap.ts';
import { type DiffLine, lineDiff } from './linediff.ts';

/** Which sides of a difference are shown: a create has only `after`, a delete only `before`. */
export type Sides = 'before' | 'after' | 'both';

/** The short form of a side that is absent; a text would are in quotes. */
export const noValue = '(none)';
const longestInlineString = 80;
const longestInlineList = 60;
const longestLine = 400;
const mostLines = 200;

/** One field of a change, ready to be laid out. Every text is safe to print already. */
export interface FieldRow {
  readonly label: string;
  /** Absent when a side has no short form. */
  readonly short?: ShortForm;
  /** The same on lines of its own. */
  readonly block: () => readonly BlockLine[];
}

export type ShortForm =
  | { readonly kind: 'change'; readonly before: string; readonly after: string }
  /** The only side that is shown. */
  | { readonly kind: 'value'; readonly text: string }
  /** Words instead of values that must not be shown. */
  | { readonly kind: 'masked'; readonly text: string };

export type BlockLine =
  | DiffLine
  /** A line of the only side that is shown. */
  | { readonly kind: 'value'; readonly text: string }
  /** Words of ours. */
  | { readonly kind: 'note'; readonly text: string };

/** The fields of one change. Where only one side is shown, what is at its default is left out. */
export function fieldRows(fields: readonly MaskedField[], sides: Sides): readonly FieldRow[] {
  const shown = sides === 'both' ? fields : fields.flatMap((field) => partsOf(field, sides));
  return shown.map((field) => {
    const { block, ...row } = rowOf(field, sides);
    return { ...row, block: () => limited(block()) };
  });
}

function rowOf(field: MaskedField, sides: Sides): FieldRow {
  const { path, before, after } = field;
  const label = labelOf(path);
  if (field.sensitive === true) {
    const text = maskedWords(field, sides);
    return { label, short: { kind: 'masked', text }, block: () => [{ kind: 'note', text }] };
  }
  if (sides !== 'both') {
    const value = field[sides] ?? null;
    const text = inlineOf(path, value);
    return {
      label,
      ...(text === undefined ? {} : { short: { kind: 'value', text } }),
      block: () =>
        linesOf(path, value, isText(value)).map((line) => ({ kind: 'value', text: printable(line) })),
    };
  }
  if (isTags(path)) return { label, block: () => tagLines(before, after) };
  const old = inlineOf(path, before);
  const next = inlineOf(path, after);
  return {
    label,
    ...(old === undefined || next === undefined
      ? {}
      : { short: { kind: 'change', before: old, after: next } }),
    block: () => pairLines(path, before, after),
  };
}

function maskedWords({ before, after }: MaskedField, sides: Sides): string {
  if (after === unknownText) return unknownText;
  if (sides !== 'both') return sensitiveText;
  return `${sensitiveText} ${before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'}`;
}

/** `startWorkflowRequest.input["odd key"]` */
function labelOf(path: FieldPath): string {
  return path
    .map((key, index) =>
      /^[\p{L}\p{N}_$-]+$/u.test(key)
        ? `${index > 0 ? '.' : ''}${key}`
        : `[${terminalText(JSON.stringify(key))}]`,
    )
    .join('');
}

/** The value on one line, ready to print; undefined when it has several or is too long for that. */
function inlineOf(path: FieldPath, value: Json | undefined): string | undefined {
  if (value === undefined) return noValue;
  if (isTimeField(path)) return scalarText(path, value);
  if (typeof value === 'string')
    return value.includes('\n') || columns(value) > longestInlineString ? undefined : quoted(value);
  const text = terminalText(namedList(path, value)?.join(', ') ?? canonicalJson(value));
  return isNested(value) && columns(text) > longestInlineList ? undefined : text;
}

/** Both sides one below the other, each line with its sign. */
function pairLines(path: FieldPath, before: Json | undefined, after: Json | undefined): readonly BlockLine[] {
  if (isOneLine(before) && isOneLine(after)) {
    const old = before === undefined ? undefined : scalarText(path, before);
    const next = after === undefined ? undefined : scalarText(path, after);
    const from = old === undefined || next === undefined ? 0 : sharedStart(old, next);
    return [
      ...(old === undefined ? [] : [changed('removed', excerpt(old, from))]),
      ...(next === undefined ? [] : [changed('added', excerpt(next, from))]),
    ];
  }
  const asText = [before, after].every((value) => value === undefined || typeof value === 'string');
  const result = lineDiff(...markedEnds(path, before, after, asText));
  if (result.kind === 'lines')
    return result.lines.map((line) => {
      if (line.kind === 'skipped') return line;
      const text = printable(line.text);
      return line.kind === 'kept' ? { kind: line.kind, text } : changed(line.kind, text);
    });
  const { removed, added } = result;
  return [
    {
      kind: 'note',
      text: `too large to show: ${lineCount(removed)} removed, ${lineCount(added)} added; the JSON output has both sides`,
    },
  ];
}

/** The lines of both sides. A missing newline at the end of one of two texts is a difference, so it is written out. */
function markedEnds(
  path: FieldPath,
  before: Json | undefined,
  after: Json | undefined,
  asText: boolean,
): [readonly string[], readonly string[]] {
  const old = linesOf(path, before, asText);
  const next = linesOf(path, after, asText);
  if (typeof before !== 'string' || typeof after !== 'string') return [old, next];
  if (!asText || before.endsWith('\n') === after.endsWith('\n')) return [old, next];
  const mark = (text: string, list: readonly string[]): readonly string[] =>
    text.endsWith('\n') ? list : list.with(-1, `${list.at(-1) ?? ''} (no newline at the end)`);
  return [mark(before, old), mark(after, next)];
}

/** The lines as they are compared: not escaped yet. */
function linesOf(path: FieldPath, value: Json | undefined, asText: boolean): readonly string[] {
  if (value === undefined) return [];
  if (asText && typeof value === 'string')
    return (value.endsWith('\n') ? value.slice(0, -1) : value).split('\n');
  if (value !== null && !isNested(value)) return [scalarText(path, value)];
  return namedList(path, value) ?? writeJson(value, 2).split('\n');
}

/** `cronSchedules` and `tags` as people say them, an item each. */
function namedList(path: FieldPath, value: Json): readonly string[] | undefined {
  if (path.length !== 1 || !Array.isArray(value) || value.length === 0 || !value.every(isObject))
    return undefined;
  if (path[0] === 'cronSchedules')
    return value.map((entry) => `${canonicalJson(entry.cronExpression ?? '')} in ${entry.zoneId}`);
  return isTags(path) ? value.map((tag) => `${tag.key}=${tag.value}`) : undefined;
}

function tagLines(before: Json | undefined, after: Json | undefined): readonly BlockLine[] {
  const old = namedList(['tags'], before ?? []) ?? [];
  const next = namedList(['tags'], after ?? []) ?? [];
  return [
    ...next.filter((tag) => !old.includes(tag)).map((tag) => changed('added', printable(tag))),
    ...old.filter((tag) => !next.includes(tag)).map((tag) => changed('removed', printable(tag))),
  ];
}

function limited(block: readonly BlockLine[]): readonly BlockLine[] {
  if (block.length <= mostLines) return block;
  const rest = block.length - mostLines;
  return [
    ...block.slice(0, mostLines),
    { kind: 'note', text: `  … ${rest} more ${rest === 1 ? 'line' : 'lines'}; the JSON output has them all` },
  ];
}

/** A line with its sign; its text is ready to print. */
function changed(kind: 'removed' | 'added', text: string): DiffLine {
  return { kind, text: visibleEnd(text) };
}

function printable(line: string): string {
  return excerpt(terminalText(line), 0);
}

/** Spaces at the end of a line that changed may be all that changed. */
function visibleEnd(line: string): string {
  return line.replace(/ +$/, (blanks) => '·'.repeat(blanks.length));
}

/** A piece of a line that is too long to read, from a code point on. */
export function excerpt(text: string, from: number): string {
  if (text.length <= longestLine) return text;
  const points = [...text];
  if (points.length <= longestLine) return text;
  const piece = points.slice(from, from + longestLine).join('');
  const end = from + longestLine < points.length ? '…' : '';
  return `${from > 0 ? '…' : ''}${piece}${end} (${points.length} characters)`;
}

/** Where to begin with two long lines so that the first difference is in sight. Code points. */
function sharedStart(before: string, after: string): number {
  if (Math.max(before.length, after.length) <= longestLine) return 0;
  const [old, next] = [[...before], [...after]];
  let shared = 0;
  while (shared < old.length && old[shared] === next[shared]) shared += 1;
  return shared < longestLine / 2 ? 0 : shared - 40;
}

/** A create's start request is one value; people look for its parts. */
function partsOf(field: MaskedField, side: 'before' | 'after'): readonly MaskedField[] {
  const { path } = field;
  const value = field[side];
  if (value === undefined || (path.length === 1 && path[0] === 'name')) return [];
  if (path.length === 1 && path[0] === 'startWorkflowRequest' && isObject(value))
    return requestOrder(Object.keys(value)).flatMap((key) => {
      const part = [...path, key];
      const inner = value[key] ?? null;
      return isDefault(part, inner) ? [] : [{ path: part, [side]: inner }];
    });
  return isDefault(path, value) ? [] : [field];
}

function requestOrder(keys: readonly string[]): readonly string[] {
  const first = ['name', 'version'];
  return [...first.filter((key) => keys.includes(key)), ...keys.filter((key) => !first.includes(key))];
}

const defaults: { readonly [path: string]: string } = {
  runCatchupScheduleInstances: 'false',
  paused: 'false',
  tags: '[]',
  'startWorkflowRequest.input': '{}',
  'startWorkflowRequest.taskToDomain': '{}',
  'startWorkflowRequest.priority': '0',
};

function isDefault(path: FieldPath, value: Json): boolean {
  return defaults[path.join('.')] === canonicalJson(value);
}

function isTags(path: FieldPath): boolean {
  return path.length === 1 && path[0] === 'tags';
}

function isNested(value: Json): boolean {
  return Array.isArray(value) || isObject(value);
}

function isText(value: Json): boolean {
  return typeof value === 'string' && value.includes('\n');
}

function isOneLine(value: Json | undefined): boolean {
  return value === undefined || !(isNested(value) || isText(value));
}

function scalarText(path: FieldPath, value: Json): string {
  if (typeof value !== 'string') return canonicalJson(value);
  return isTimeField(path) ? terminalText(value) : quoted(value);
}

function quoted(text: string): string {
  return terminalText(JSON.stringify(text));
}

/** `1 line`, `1,240 lines` */
export function lineCount(count: number): string {
  return count === 1 ? '1 line' : `${count.toLocaleString('en-US')} lines`;
}
