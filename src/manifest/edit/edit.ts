import { isSeq, type ParsedNode } from 'yaml';
import { canonicalJson, isObject, type Json, type JsonObject, objectOf } from '../../model/json.ts';
import type { FieldPath, Origin } from '../../model/schedule.ts';
import { parse, type RawManifest } from '../read/parse-file.ts';
import type { SourceFile } from '../read/source.ts';
import { type Splice, spliced } from '../read/source-text.ts';
import { readYaml } from '../read/yaml.ts';
import type { KeyOrder, Refusal, RewriteFault } from './draft.ts';
import { type ChangedNode, withoutEndedAllowances } from './ended-allowances.ts';
import { comparable } from './list-match.ts';
import { rewrite } from './rewrite.ts';

/** A manifest of a file and what it shall hold instead, as written: variables and defaults are not looked at. */
export interface Edit {
  readonly manifest: RawManifest;
  readonly value: JsonObject;
}

/** `unverified`: the edited text would not have been read as what was wanted. */
export type EditFault = RewriteFault | 'unverified';

export interface EditedManifest {
  readonly origin: Origin;
  /** As it is read from the edited text. */
  readonly value: JsonObject;
  /** What was not changed. */
  readonly refused: readonly (Omit<Refusal, 'why'> & { readonly why: EditFault })[];
}

export interface EditedFile {
  readonly text: string;
  /** One for each edit, in their order. */
  readonly manifests: readonly EditedManifest[];
}

/**
 * A file of manifests with some of them changed, only on the lines that hold what differs. The new text is read
 * again by the reader of manifests, and what does not come out exactly as wanted, in any manifest of the file, is
 * written in double quotes with escapes, then part by part; a part that is still not read as wanted stays as it was.
 */
export function edit(file: SourceFile, edits: readonly Edit[], order: KeyOrder): EditedFile {
  const together = attempt(file, edits, order, false);
  if (together !== undefined) return together;
  // One of them is at fault: each on its own, on what the others have made.
  const manifests: EditedManifest[] = [];
  let { text } = file;
  for (const one of edits) {
    const now = { path: file.path, text };
    const done =
      attempt(now, [one], order, false) ?? attempt(now, [one], order, true) ?? inParts(now, one, order);
    text = done.text;
    manifests.push(...done.manifests);
  }
  return { text, manifests };
}

/** Each difference by itself, so that one that cannot be written keeps no other from it. */
function inParts(file: SourceFile, { manifest, value: wanted }: Edit, order: KeyOrder): EditedFile {
  const { origin } = manifest;
  const refused: EditedManifest['refused'][number][] = [];
  let { value } = manifest;
  let { text } = file;
  for (const path of differences(value, wanted, [])) {
    const one: Edit = { manifest: { origin, value }, value: withPart(value, wanted, path) as JsonObject };
    const now = { path: file.path, text };
    const done = attempt(now, [one], order, false) ?? attempt(now, [one], order, true);
    const [edited] = done?.manifests ?? [];
    if (done === undefined || edited === undefined) refused.push({ path, why: 'unverified' });
    else {
      text = done.text;
      value = edited.value;
      refused.push(...edited.refused);
    }
  }
  return { text, manifests: [{ origin, value, refused }] };
}

/** Where two values differ, mappings taken apart. */
function differences(
  before: Json | undefined,
  after: Json | undefined,
  path: FieldPath,
): readonly FieldPath[] {
  if (!isObject(before) || !isObject(after))
    return before !== undefined && after !== undefined && comparable(before) === comparable(after)
      ? []
      : [path];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
    differences(ownField(before, key), ownField(after, key), [...path, key]),
  );
}

/** A value with that of another at a path; both are mappings above it. */
function withPart(
  value: Json | undefined,
  other: Json | undefined,
  [key, ...rest]: FieldPath,
): Json | undefined {
  if (key === undefined || !isObject(value) || !isObject(other)) return other;
  const part = withPart(ownField(value, key), ownField(other, key), rest);
  const fields = new Map(Object.entries(value));
  if (part === undefined) fields.delete(key);
  else fields.set(key, part);
  return objectOf(fields);
}

function ownField(value: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Undefined when the new text would not be read as wanted. */
function attempt(
  file: SourceFile,
  edits: readonly Edit[],
  order: KeyOrder,
  escaped: boolean,
): EditedFile | undefined {
  try {
    return made(file, edits, order, escaped);
  } catch {
    // The parser throws on some texts; none of them may stop the other files.
    return undefined;
  }
}

function made(
  file: SourceFile,
  edits: readonly Edit[],
  order: KeyOrder,
  escaped: boolean,
): EditedFile | undefined {
  const yaml = readYaml(file.text);
  if (!yaml.ok) return undefined;
  const splices: Splice[] = [];
  const changed: ChangedNode[] = [];
  const manifests: EditedManifest[] = [];
  const json = file.path.toLowerCase().endsWith('.json');
  const setting = { text: file.text, json, escaped, order };
  for (const { manifest, value } of edits) {
    const { origin } = manifest;
    const document = yaml.documents[origin.document];
    const node = document && nodeAt(document.contents, origin.item);
    if (!document || !node) return undefined;
    const done = rewrite(document, node, manifest.value, value, setting);
    splices.push(...done.splices);
    changed.push({ node, before: manifest.value, after: done.value });
    manifests.push({ origin, value: done.value as JsonObject, refused: done.refused });
  }
  const text = spliced(file.text, withoutEndedAllowances(file.text, splices, changed));
  return text !== undefined && isAsWanted(file, text, manifests) ? { text, manifests } : undefined;
}

function nodeAt(contents: ParsedNode | null, item: number | undefined): ParsedNode | undefined {
  if (item === undefined) return contents ?? undefined;
  return isSeq(contents) ? (contents.items[item] as ParsedNode | undefined) : undefined;
}

/** Every manifest of the file, those too that were not meant, reads as it should. */
function isAsWanted(file: SourceFile, text: string, edited: readonly EditedManifest[]): boolean {
  const read = parse({ path: file.path, text });
  if (read.diagnostics.length > 0) return false;
  const wanted = new Map(edited.map(({ origin, value }) => [placeOf(origin), value]));
  const expected = parse(file).manifests.map(({ value, origin }) => wanted.get(placeOf(origin)) ?? value);
  return canonicalJson(expected as Json) === canonicalJson(read.manifests.map(({ value }) => value));
}

function placeOf({ document, item }: Origin): string {
  return `${document} ${item ?? ''}`;
}
