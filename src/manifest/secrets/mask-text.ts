import { isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import { looksLikeCredential } from '../../model/credential.ts';
import type { FieldPath } from '../../model/schedule.ts';
import { contentEnd, type Splice, spliced } from '../read/source-text.ts';
import { readYaml } from '../read/yaml.ts';

/** Texts of a file before and after an edit, fit to be shown. */
export interface ShownTexts {
  readonly before: string;
  readonly after: string;
}

// A reference says nothing of the value.
const reference = /^(?:[A-Za-z]+ )?\$\{[^}]*\}$/;

/**
 * Both texts of a file without the values that must not be seen: below keys that look like credentials, and at the
 * given paths of the manifests of the given names. A value that differs between the two says so, and nothing more.
 */
export function shownTexts(
  before: string,
  after: string,
  sensitive: ReadonlyMap<string, readonly FieldPath[]>,
): ShownTexts {
  const [old, next] = [hiddenIn(before, sensitive), hiddenIn(after, sensitive)];
  return {
    before: masked(before, old, () => '(sensitive)'),
    after: masked(after, next, (place, value) =>
      before !== '' && old.get(place)?.value !== value ? '(sensitive) changed' : '(sensitive)',
    ),
  };
}

interface Hidden {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

function masked(
  text: string,
  hidden: ReadonlyMap<string, Hidden>,
  words: (place: string, value: string) => string,
): string {
  const splices = [...hidden].map(
    ([place, { start, end, value }]): Splice => ({ start, end, text: words(place, value) }),
  );
  return spliced(text, splices) ?? '';
}

/** By document and path. */
function hiddenIn(
  text: string,
  sensitive: ReadonlyMap<string, readonly FieldPath[]>,
): ReadonlyMap<string, Hidden> {
  const found = new Map<string, Hidden>();
  const yaml = readYaml(text);
  for (const [index, document] of (yaml.ok ? yaml.documents : []).entries()) {
    const roots = isSeq(document.contents) ? document.contents.items : [document.contents];
    for (const [item, root] of roots.entries()) {
      const name: unknown = isMap(root) ? root.get('name') : undefined;
      walk(
        root as ParsedNode | null,
        [],
        false,
        [String(index), String(item)],
        sensitive.get(String(name)) ?? [],
      );
    }
  }
  return found;

  function walk(
    node: ParsedNode | null,
    path: FieldPath,
    isHidden: boolean,
    place: readonly string[],
    paths: readonly FieldPath[],
  ): void {
    const hides = isHidden || paths.some((one) => one.length > 0 && isAtOrBelow(path, one));
    if (isMap(node))
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : '';
        walk(value as ParsedNode | null, [...path, name], hides || looksLikeCredential(name), place, paths);
      }
    else if (isSeq(node))
      for (const [index, one] of node.items.entries())
        walk(one as ParsedNode, [...path, String(index)], hides, place, paths);
    else if (hides && isScalar(node)) {
      const { range, value } = node as ParsedNode & { value: unknown };
      const shown = String(value);
      if (value !== null && shown !== '' && !reference.test(shown))
        found.set(JSON.stringify([place, path]), {
          start: range[0],
          end: contentEnd(text, node as ParsedNode),
          value: shown,
        });
    }
  }
}

function isAtOrBelow(path: FieldPath, at: FieldPath): boolean {
  return path.length >= at.length && at.every((part, index) => part === path[index]);
}
