import { isCollection, isMap, isSeq, type ParsedNode } from 'yaml';
import { isObject, type Json } from '../../model/json.ts';
import { isMergeKey } from '../read/compose.ts';
import { lineStart, nextLine, type Splice } from '../read/source-text.ts';
import { lineAllowances } from '../rules/allowances.ts';
import { keyOf } from './draft.ts';
import { comparable, matchItems } from './list-match.ts';

/** A manifest's node, and what it holds before and after an edit. */
export interface ChangedNode {
  readonly node: ParsedNode;
  readonly before: Json;
  readonly after: Json;
}

/**
 * The edits of a text without the comments that allow a rule for a line whose value changes: each was written for
 * the value that goes, and would let through another that was never reviewed.
 */
export function withoutEndedAllowances(
  text: string,
  splices: readonly Splice[],
  changed: readonly ChangedNode[],
): readonly Splice[] {
  if (!text.includes('downbeat:')) return splices;
  const lines = new Set(changed.flatMap(changedAt).map((offset) => lineStart(text, offset)));
  let result = splices;
  for (const { start, end, content } of lineAllowances(text)) {
    if (!lines.has(lineStart(text, content))) continue;
    const comment = text.slice(start, end);
    const own = lineStart(text, start);
    const isOwnLine = text.slice(own, start).trim() === '';
    const before = text.slice(own, start);
    const gone: Splice = isOwnLine
      ? { start: own, end: nextLine(text, end), text: '' }
      : { start: own + before.trimEnd().length, end, text: '' };
    const around = result.find((one) => one.start < gone.end && one.end > gone.start);
    result =
      around === undefined
        ? [...result, gone]
        : result.map((one) => (one === around ? { ...one, text: withoutComment(one.text, comment) } : one));
  }
  return result;
}

function withoutComment(text: string, comment: string): string {
  const at = text.indexOf(comment);
  return at < 0 ? text : text.slice(0, at).trimEnd() + text.slice(at + comment.length);
}

/** Where keys and items begin whose values change or go, those around them too. */
function changedAt({ node, before, after }: ChangedNode): readonly number[] {
  if (isMap(node) && isObject(before) && isObject(after))
    return node.items.flatMap(({ key, value }) => {
      const name = keyOf(key);
      const [old, wanted] = [before, after].map((fields) =>
        Object.hasOwn(fields, name) ? fields[name] : undefined,
      );
      if (isMergeKey(key) || old === undefined) return [];
      return within((key as ParsedNode).range[0], value as ParsedNode | null, old, wanted);
    });
  if (!isSeq(node) || !Array.isArray(before) || !Array.isArray(after)) return [];
  const { pairs, known, moved } = matchItems(before, after);
  const places = new Map([...pairs, ...[...moved].map(([to, from]) => [from, to] as const)]);
  return node.items.flatMap((item, index) => {
    const at = places.get(index) ?? (known ? undefined : index);
    const start = (item as ParsedNode).range[0];
    return within(start, item as ParsedNode, before[index] as Json, at === undefined ? undefined : after[at]);
  });
}

function within(
  start: number,
  node: ParsedNode | null,
  before: Json,
  after: Json | undefined,
): readonly number[] {
  if (after !== undefined && comparable(before) === comparable(after)) return [];
  if (node === null) return [start];
  const inner = after === undefined ? [] : changedAt({ node, before, after });
  // The lines of a block belong to its parts.
  const isBlock = isCollection(node) && !node.flow;
  return [start, ...(isBlock ? [] : [node.range[0]]), ...inner];
}
