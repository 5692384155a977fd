import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Origin } from '../../model/schedule.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import { compose } from './compose.ts';
import { jsonFault } from './json-syntax.ts';
import { readPlain } from './plain.ts';
import type { SourceFile } from './source.ts';
import { syntaxProblems } from './syntax.ts';
import { depthLimit, readYaml } from './yaml.ts';

/** One manifest as written: its value with aliases and merges resolved, and where it is. */
export interface RawManifest {
  readonly value: JsonObject;
  readonly origin: Origin;
}

export interface ParsedFile {
  readonly manifests: readonly RawManifest[];
  readonly diagnostics: readonly Diagnostic[];
  /** Of values that were most likely meant otherwise, by rules that can be set and allowed. */
  readonly warnings: readonly Diagnostic[];
}

// What neither YAML nor JSON lets be in a text; it comes from a wrong encoding.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const controlCharacter = /[\0-\x08\x0b\x0c\x0e-\x1f]/;
const directiveLine = /^(?!#|\s*$).+$/m;

/**
 * The manifests of one file: each document is one, or an array of some; documents without content are none. JSON
 * files are read as the YAML they are, for places and repeated keys, and must be JSON besides. A document with a syntax error
 * yields no manifest, the others of the file do.
 */
export function parse(file: SourceFile): ParsedFile {
  const plain = isJson(file) ? undefined : readPlain(file.text);
  return plain === undefined ? parseAny(file) : manifestsIn(plain, file.path);
}

/** The same for any text: `parse` comes here with all that is not plain. */
export function parseAny(file: SourceFile): ParsedFile {
  const unreadable = textProblem(file);
  if (unreadable) return refused(unreadable);
  const yaml = readYaml(file.text);
  if (!yaml.ok)
    return refused(problem('too-deep', { limit: depthLimit }, span(file, yaml.tooDeep, yaml.tooDeep + 1)));
  if (yaml.documents.length === 0) return withoutDocuments(file);

  const diagnostics: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  const values: (Json | undefined)[] = [];
  for (const [index, document] of yaml.documents.entries()) {
    if (document.errors.length + document.warnings.length > 0)
      diagnostics.push(...syntaxProblems(document, file));
    const composed =
      document.errors.length > 0 ? { diagnostics: [], warnings: [] } : compose(document, file, index);
    diagnostics.push(...composed.diagnostics);
    warnings.push(...composed.warnings);
    values.push(composed.value);
  }
  const { manifests, diagnostics: others } = manifestsIn(values, file.path);
  return { manifests, diagnostics: [...diagnostics, ...others], warnings };
}

/** The values of a file's documents as manifests; undefined is a document that could not be read. */
function manifestsIn(documents: readonly (Json | undefined)[], file: string): ParsedFile {
  const manifests: RawManifest[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [document, whole] of documents.entries())
    for (const { value, origin } of whole === undefined ? [] : valuesIn(whole, { file, document }))
      if (isObject(value)) manifests.push({ value, origin });
      else diagnostics.push(problem('not-a-manifest', { found: kindOf(value) }, itself(origin)));
  return { manifests, diagnostics, warnings: [] };
}

function isJson({ path }: SourceFile): boolean {
  return path.toLowerCase().endsWith('.json');
}

/** What makes the text as a whole unusable, whatever YAML would read from it. */
function textProblem(file: SourceFile): Diagnostic | undefined {
  const { text } = file;
  const control = controlCharacter.exec(text);
  if (control) {
    const { index } = control;
    return problem('control-character', { codePoint: text.charCodeAt(index) }, span(file, index, index + 1));
  }
  if (!isJson(file) || text.trim() === '') return undefined;
  const fault = jsonFault(text);
  if (!fault) return undefined;
  const { offset, expected } = fault;
  return problem('json-syntax', { expected }, span(file, offset, offset + 1));
}

/** What a document holds: nothing, one value, or the items of an array. */
function valuesIn(value: Json, origin: Origin): readonly { readonly value: Json; readonly origin: Origin }[] {
  if (value === null) return [];
  if (!Array.isArray(value)) return [{ value, origin }];
  return value.map((item: Json, index) => ({ value: item, origin: { ...origin, item: index } }));
}

/** Nothing but spaces and comments is an empty file; a directive that no document follows is a mistake. */
function withoutDocuments(file: SourceFile): ParsedFile {
  const text = file.text.replace(/^\ufeff/, ' ');
  const directive = directiveLine.exec(text);
  if (!directive) return { manifests: [], diagnostics: [], warnings: [] };
  const { index } = directive;
  return refused(
    problem(
      'not-a-manifest',
      { found: 'a directive' },
      span(file, index, index + directive[0].trimEnd().length),
    ),
  );
}

function refused(diagnostic: Diagnostic): ParsedFile {
  return { manifests: [], diagnostics: [diagnostic], warnings: [] };
}

function itself(origin: Origin): Diagnostic['place'] {
  return { kind: 'field', origin, path: [], at: 'value' };
}

function span(file: SourceFile, start: number, end: number): Diagnostic['place'] {
  return { kind: 'span', file: file.path, start, end };
}

function kindOf(value: Json): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'string' ? 'text' : typeof value === 'boolean' ? 'a truth value' : 'a number';
}
