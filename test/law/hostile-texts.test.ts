import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isMap, isScalar, isSeq, type ParsedNode, type YAMLMap } from 'yaml';
import { edit } from '../../src/manifest/edit/edit.ts';
import { comparable } from '../../src/manifest/edit/list-match.ts';
import { parse } from '../../src/manifest/read/parse-file.ts';
import { contentEnd } from '../../src/manifest/read/source-text.ts';
import { commentsIn, readYaml } from '../../src/manifest/read/yaml.ts';
import {
  canonicalJson,
  isObject,
  type Json,
  type JsonObject,
  objectOf,
  writeJson,
} from '../../src/model/json.ts';
import { casesOf } from '../support/cases.ts';
import { anyHostileText } from '../support/hostile-texts.ts';
import { anyJson } from '../support/values.ts';
import { anySeed, type Choices, choicesOf, styledYaml } from '../support/yaml-styles.ts';
import { lawSettings } from './settings.ts';

const { seed } = lawSettings;
const runs = casesOf(10_000, 1000);

const aText = fc.oneof(
  { weight: 4, arbitrary: anyHostileText },
  { weight: 1, arbitrary: fc.constant('plain words') },
);
const aValue: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: aText },
  { weight: 1, arbitrary: anyJson },
);

/** What people have in a file: texts and lists and mappings of texts, one of them in another. */
const aManifest: fc.Arbitrary<JsonObject> = fc
  .record({
    description: aText,
    input: fc
      .array(
        fc.tuple(
          fc.oneof(fc.constantFrom('a', 'b', 'c', 'd', 'e'), anyHostileText),
          fc.oneof(
            aValue,
            fc.array(aValue, { maxLength: 3 }),
            fc.array(fc.tuple(fc.constantFrom('x', 'y', 'z'), aValue), { maxLength: 3 }).map(objectOf),
          ),
        ),
        { minLength: 1, maxLength: 4 },
      )
      .map(objectOf),
  })
  .map((fields) => ({ name: 'a', ...fields }));

const aCase = fc.record({
  manifests: fc.array(aManifest, { minLength: 1, maxLength: 2 }),
  texts: fc.array(aValue, { minLength: 1, maxLength: 3 }),
  key: anyHostileText,
  style: anySeed,
  json: fc.boolean(),
  crlf: fc.boolean(),
});

/** The value as somebody left it on the server: some texts are others, a few keys are new or gone. */
function onServer(value: Json, texts: readonly Json[], key: string, choose: Choices): Json {
  const other = (): Json => texts[choose.of(texts.length)] ?? '';
  if (Array.isArray(value) && value.length > 0 && choose.of(6) > 0)
    return value.map((item: Json) => onServer(item, texts, key, choose));
  if (isObject(value) && choose.of(8) > 0) {
    const entries = Object.entries(value).flatMap(([name, item]): [string, Json][] =>
      choose.of(12) === 0 ? [] : [[name, onServer(item, texts, key, choose)]],
    );
    return objectOf(choose.of(8) === 0 ? [...entries, [key, other()]] : entries);
  }
  return choose.of(3) === 0 ? other() : value;
}

type Path = readonly string[];

interface Difference {
  readonly path: Path;
  /** It is in one of the two only. */
  readonly comesOrGoes: boolean;
  /** Nothing differs there, but its line may go: an equal item of the list may stay in its stead. */
  readonly isEqual?: true;
}

/** Where two values differ: in a part where their shapes are the same, else as a whole. */
function differences(before: Json | undefined, after: Json | undefined, path: Path): readonly Difference[] {
  if (before !== undefined && after !== undefined && comparable(before) === comparable(after)) return [];
  if (isObject(before) && isObject(after) && Object.keys(before).some((key) => Object.hasOwn(after, key)))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      differences(
        Object.hasOwn(before, key) ? before[key] : undefined,
        Object.hasOwn(after, key) ? after[key] : undefined,
        [...path, key],
      ),
    );
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length && before.length > 0)
    return before.flatMap((item: Json, index) => {
      const at = [...path, String(index)];
      const found = differences(item, after[index] as Json, at);
      // Which of equal ones is still there cannot be told by their places.
      const isOneOfMany = found.length === 0 && [before, after].some((list) => isThereTwice(list, item));
      return isOneOfMany ? [{ path: at, comesOrGoes: false, isEqual: true }] : found;
    });
  return [{ path, comesOrGoes: before === undefined || after === undefined }];
}

function isThereTwice(list: readonly Json[], item: Json): boolean {
  return list.filter((one) => comparable(one) === comparable(item)).length > 1;
}

interface Lines {
  /** Those that hold nothing at or below one of the paths, each without its indicators and separators. */
  readonly values: readonly string[];
  /** Those with a comment alone, and blank ones, as far as they are outside of these paths. */
  readonly notes: readonly string[];
  readonly allNotes: readonly string[];
}

function linesOf(
  text: string,
  roots: readonly (ParsedNode | null)[],
  changed: readonly (readonly Difference[])[],
): Lines {
  const lines = text.split('\n');
  const touched = new Set<number>();
  for (const [index, root] of roots.entries())
    for (const difference of changed[index] ?? []) {
      for (const span of spansOf(text, root, difference)) {
        const [first = 0, last = 0] = span.map((offset) => text.slice(0, offset).split('\n').length - 1);
        for (let line = first; line <= last; line += 1) touched.add(line);
      }
    }
  const isNote = (line: string): boolean => /^\s*(?:#[^\n]*)?$/.test(line);
  const others = lines.filter((_line, index) => !touched.has(index));
  return {
    values: others
      .filter((line) => !isNote(line))
      .map((line) =>
        line
          .replace(/^[ -]*/, (head) => ' '.repeat(head.length))
          .replace(/,?(\s*(?:# why: \[this\])?\r?)$/, '$1'),
      ),
    notes: others.filter(isNote).map((line) => line.trim()),
    allNotes: lines.filter(isNote).map((line) => line.trim()),
  };
}

/** No list is on the way: items may take their comments to another place. */
function isInMappings(value: Json | undefined, path: Path): boolean {
  return path.length === 0 || (isObject(value) && isInMappings(value[path[0] ?? ''], path.slice(1)));
}

/** All of one list are in another, in their order. */
function isWithin(some: readonly string[], all: readonly string[]): boolean {
  let at = 0;
  for (const one of all) if (one === some[at]) at += 1;
  return at === some.length;
}

/**
 * From the key, or the item, to its end; of a key that goes, and of an item, which may be one that goes, from the
 * comments right above it, unless these begin the document. What is not there had lines of its own, or some of those of its neighbors. */
function spansOf(
  text: string,
  root: ParsedNode | null,
  { path, comesOrGoes }: Difference,
): readonly (readonly [number, number])[] {
  let node = root;
  let start = root?.range[0] ?? 0;
  let shared: readonly (readonly [number, number])[] = [];
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === part);
      shared = node.flow && comesOrGoes ? linesShared(text, node) : [];
      if (pair === undefined) return shared;
      start = (pair.key as ParsedNode).range[0];
      if (comesOrGoes && !node.flow) start = commentsAbove(text, start);
      node = (pair.value ?? pair.key) as ParsedNode;
    } else if (isSeq(node)) {
      const isBlock = !node.flow;
      node = node.items[Number(part)] as ParsedNode;
      start = isBlock ? commentsAbove(text, node.range[0]) : node.range[0];
    } else return [];
  }
  return node === null ? [] : [...shared, [start, Math.max(start, contentEnd(text, node))]];
}

function commentsAbove(text: string, offset: number): number {
  const lines = text.slice(0, offset).split('\n');
  const [margin = ''] = /^ */.exec(lines.pop() ?? '') ?? [];
  let above = 0;
  while (lines.at(-1 - above)?.startsWith(`${margin}#`)) above += 1;
  const begins = above === lines.length || lines.at(-1 - above)?.startsWith('---');
  return begins
    ? offset
    : lines.slice(0, lines.length - above).reduce((sum, line) => sum + line.length + 1, 0);
}

/** In brackets, where an entry comes or goes: the ends of those that are on a line with another or a bracket. */
function linesShared(text: string, node: YAMLMap<unknown, unknown>): readonly (readonly [number, number])[] {
  const [from, to] = node.range as [number, number, number];
  const edges = node.items.flatMap(({ key, value }) => [
    (key as ParsedNode).range[0],
    ((value ?? key) as ParsedNode).range[1],
  ]);
  const all = [from, ...edges, to];
  const isShared = all.some((edge, at) => at % 2 === 1 && !text.slice(all[at - 1], edge).includes('\n'));
  return isShared ? all.map((edge) => [edge, edge]) : [];
}

function rootsOf(text: string): readonly (ParsedNode | null)[] {
  const read = readYaml(text);
  if (!read.ok) throw new Error('too deep');
  return read.documents.flatMap(({ contents }) =>
    isSeq(contents) ? (contents.items as ParsedNode[]) : [contents],
  );
}

it(`text from a server reads back as itself, or the difference is reported (seed ${seed})`, {
  timeout: 3_600_000,
}, () => {
  let edits = 0;
  let refusals = 0;
  let onlyTexts = 0;
  fc.assert(
    fc.property(aCase, ({ manifests: values, texts, key, style, json, crlf }) => {
      const choose = choicesOf(style);
      const plain = json
        ? writeJson(values.length === 1 ? (values[0] as Json) : values, choose.of(3) * 2)
        : values.map((value) => styledYaml(value, choose)).join('---\n');
      const text = crlf ? plain.replaceAll('\n', '\r\n') : plain;
      const file = { path: json ? 'a.json' : 'a.yaml', text };
      const { manifests, diagnostics } = parse(file);
      // A few texts cannot be in a file at all.
      fc.pre(diagnostics.length === 0 && manifests.length === values.length);
      const wanted = manifests.map(
        ({ value }) => ({ ...(onServer(value, texts, key, choose) as JsonObject), name: 'a' }) as JsonObject,
      );
      const done = edit(
        file,
        manifests.map((manifest, index) => ({ manifest, value: wanted[index] as JsonObject })),
        () => [],
      );

      const read = parse({ ...file, text: done.text });
      expect(read.diagnostics).toStrictEqual([]);
      const changed = manifests.map(({ value }, index) =>
        differences(value, read.manifests[index]?.value, []),
      );
      for (const [index, { refused, value }] of done.manifests.entries()) {
        edits += 1;
        refusals += refused.length > 0 ? 1 : 0;
        const found = read.manifests[index]?.value ?? null;
        expect(canonicalJson(found)).toBe(canonicalJson(value));
        const left = differences(found, wanted[index] as Json, []).filter(
          ({ path, isEqual }) =>
            isEqual === undefined &&
            !refused.some((one) => one.path.every((part, at) => at >= path.length || path[at] === part)),
        );
        expect(left, 'what differs is said').toStrictEqual([]);
      }
      const [old, now] = [
        linesOf(text, rootsOf(text), changed),
        linesOf(done.text, rootsOf(done.text), changed),
      ];
      expect(now.values).toStrictEqual(old.values);
      // A comment within what changes may go, no other, and none comes.
      expect(isWithin(old.notes, now.allNotes)).toBe(true);
      expect(isWithin(now.notes, old.allNotes)).toBe(true);
      const isText = (at: number, path: Path): boolean =>
        [manifests[at]?.value, read.manifests[at]?.value].every(
          (value) =>
            typeof path.reduce<unknown>((inner, part) => (inner as JsonObject)?.[part], value) === 'string',
        );
      if (
        !json &&
        changed.every((paths, at) =>
          paths.every(({ path }) => isInMappings(manifests[at]?.value, path) && isText(at, path)),
        )
      ) {
        onlyTexts += 1;
        const comments = (of: string): readonly string[] =>
          commentsIn(of).comments.map(({ source }) => source.trim());
        expect(comments(done.text)).toStrictEqual(comments(text));
      }
    }),
    { numRuns: runs, seed },
  );
  // Else the property said little.
  expect(refusals).toBeLessThan(edits / 20);
  expect(onlyTexts).toBeGreaterThan(runs / 20);
});
