import { type Alias, isAlias, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap } from 'yaml';
import { isObject, type Json, type JsonObject, setField } from '../../model/json.ts';
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

/**
 * The value of a YAML document as JSON: aliases and `<<` resolved, whole numbers exact, `__proto__` a key like any
 * other. What has no JSON value becomes null, with a problem; so do keys that stand twice (the first one counts).
 */
export function compose(
  document: YamlDocument,
  { path: file, text }: SourceFile,
  index: number,
): Composition {
  const diagnostics: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  // Numbers and texts of JSON are what they look like.
  const isJson = file.toLowerCase().endsWith('.json');
  const anchors = new Map<string, Anchored | 'open'>();
  /** Sums over what was walked so far; an anchor's own share is a difference of two of them. */
  let weight = 0;
  let deepest = 0;
  let aliased = 0;
  let isWhole = true;
  /** Where the walk is: keys, and items by their index. */
  const path: string[] = [];

  function report<C extends DiagnosticCode>(
    code: C,
    args: DiagnosticArgs[C],
    [start, end]: readonly [number, number, number],
  ): void {
    diagnostics.push(problem(code, args, { kind: 'span', file, start, end }));
  }

  function warn<C extends 'altered-number' | 'old-yaml-word'>(code: C, args: DiagnosticArgs[C]): void {
    const [first = '', ...below] = path;
    const isItem = isSeq(document.contents);
    const origin = { file, document: index, ...(isItem ? { item: Number(first) } : {}) };
    warnings.push(
      problem(code, args, { kind: 'field', origin, path: isItem ? below : [...path], at: 'value' }),
    );
  }

  function valueAt(node: ParsedNode | null, depth: number, region: Region): Json {
    weight += 1;
    if (depth > deepest) deepest = depth;
    if (node === null) return null;
    if (isAlias(node)) return aliasTarget(node, depth);
    if (!node.anchor) return ownValue(node, depth, region);
    const before = { weight, deepest };
    deepest = depth;
    anchors.set(node.anchor, 'open');
    const value = ownValue(node, depth, region);
    anchors.set(node.anchor, { value, weight: weight - before.weight + 1, height: deepest - depth });
    deepest = Math.max(deepest, before.deepest);
    return value;
  }

  function below(key: string, node: ParsedNode | null, depth: number, region: Region): Json {
    path.push(key);
    const value = valueAt(node, depth + 1, region);
    path.pop();
    return value;
  }

  function aliasTarget({ source: alias, range }: Alias.Parsed, depth: number): Json {
    const target = anchors.get(alias);
    if (target === undefined) report('unknown-alias', { alias }, range);
    else if (target === 'open') report('alias-loop', { alias }, range);
    else if (depth + target.height > depthLimit) report('too-deep', { limit: depthLimit }, range);
    else {
      const wasWithin = aliased <= aliasLimit;
      aliased += target.weight;
      weight += target.weight;
      deepest = Math.max(deepest, depth + target.height);
      if (aliased <= aliasLimit) return target.value;
      if (wasWithin) report('alias-bomb', { limit: aliasLimit }, range);
    }
    isWhole = false;
    return null;
  }

  function ownValue(node: Exclude<ParsedNode, Alias.Parsed>, depth: number, region: Region): Json {
    if (isScalar(node)) return scalar(node as Scalar.Parsed, region);
    if (isSeq(node))
      return node.items.map((item, at) => below(String(at), item as ParsedNode | null, depth, region));
    return mapping(node as YAMLMap.Parsed, depth, region);
  }

  function scalar({ value, type, source, range }: Scalar.Parsed, region: Region): Json {
    const isAmbiguous = region === 'free' && type === 'PLAIN' && !isJson;
    if (typeof value === 'string') {
      const meaning = isAmbiguous ? oldMeaning(source) : undefined;
      if (meaning !== undefined) warn('old-yaml-word', { text: source, meaning });
      weight += value.length >>> 6;
      if (type === 'QUOTE_DOUBLE' && isCutByEscape(range)) report('unclosed-quote', { quote: '"' }, range);
      // Only an escape can write half a pair.
      if (type === 'QUOTE_DOUBLE' && loneSurrogate.test(value)) report('lone-surrogate', {}, range);
      return value;
    }
    if (typeof value === 'boolean') return value;
    if (typeof value !== 'number' && typeof value !== 'bigint') return null;
    const number = yamlNumber(source);
    const becomes = isAmbiguous ? alteredNumber(source) : undefined;
    if (becomes !== undefined) warn('altered-number', { text: source, becomes });
    if (number !== undefined) return number;
    report('number-range', { text: source }, range);
    return null;
  }

  function mapping(node: YAMLMap.Parsed, depth: number, region: Region): Json {
    const fields: { [key: string]: Json } = {};
    const merged: JsonObject[] = [];
    for (const pair of node.items) {
      // A key that is no scalar has been reported as NON_STRING_KEY.
      if (!isScalar(pair.key)) continue;
      const key = pair.key as Scalar.Parsed;
      if (key.type === 'QUOTE_DOUBLE' && isCutByEscape(key.range))
        report('unclosed-quote', { quote: '"' }, key.range);
      if (key.source === '' && key.type === 'PLAIN') {
        const [start] = key.range;
        report('yaml-syntax', { why: 'A key must be a text' }, [start, start + 1, start + 1]);
      }
      const name = String(key.value);
      if (key.anchor) anchors.set(key.anchor, { value: name, weight: 1, height: 0 });
      const value = below(name, pair.value, depth, isMergeKey(key) ? region : regionBelow(region, name));
      if (isMergeKey(key)) merged.push(...mergeSources(value, key));
      else {
        if (key.type === 'QUOTE_DOUBLE' && loneSurrogate.test(name)) report('lone-surrogate', {}, key.range);
        if (Object.hasOwn(fields, name)) report('duplicate-key', { key: name }, key.range);
        else setField(fields, name, value);
        if (name === 'cronExpression') lookForCutCron(pair.value);
      }
    }
    // What stands in the mapping itself wins, then the source named first.
    for (const source of merged)
      for (const [name, value] of Object.entries(source))
        if (!Object.hasOwn(fields, name)) setField(fields, name, value);
    return fields;
  }

  function mergeSources(value: Json, key: Scalar.Parsed): readonly JsonObject[] {
    const sources: readonly Json[] = Array.isArray(value) ? value : [value];
    const mappings = sources.filter(isObject);
    if (mappings.length < sources.length && isWhole) {
      report('bad-merge', {}, key.range);
      isWhole = false;
    }
    return mappings;
  }

  /** The parser (yaml 2.9) takes the `\"` at a line's end for the closing quote when the next line is indented less. */
  function isCutByEscape([start, end]: readonly [number, number, number]): boolean {
    let slashes = 0;
    while (end - 2 - slashes > start && text.charAt(end - 2 - slashes) === '\\') slashes += 1;
    return slashes % 2 === 1;
  }

  /** `MON #1` without quotes: YAML takes ` #1` for a comment, and what is left fires every Monday. */
  function lookForCutCron(node: ParsedNode | null): void {
    if (!isScalar(node) || node.type !== 'PLAIN' || !hashAndNumber.test(node.comment ?? '')) return;
    const { source, range } = node as Scalar.Parsed;
    report('cut-by-comment', { kept: source, lost: `#${node.comment?.trim()}` }, range);
  }

  const value = valueAt(document.contents, 0, 'document');
  return isWhole ? { value, diagnostics, warnings } : { diagnostics, warnings };
}

/** True for a plain `<<`, whose value's keys count as the mapping's own. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}
