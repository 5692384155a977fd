import { isCollection, isMap, isScalar, isSeq, type ParsedNode, type Scalar } from 'yaml';
import { compareText } from '../../model/schedule.ts';
import type { Diagnostic, Located, LocatedDiagnostic, Place } from '../../problems/diagnostic.ts';
import { maskedLine } from '../secrets/masked-line.ts';
import { isMergeKey } from './compose.ts';
import { linesOf } from './lines.ts';
import type { SourceFile } from './source.ts';
import { readYaml, type YamlDocument } from './yaml.ts';

/** UTF-16 offsets into a file, `end` exclusive. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** Finds a place in the files; what is nowhere has none, and an unknown file no line. */
export type Finder = (place: Place) => Located | undefined;

/** A finder in these files. Only those that are asked for are parsed (again): keeping every syntax tree costs more. */
export function finderIn(files: readonly SourceFile[]): Finder {
  const texts = new Map(files.map((file) => [file.path, file.text]));
  const finders = new Map<string, (place: Place) => Located>();
  return (place) => {
    if (place.kind === 'nowhere') return undefined;
    const file = place.kind === 'field' ? place.origin.file : place.file;
    const finder = finders.get(file) ?? finderInFile(file, texts.get(file));
    finders.set(file, finder);
    return finder(place);
  };
}

/** Gives each problem its line and column, in the order of files, lines and columns, without repetitions. */
export function locate(diagnostics: readonly Diagnostic[], find: Finder): readonly LocatedDiagnostic[] {
  const located = new Map<string, LocatedDiagnostic>();
  for (const diagnostic of diagnostics) {
    const at = find(diagnostic.place);
    const identity = JSON.stringify([diagnostic.code, diagnostic.args, at]);
    if (!located.has(identity)) located.set(identity, { diagnostic, ...(at ? { at } : {}) });
  }
  return inOrderOfPlaces([...located.values()]);
}

/** In the order of files, lines and columns. */
export function inOrderOfPlaces(problems: readonly LocatedDiagnostic[]): readonly LocatedDiagnostic[] {
  return [...problems].sort(byPlace);
}

/** `file:line:column`, as far as it is known. */
export function placeText(located: Located | undefined): string {
  if (!located) return '';
  const { file, line, column } = located;
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

function byPlace(a: LocatedDiagnostic, b: LocatedDiagnostic): number {
  return (
    compareText(a.at?.file ?? '', b.at?.file ?? '') ||
    (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
    (a.at?.column ?? 0) - (b.at?.column ?? 0) ||
    compareText(a.diagnostic.code, b.diagnostic.code)
  );
}

function finderInFile(file: string, text: string | undefined): (place: Place) => Located {
  if (text === undefined) return () => ({ file });
  const lines = linesOf(text);
  const onLine = (start: number, end: number): Located => {
    const located = lines.locate(start, end);
    return { file, ...located, source: maskedLine(located) };
  };
  let documents: readonly YamlDocument[] | undefined;
  return (place) => {
    if (place.kind === 'span') return onLine(place.start, place.end);
    if (place.kind !== 'field') return { file };
    if (documents === undefined) {
      const yaml = readYaml(text);
      documents = yaml.ok ? yaml.documents : [];
    }
    const document = documents[place.origin.document];
    const span = document && spanOf(document, place, text);
    return span ? onLine(span.start, span.end) : { file };
  };
}

/**
 * The text that a field is in. Where there is none of its own, because it came by an alias or a merge or is
 * missing, that is the alias, the `<<` or the nearest thing around it.
 */
function spanOf(
  document: YamlDocument,
  place: Extract<Place, { kind: 'field' }>,
  text: string,
): Span | undefined {
  const { origin, at, within } = place;
  const path = [...(origin.item === undefined ? [] : [String(origin.item)]), ...place.path];
  let node: ParsedNode | null = document.contents;
  let key: Scalar.Parsed | undefined;
  for (const segment of path) {
    if (isMap(node)) {
      const pair =
        node.items.find((item) => isScalar(item.key) && item.key.value === segment) ??
        node.items.find((item) => isMergeKey(item.key));
      if (!pair) return whole(node, key);
      key = pair.key as Scalar.Parsed;
      node = pair.value as ParsedNode | null;
      if (isMergeKey(key)) return range(key);
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(segment)];
      if (item === undefined) return whole(node, key);
      key = undefined;
      node = item as ParsedNode | null;
    } else return whole(node, key);
  }
  if (at === 'key' && key) return range(key);
  if (within && isScalar(node)) return part(node as Scalar.Parsed, within, text) ?? whole(node, key);
  return whole(node, key);
}

/** A collection is shown by its key, or else by how it begins: underlining all of it says nothing. */
function whole(node: ParsedNode | null, key: Scalar.Parsed | undefined): Span | undefined {
  if (isCollection(node)) {
    if (key) return range(key);
    const first = isMap(node) && !node.flow ? node.items[0]?.key : undefined;
    if (isScalar(first)) return range(first as Scalar.Parsed);
    return { start: node.range[0], end: node.range[0] + 1 };
  }
  // Nothing after the colon: the key is all there is to see.
  if (node === null || (node.range[0] === node.range[1] && key)) return key && range(key);
  return range(node);
}

/** A part of a scalar's text, if that is in the file as it is: unquoted, or quoted without an escape or a fold. */
function part(node: Scalar.Parsed, within: Span, text: string): Span | undefined {
  const quote = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0;
  const start = node.range[0] + quote;
  if (text.slice(start, node.range[1] - quote) !== node.value) return undefined;
  return { start: start + within.start, end: start + Math.max(within.end, within.start + 1) };
}

function range(node: { readonly range: readonly [number, number, number] }): Span {
  return { start: node.range[0], end: node.range[1] };
}
