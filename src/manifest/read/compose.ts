import { type Alias, isAlias, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap } from 'yaml';
import { isObject, type Json, type JsonObject, setField } from '../../model/json.ts';
import { present } from '../../model/present.ts';
import type { DiagnosticArgs, DiagnosticCode } from '../../problems/codes.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import type { SourceFile } from './source.ts';
import { depthLimit, type YamlDocument } from './yaml.ts';
import { alteredNumber, oldMeaning, yamlNumber } from './yaml-number.ts';

/**
 * How many nodes the aliases of one document may stand for in sum: nested aliases multiply, and what is a few
 * hundred bytes here would be gigabytes on the wire. Honest files with an alias per schedule stay far below.
 */
export const aliasLimit = 1_000_000;

/** What an alias may refer to. */
interface Anchored {
  readonly value: Json;
  /** Nodes in it, aliases counting as what they stand for and long texts as several. */
  readonly weight: number;
  /** Levels of collections in it. */
  readonly height: number;
}

const loneSurrogate = /\p{Surrogate}/u;
const hashAndNumber = /^\d+\s*$/;

/** `value` is absent when an alias or a merge in it leads nowhere: then too little is known to say more. */
export interface Composition {
  readonly value?: Json;
  readonly diagnostics: readonly Diagnostic[];
  /** Of scalars that most likely were meant otherwise. */
  readonly warnings: readonly Diagnostic[];
}

/**
 * Where a value is. Below `input` and `workflowDef` of a manifest, and below the `variables` of an environment in the
 * configuration, no schema says its type.
 */
type Region = 'document' | 'request' | 'environments' | 'environment' | 'free' | 'other';

function regionBelow(region: Region, key: string): Region {
  switch (region) {
    case 'free':
      return 'free';
    case 'document':
      return key === 'startWorkflowRequest' ? 'request' : key === 'environments' ? 'environments' : 'other';
    case 'request':
      return key === 'input' || key === 'workflowDef' ? 'free' : 'other';
    case 'environments':
      return 'environment';
    case 'environment':
      return key === 'variables' ? 'free' : 'other';
    default:
      return 'other';
  }
}

/** A walk over one document. */
type Walk = {
  readonly document: YamlDocument;
  readonly index: number;
  readonly file: string;
  readonly text: string;
  /** Numbers and texts of JSON are what they look like. */
  readonly isJson: boolean;
  readonly diagnostics: Diagnostic[];
  readonly warnings: Diagnostic[];
  readonly anchors: Map<string, Anchored | 'open'>;
  /** Where the walk is: keys, and items by their index. */
  readonly path: string[];
  /** Sums over what was walked so far; an anchor's own share is a difference of two of them. */
  weight: number;
  deepest: number;
  aliased: number;
  isWhole: boolean;
};

/**
 * The value of a YAML document as JSON: aliases and `<<` resolved, whole numbers exact, `__proto__` a key like any
 * other. What has no JSON value becomes null, with a problem; so do duplicate keys (the first one counts).
 */
export function compose(
  document: YamlDocument,
  { path: file, text }: SourceFile,
  index: number,
): Composition {
  const diagnostics: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  const walk: Walk = {
    ...{ document, index, file, text, diagnostics, warnings },
    isJson: file.toLowerCase().endsWith('.json'),
    anchors: new Map(),
    path: [],
    ...{ weight: 0, deepest: 0, aliased: 0, isWhole: true },
  };
  const value = valueAt(walk, document.contents, 0, 'document');
  return walk.isWhole ? { value, diagnostics, warnings } : { diagnostics, warnings };
}

function report<C extends DiagnosticCode>(
  walk: Walk,
  code: C,
  args: DiagnosticArgs[C],
  [start, end]: readonly [number, number, number],
): void {
  walk.diagnostics.push(problem(code, args, { kind: 'span', file: walk.file, start, end }));
}

function warn<C extends 'altered-number' | 'old-yaml-word'>(
  walk: Walk,
  code: C,
  args: DiagnosticArgs[C],
): void {
  const [first = '', ...below] = walk.path;
  const isItem = isSeq(walk.document.contents);
  const origin = { file: walk.file, document: walk.index, ...(isItem ? { item: Number(first) } : {}) };
  walk.warnings.push(
    problem(code, args, { kind: 'field', origin, path: isItem ? below : [...walk.path], at: 'value' }),
  );
}

function valueAt(walk: Walk, node: ParsedNode | null, depth: number, region: Region): Json {
  walk.weight += 1;
  if (depth > walk.deepest) walk.deepest = depth;
  if (node === null) return null;
  if (isAlias(node)) return aliasTarget(walk, node, depth);
  if (!node.anchor) return ownValue(walk, node, depth, region);
  const { weight, deepest } = walk;
  walk.deepest = depth;
  walk.anchors.set(node.anchor, 'open');
  const value = ownValue(walk, node, depth, region);
  walk.anchors.set(node.anchor, { value, weight: walk.weight - weight + 1, height: walk.deepest - depth });
  walk.deepest = Math.max(walk.deepest, deepest);
  return value;
}

function below(walk: Walk, key: string, node: ParsedNode | null, depth: number, region: Region): Json {
  walk.path.push(key);
  const value = valueAt(walk, node, depth + 1, region);
  walk.path.pop();
  return value;
}

function aliasTarget(walk: Walk, { source: alias, range }: Alias.Parsed, depth: number): Json {
  const target = walk.anchors.get(alias);
  if (target === undefined) report(walk, 'unknown-alias', { alias }, range);
  else if (target === 'open') report(walk, 'alias-loop', { alias }, range);
  else if (depth + target.height > depthLimit) report(walk, 'too-deep', { limit: depthLimit }, range);
  else {
    const wasWithin = walk.aliased <= aliasLimit;
    walk.aliased += target.weight;
    walk.weight += target.weight;
    walk.deepest = Math.max(walk.deepest, depth + target.height);
    if (walk.aliased <= aliasLimit) return target.value;
    if (wasWithin) report(walk, 'alias-bomb', { limit: aliasLimit }, range);
  }
  walk.isWhole = false;
  return null;
}

function ownValue(walk: Walk, node: Exclude<ParsedNode, Alias.Parsed>, depth: number, region: Region): Json {
  if (isScalar(node)) return scalar(walk, node as Scalar.Parsed, region);
  if (isSeq(node))
    return node.items.map((item, at) => below(walk, String(at), item as ParsedNode | null, depth, region));
  return mapping(walk, node as YAMLMap.Parsed, depth, region);
}

function scalar(walk: Walk, { value, type, source, range, tag }: Scalar.Parsed, region: Region): Json {
  const isAmbiguous = region === 'free' && type === 'PLAIN' && !walk.isJson;
  if (typeof value === 'string') {
    // A tag, as in `!!str no`, says that it is text to every reader.
    const meaning = isAmbiguous && tag === undefined ? oldMeaning(source) : undefined;
    if (meaning !== undefined) warn(walk, 'old-yaml-word', { text: source, meaning });
    walk.weight += value.length >>> 6;
    if (type === 'QUOTE_DOUBLE' && isCutByEscape(walk, range))
      report(walk, 'unclosed-quote', { quote: '"' }, range);
    // Only an escape can write half a pair.
    if (type === 'QUOTE_DOUBLE' && loneSurrogate.test(value)) report(walk, 'lone-surrogate', {}, range);
    return value;
  }
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'number' && typeof value !== 'bigint') return null;
  const number = yamlNumber(source);
  const becomes = isAmbiguous ? alteredNumber(source) : undefined;
  if (becomes !== undefined) warn(walk, 'altered-number', { text: source, becomes });
  if (number !== undefined) return number;
  report(walk, 'number-range', { text: source }, range);
  return null;
}

function mapping(walk: Walk, node: YAMLMap.Parsed, depth: number, region: Region): Json {
  const fields: { [key: string]: Json } = {};
  const merged: JsonObject[] = [];
  /** The last key without a value: what follows may be meant for it. */
  let empty: string | undefined;
  for (const pair of node.items) {
    // A key that is not a scalar has been reported as NON_STRING_KEY.
    if (!isScalar(pair.key)) continue;
    const key = pair.key as Scalar.Parsed;
    if (key.type === 'QUOTE_DOUBLE' && isCutByEscape(walk, key.range))
      report(walk, 'unclosed-quote', { quote: '"' }, key.range);
    if (key.source === '' && key.type === 'PLAIN') {
      const [start] = key.range;
      report(walk, 'yaml-syntax', { why: 'A key must be a text' }, [start, start + 1, start + 1]);
    }
    const name = String(key.value);
    if (key.anchor) walk.anchors.set(key.anchor, { value: name, weight: 1, height: 0 });
    const value = below(walk, name, pair.value, depth, isMergeKey(key) ? region : regionBelow(region, name));
    if (isMergeKey(key)) merged.push(...mergeSources(walk, value, key));
    else {
      if (key.type === 'QUOTE_DOUBLE' && loneSurrogate.test(name))
        report(walk, 'lone-surrogate', {}, key.range);
      if (Object.hasOwn(fields, name))
        report(walk, 'duplicate-key', { key: name, ...present({ empty }) }, key.range);
      else setField(fields, name, value);
      if (isScalar(pair.value) && pair.value.source === '') empty = name;
      if (name === 'cronExpression') lookForCutCron(walk, pair.value);
    }
  }
  // What is in the mapping itself wins, then the source named first.
  for (const source of merged)
    for (const [name, value] of Object.entries(source))
      if (!Object.hasOwn(fields, name)) setField(fields, name, value);
  return fields;
}

function mergeSources(walk: Walk, value: Json, key: Scalar.Parsed): readonly JsonObject[] {
  const sources: readonly Json[] = Array.isArray(value) ? value : [value];
  const mappings = sources.filter(isObject);
  if (mappings.length < sources.length && walk.isWhole) {
    report(walk, 'bad-merge', {}, key.range);
    walk.isWhole = false;
  }
  return mappings;
}

/** The parser (yaml 2.9) takes the `\"` at a line's end for the closing quote when the next line is indented less. */
function isCutByEscape(walk: Walk, [start, end]: readonly [number, number, number]): boolean {
  let slashes = 0;
  while (end - 2 - slashes > start && walk.text.charAt(end - 2 - slashes) === '\\') slashes += 1;
  return slashes % 2 === 1;
}

/** `MON #1` without quotes: YAML takes ` #1` for a comment, and what is left fires every Monday. */
function lookForCutCron(walk: Walk, node: ParsedNode | null): void {
  if (!isScalar(node) || node.type !== 'PLAIN' || !hashAndNumber.test(node.comment ?? '')) return;
  const { source, range } = node as Scalar.Parsed;
  report(walk, 'cut-by-comment', { kept: source, lost: `#${node.comment?.trim()}` }, range);
}

/** True for a plain `<<`, whose value's keys count as the mapping's own. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}
