import { isAlias, isCollection, isScalar, type ParsedNode, visit } from 'yaml';
import type { Json } from '../../model/json.ts';
import type { FieldPath } from '../../model/schedule.ts';
import { lineBreakOf, nextLine, type Splice } from '../read/source-text.ts';
import type { YamlDocument } from '../read/yaml.ts';
import { hasProperties } from './layout.ts';

/**
 * Why a value cannot be changed where it is.
 * - `alias`: it came by an alias or a merge
 * - `anchor`: it is what an alias refers to, so others would change with it
 * - `layout`: it is written in a way that an edit of only its lines would break
 */
export type RewriteFault = 'alias' | 'anchor' | 'layout';

export interface Refusal {
  readonly path: FieldPath;
  readonly why: RewriteFault;
}

/** Where new keys of a mapping go: after the nearest one that precedes them here. Others go to the end. */
export type KeyOrder = (path: FieldPath) => readonly string[];

export interface Setting {
  readonly text: string;
  readonly json: boolean;
  /** Texts in double quotes with escapes only. */
  readonly escaped: boolean;
  readonly order: KeyOrder;
}

/** A key of a mapping and what it has; null = nothing, not even a colon. */
export interface Pair {
  readonly key: ParsedNode;
  readonly value: ParsedNode | null;
}

/** The edits of one text so far. */
export interface Draft extends Setting {
  readonly lineBreak: string;
  readonly splices: Splice[];
  readonly refused: Refusal[];
  /** Of the innermost attempt: what it has put so far does not count. */
  fail(why: RewriteFault): void;
  hasFailed(): boolean;
  put(start: number, end: number, inserted: string): void;
  /** Whole lines below the one of an offset. They begin where the next line does: the one of the offset may go. */
  putBelow(offset: number, lines: readonly string[]): void;
  /** Makes an edit, or notes why it cannot be made; then the value stays. */
  attempt(path: FieldPath, before: Json, edit: () => Json): Json;
  isAliased(anchor: string): boolean;
  /** Where a node begins; that its anchor or tag is before it is refused. */
  startOf(node: ParsedNode): number;
  /** What keeps a node from being taken away: an alias in it, or something in it that an alias refers to. */
  sharedIn(node: ParsedNode): RewriteFault | undefined;
}

export function draftOf(document: YamlDocument, setting: Setting): Draft {
  const { text } = setting;
  const lineBreak = lineBreakOf(text);
  const aliased = aliasedIn(document);
  const splices: Splice[] = [];
  const refused: Refusal[] = [];
  let fault: RewriteFault | undefined;

  function put(start: number, end: number, inserted: string): void {
    splices.push({ start, end, text: inserted });
  }

  return {
    ...setting,
    lineBreak,
    splices,
    refused,
    fail: (why) => {
      fault ??= why;
    },
    hasFailed: () => fault !== undefined,
    put,
    putBelow(offset, lines) {
      const at = nextLine(text, offset);
      const isOpen = at === text.length && !text.endsWith('\n');
      put(at, at, lines.map((line) => (isOpen ? lineBreak + line : line + lineBreak)).join(''));
    },
    attempt(path, before, edit) {
      const made = splices.length;
      const around = fault;
      fault = undefined;
      const value = edit();
      const why = fault as RewriteFault | undefined;
      fault = around;
      if (why === undefined) return value;
      splices.length = made;
      refused.push({ path, why });
      return before;
    },
    isAliased: (anchor) => aliased.has(anchor),
    startOf(node) {
      if (hasProperties(node)) fault ??= 'layout';
      return node.range[0];
    },
    sharedIn(node) {
      let found: RewriteFault | undefined;
      visit(node, (_key, one) => {
        if (isAlias(one)) found = 'alias';
        else if ((isScalar(one) || isCollection(one)) && one.anchor && aliased.has(one.anchor))
          found ??= 'anchor';
      });
      return found;
    },
  };
}

function aliasedIn(document: YamlDocument): ReadonlySet<string> {
  const names = new Set<string>();
  visit(document, { Alias: (_key, { source }) => void names.add(source) });
  return names;
}

export function keyOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : '';
}
