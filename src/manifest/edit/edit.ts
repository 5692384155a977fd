import { isSeq, type ParsedNode } from 'yaml';
import { canonicalJson, type Json, type JsonObject } from '../../model/json.ts';
import type { Origin } from '../../model/schedule.ts';
import { parse, type RawManifest } from '../read/parse-file.ts';
import type { SourceFile } from '../read/source.ts';
import { type Splice, spliced } from '../read/source-text.ts';
import { readYaml } from '../read/yaml.ts';
import type { KeyOrder, Refusal, RewriteFault } from './draft.ts';
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
 * A file of manifests with some of them changed, on the lines alone that hold what differs. The new text is read
 * again: what does not come out exactly as wanted, in any manifest of the file, is left as it was.
 */
export function edit(file: SourceFile, edits: readonly Edit[], order: KeyOrder): EditedFile {
  const together = attempt(file, edits, order);
  if (together !== undefined) return together;
  // One of them is at fault: each on its own, on what the others have made.
  const manifests: EditedManifest[] = [];
  let { text } = file;
  for (const one of edits) {
    const done = attempt({ path: file.path, text }, [one], order);
    text = done?.text ?? text;
    manifests.push(...(done?.manifests ?? [unverified(one)]));
  }
  return { text, manifests };
}

function unverified({ manifest: { origin, value } }: Edit): EditedManifest {
  return { origin, value, refused: [{ path: [], why: 'unverified' }] };
}

function attempt(file: SourceFile, edits: readonly Edit[], order: KeyOrder): EditedFile | undefined {
  const yaml = readYaml(file.text);
  if (!yaml.ok) return undefined;
  const splices: Splice[] = [];
  const manifests: EditedManifest[] = [];
  const setting = { text: file.text, json: file.path.toLowerCase().endsWith('.json'), order };
  for (const { manifest, value } of edits) {
    const { origin } = manifest;
    const document = yaml.documents[origin.document];
    const node = document && nodeAt(document.contents, origin.item);
    if (!document || !node) return undefined;
    const done = rewrite(document, node, manifest.value, value, setting);
    splices.push(...done.splices);
    manifests.push({ origin, value: done.value as JsonObject, refused: done.refused });
  }
  const text = spliced(file.text, splices);
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
