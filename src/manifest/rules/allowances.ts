import { present } from '../../model/present.ts';
import { isRule, ruleCodes } from '../../problems/codes.ts';
import { type Diagnostic, type Located, type Place, problem } from '../../problems/diagnostic.ts';
import { nearestKey } from '../nearest.ts';
import { linesOf } from '../read/lines.ts';
import { parse } from '../read/parse-file.ts';
import type { SourceFile } from '../read/source.ts';
import { commentsIn, type YamlComments } from '../read/yaml.ts';

/**
 * `# downbeat: allow CODE because REASON`: one rule or policy, for one line or for a whole document; `$comment` in a manifest
 * says the same without `#`, for the whole manifest.
 */
export interface Allowance {
  readonly code: string;
  /** What is written after `because`. */
  readonly reason: string;
  readonly file: string;
  /** Of the file, counted from 0. */
  readonly document: number;
  /** Of an array of manifests, counted from 0; absent = all. */
  readonly item?: number;
  /** The line it is for, counted from 1; absent = every line of the document. */
  readonly line?: number;
  readonly place: Place;
}

/** The allowances of some files, which remember whether they were needed. */
export interface Allowances {
  /** All of them, in the order of files and lines. */
  readonly given: readonly Allowance[];
  /** Whether a comment allows this problem. `find` is asked only where there are comments for its rule. */
  allows(diagnostic: Diagnostic, find: (place: Place) => Located | undefined): boolean;
  /** Those of these rules or policies that allowed nothing. */
  unused(codes: ReadonlySet<string>): readonly Diagnostic[];
  /** What is wrong with the comments themselves. */
  readonly diagnostics: readonly Diagnostic[];
}

const mention = /#[ \t]*downbeat:/;
const form = /^#?\s*downbeat:\s*allow\b\s*(?<codes>[^\s,]*(?:(?:\s*,\s*|\s+and\s+)[^\s,]+)*)(?<rest>.*)$/s;
const because = /^\s+because\s+(?=\S)/;

/**
 * Reads the comments and `$comment` fields of files that have any. `policies` are the names that
 * can be allowed besides the rules.
 */
export function allowancesIn(
  files: readonly SourceFile[],
  policies: ReadonlySet<string> = new Set(),
): Allowances {
  const allowances: Allowance[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const file of files) {
    for (const found of inFile(file, policies))
      if ('code' in found && 'document' in found) allowances.push(found);
      else diagnostics.push(found);
  }
  const used = new Set<Allowance>();
  return {
    given: allowances,
    diagnostics,
    allows(diagnostic, find) {
      const { place } = diagnostic;
      if (place.kind !== 'field') return false;
      const code = allowedAs(diagnostic);
      const { file, document, item } = place.origin;
      const fitting = allowances.filter(
        (one) =>
          one.code === code &&
          one.file === file &&
          one.document === document &&
          (one.item === undefined || one.item === item),
      );
      if (fitting.length === 0) return false;
      const line = find(place)?.line;
      const allowing = fitting.filter((one) => one.line === undefined || one.line === line);
      for (const one of allowing) used.add(one);
      return allowing.length > 0;
    },
    unused: (codes) =>
      allowances
        .filter((one) => codes.has(one.code) && !used.has(one))
        .map(({ code, place }) => problem('unused-allowance', { code }, place)),
  };
}

/** A breach is allowed by the name of its policy, everything else by its code. */
function allowedAs({ code, args }: Diagnostic): string {
  return 'policy' in args && typeof args.policy === 'string' ? args.policy : code;
}

function* inFile(
  file: SourceFile,
  policies: ReadonlySet<string>,
): Generator<Allowance | Diagnostic, undefined> {
  if (mention.test(file.text)) yield* inComments(file, policies);
  if (file.text.includes('$comment') && file.text.includes('downbeat:')) yield* inFields(file, policies);
}

function* inComments(
  { path: file, text }: SourceFile,
  policies: ReadonlySet<string>,
): Generator<Allowance | Diagnostic, undefined> {
  const read = commentsIn(text);
  const lines = linesOf(text);
  const lineAt = (offset: number): number => lines.locate(offset, offset).line;
  for (const { offset, source } of read.comments.flatMap(statementsIn)) {
    const place: Place = { kind: 'span', file, start: offset, end: offset + source.trimEnd().length };
    const { document, isHead, content } = whereIs(offset, text, read);
    const scope = { file, document, place, ...(isHead ? {} : { line: lineAt(content) }) };
    yield* allowancesOf(source, scope, policies);
  }
}

function* inFields(
  file: SourceFile,
  policies: ReadonlySet<string>,
): Generator<Allowance | Diagnostic, undefined> {
  for (const { value, origin } of parse(file).manifests)
    for (const source of [value.$comment].flat()) {
      if (typeof source !== 'string') continue;
      const place: Place = { kind: 'field', origin, path: ['$comment'], at: 'value' };
      yield* allowancesOf(source, { ...origin, place }, policies);
    }
}

/** What one comment allows: several codes have one reason. */
function* allowancesOf(
  source: string,
  scope: Omit<Allowance, 'code' | 'reason'>,
  policies: ReadonlySet<string>,
): Generator<Allowance | Diagnostic, undefined> {
  const { codes, rest = '' } = form.exec(source)?.groups ?? {};
  if (codes === undefined) return;
  for (const code of codes.split(/\s*,\s*|\s+and\s+/)) {
    if (!isRule(code) && !policies.has(code)) {
      const nearest = nearestKey(code, [...policies, ...ruleCodes]);
      yield problem('unknown-rule', { code, ...present({ nearest }) }, scope.place);
    } else if (!because.test(rest)) yield problem('allowance-without-reason', { code }, scope.place);
    else yield { ...scope, code, reason: rest.replace(because, '').trim() };
  }
}

/** A comment may have another one after it on its line, or a note before it. */
function statementsIn({ offset, source }: YamlComments['comments'][number]): YamlComments['comments'] {
  const starts = [...source.matchAll(/#[ \t]*downbeat:/g)].map(({ index }) => index);
  return starts.map((start, index) => ({
    offset: offset + start,
    source: source.slice(start, starts[index + 1]).trimEnd(),
  }));
}

/**
 * The comments that allow a rule for one line, with where each begins and ends, and an offset on the line that it is
 * for.
 */
export function lineAllowances(
  text: string,
): readonly { readonly start: number; readonly end: number; readonly content: number }[] {
  const read = commentsIn(text);
  return read.comments.flatMap(statementsIn).flatMap(({ offset, source }) => {
    if (!form.test(source)) return [];
    const { isHead, content } = whereIs(offset, text, read);
    return isHead ? [] : [{ start: offset, end: offset + source.trimEnd().length, content }];
  });
}

interface Where {
  readonly document: number;
  /** Nothing of the document is before it. */
  readonly isHead: boolean;
  /** Offset of something on the line that it is for: its own, or the next with more than a comment on it. */
  readonly content: number;
}

/** After something on its line, a comment is for that line, else for the next one; before everything, for the document. */
function whereIs(offset: number, text: string, { comments, starts }: YamlComments): Where {
  const document = starts.filter((start) => start <= offset).length;
  const start = starts[document - 1] ?? 0;
  // A marker of three dashes does not count as content, nor does a comment.
  const before = withoutComments(text, start, offset, comments).replace(/^---/, '');
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const isHead = before.trim() === '';
  if (!isHead && text.slice(Math.max(lineStart, start), offset).trim() !== '')
    return { document, isHead, content: offset };
  const after = withoutComments(text, offset, text.length, comments);
  const next = after.search(/\S/);
  return { document, isHead, content: offset + Math.max(next, 0) };
}

/** A part of the text with spaces instead of its comments. */
function withoutComments(text: string, from: number, to: number, comments: YamlComments['comments']): string {
  let rest = text.slice(from, to);
  for (const { offset, source } of comments) {
    if (offset < from || offset >= to) continue;
    const at = offset - from;
    rest = `${rest.slice(0, at)}${' '.repeat(Math.min(source.length, to - offset))}${rest.slice(at + source.length)}`;
  }
  return rest;
}
