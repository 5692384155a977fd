import { isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import { below, type Hiding, hides, type Sight, sightOf } from '../../model/hiding/hiding.ts';
import type { Json } from '../../model/json.ts';
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

/** What is hidden in the manifest of a name. */
export type HidingOf = (name: string) => Hiding;

/**
 * Both texts of a file without the values that must not be seen: what looks like a credential, and what its manifest
 * hides. A value that differs between the two says so, and nothing more.
 */
export function shownTexts(before: string, after: string, hidingOf: HidingOf): ShownTexts {
  const [old, next] = [hiddenIn(before, hidingOf), hiddenIn(after, hidingOf)];
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
function hiddenIn(text: string, hidingOf: HidingOf): ReadonlyMap<string, Hidden> {
  const found = new Map<string, Hidden>();
  const yaml = readYaml(text);
  for (const [index, document] of (yaml.ok ? yaml.documents : []).entries()) {
    const roots = isSeq(document.contents) ? document.contents.items : [document.contents];
    for (const [item, root] of roots.entries()) {
      const name: unknown = isMap(root) ? root.get('name') : undefined;
      const place = [String(index), String(item)];
      walk(root as ParsedNode | null, [], sightOf(hidingOf(String(name))), place);
    }
  }
  return found;

  function walk(node: ParsedNode | null, path: FieldPath, sight: Sight, place: readonly string[]): void {
    if (isMap(node))
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : '';
        walk(value as ParsedNode | null, [...path, name], below(sight, name), place);
      }
    else if (isSeq(node))
      for (const [index, one] of node.items.entries())
        walk(one as ParsedNode, [...path, String(index)], sight, place);
    else if (isScalar(node)) {
      const { range, value } = node as ParsedNode & { value: unknown };
      const shown = String(value);
      if (value === null || shown === '' || reference.test(shown) || !hides(sight, value as Json)) return;
      found.set(JSON.stringify([place, path]), {
        start: range[0],
        end: contentEnd(text, node as ParsedNode),
        value: shown,
      });
    }
  }
}
