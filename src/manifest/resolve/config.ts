import type { Limits, VariableValue } from '../../model/config.ts';
import type { CalendarEntry } from '../../model/generated/report-parts.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { FieldPath, Origin } from '../../model/schedule.ts';
import type { RuleSettings } from '../../model/severity.ts';
import { type Diagnostic, type Place, problem } from '../../problems/diagnostic.ts';
import { isSamePath } from '../read/field-path.ts';
import { validateConfig } from '../read/generated/validate-config.js';
import { parse } from '../read/parse-file.ts';
import { plainNumbers, schemaProblems } from '../read/schema-problems.ts';
import type { SourceFile } from '../read/source.ts';
import { mayRefer, partsOf } from './references.ts';

/** `downbeat.yaml` as `schemas/config.schema.json` has it. */
export interface ConfigFile {
  readonly server?: ServerEntry;
  readonly manifests?: string;
  readonly owner?: string;
  readonly prune?: boolean;
  readonly ignore?: readonly string[];
  readonly sensitive?: { readonly not?: readonly string[] };
  readonly allow?: { readonly env?: readonly string[]; readonly secrets?: readonly string[] };
  readonly policies?: string;
  readonly workflows?: string | readonly string[];
  readonly calendars?: { readonly [name: string]: CalendarEntry };
  readonly defaults?: { readonly zoneId?: string; readonly tags?: JsonObject };
  readonly limits?: { readonly [L in keyof Limits]?: LimitEntry };
  readonly rules?: RuleSettings;
  readonly environments?: { readonly [name: string]: EnvironmentEntry };
}

export interface ServerEntry {
  readonly url?: string;
  readonly type?: string;
}

export interface EnvironmentEntry {
  readonly server?: ServerEntry;
  readonly paused?: string;
  readonly tags?: JsonObject;
  readonly names?: string;
  readonly defaults?: ConfigFile['defaults'];
  readonly overlays?: string;
  readonly variables?: { readonly [name: string]: VariableValue };
}

/** A number, `N%` or `none`. */
export type LimitEntry = number | bigint | string;

/** A configuration file that was read. With an error among the problems it is empty. */
export interface ReadConfig {
  readonly file: ConfigFile;
  readonly origin: Origin;
  readonly diagnostics: readonly Diagnostic[];
  /** What it asks to be checked, as far as it can be read. */
  readonly checks: readonly ('policies' | 'workflows')[];
}

/** Reads a configuration file: one mapping, or nothing. */
export function readConfig(source: SourceFile): ReadConfig {
  const origin = { file: source.path, document: 0 };
  const { manifests: documents, diagnostics: syntax } = parse(source);
  const [document] = documents;
  const checks = checksOf(document?.value);
  const refused = (diagnostics: readonly Diagnostic[]): ReadConfig => ({
    file: {},
    origin,
    diagnostics,
    checks,
  });
  if (syntax.length > 0) return refused(syntax.map(asConfig));
  if (document === undefined) return refused([]);
  if (documents.length > 1 || document.origin.item !== undefined)
    return refused([problem('not-a-config', { found: 'several' }, placeIn(document.origin, []))]);
  const { value } = document;
  const stray = strayReferences(value, document.origin, []);
  // What the schema says of such a text would only repeat it.
  const misfits = schemaMisfits(value, document.origin).filter(
    ({ place }) => !stray.some((one) => isSamePlace(one.place, place)),
  );
  const found = [...misfits, ...stray];
  if (found.length > 0) return refused(found);
  return { file: value as ConfigFile, origin: document.origin, diagnostics: [], checks };
}

/** What a configuration asks to be checked, whatever else is wrong with it. */
function checksOf(value: JsonObject = {}): ReadConfig['checks'] {
  return (['policies', 'workflows'] as const).filter((key) => value[key] !== undefined);
}

/** Whether a name that was typed is one that the file could have as its `owner`. */
export function isOwnerName(owner: string): boolean {
  return validateConfig({ owner });
}

function schemaMisfits(value: JsonObject, origin: Origin): readonly Diagnostic[] {
  if (validateConfig(plainNumbers(value))) return [];
  return schemaProblems(validateConfig.errors ?? [], { value, origin }, { isRequired: () => false });
}

function isSamePlace(a: Place, b: Place): boolean {
  return a.kind === 'field' && b.kind === 'field' && isSamePath(a.path, b.path);
}

function asConfig(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.code === 'not-a-manifest'
    ? problem('not-a-config', diagnostic.args, diagnostic.place)
    : diagnostic;
}

/** References are resolved in `defaults`, as in manifests; anywhere else they would stay as they are, in silence. */
function strayReferences(value: Json, origin: Origin, path: FieldPath): readonly Diagnostic[] {
  if (path.length === 1 && path[0] === 'defaults') return [];
  if (path.length === 3 && path[0] === 'environments' && path[2] === 'defaults') return [];
  if (typeof value === 'string')
    return mayRefer(value) && partsOf(value).some(({ kind }) => kind !== 'text')
      ? [problem('reference-in-config', { text: value }, placeIn(origin, path))]
      : [];
  const entries: readonly (readonly [string, Json])[] = Array.isArray(value)
    ? value.map((item: Json, index) => [String(index), item] as const)
    : isObject(value)
      ? Object.entries(value)
      : [];
  return entries.flatMap(([key, item]) => strayReferences(item, origin, [...path, key]));
}

function placeIn(origin: Origin, path: FieldPath): Place {
  return { kind: 'field', origin, path, at: 'value' };
}
