import { isScalar, type Scalar, visit, type YAMLError } from 'yaml';
import type { DiagnosticArgs, DiagnosticCode } from '../../problems/codes.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import type { SourceFile } from './source.ts';
import type { YamlDocument } from './yaml.ts';

// A value that is a plain `@daily`, `*/5 * * * *` or `%x`: it begins after `key:`, `-`, `[`, `{` or `,`.
// Not after a quote, where all of it is text.
const reservedStart = /^(?:[^'"]*[:\-[{,])?\s+(?<value>(?:[@`%]|\*(?=[\s,/\-\]}]|\d|$)).*)$/;
const startCodes: ReadonlySet<string> = new Set(['BAD_SCALAR_START', 'BAD_ALIAS', 'UNEXPECTED_TOKEN']);
const tabInIndent = /^[ -]*\t/;
// `name:orders`, which is one word to YAML.
const keyWithoutBlank = /^\s*(?:-\s+)*(?<key>[A-Za-z]+):[^\s/]/;
const referenceStart = /^\$\{[^\s{}]*\}?/;
const plainWithColon = /:\s+(?<value>[^\s'"|>&*!{[#].*:(?:\s.*)?)$/;

/**
 * The problems that the YAML parser found in one document, the first of each line: what follows on the same line
 * follows from it. The mistakes that people make with schedules have codes of their own.
 */
export function syntaxProblems(document: YamlDocument, file: SourceFile): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const lines = new Set<number>();
  const errors = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  for (const error of errors) {
    const line = lineStart(file.text, error.pos[0]);
    if (lines.has(line)) continue;
    lines.add(line);
    found.push(syntaxProblem(error, document, file));
  }
  return found;
}

function syntaxProblem(error: YAMLError, document: YamlDocument, { path, text }: SourceFile): Diagnostic {
  const [start, end] = error.pos;
  const say = <C extends DiagnosticCode>(
    code: C,
    args: DiagnosticArgs[C],
    from = start,
    to = end,
  ): Diagnostic => problem(code, args, { kind: 'span', file: path, start: from, end: to });
  const lineFrom = lineStart(text, start);
  const line = text.slice(lineFrom, lineEnd(text, start));

  const tab = tabInIndent.exec(line)?.[0].length;
  if (tab !== undefined && (error.code === 'TAB_AS_INDENT' || error.code === 'BAD_INDENT'))
    return say('tab-indent', {}, lineFrom + tab - 1, lineFrom + tab);
  if (error.code === 'TAG_RESOLVE_FAILED') return say('unknown-tag', { tag: text.slice(start, end) });
  if (error.code === 'BAD_DQ_ESCAPE') return say('bad-escape', { sequence: text.slice(start, start + 2) });
  if (error.code === 'MISSING_CHAR' && /quote$/.test(error.message)) {
    const opening = quoteThatEndsAt(document, start) ?? start;
    return say('unclosed-quote', { quote: text.charAt(opening) }, opening, lineEnd(text, opening));
  }
  if (text.slice(start - 1, start + 1) === '${') {
    const reference = referenceStart.exec(text.slice(start - 1))?.[0] ?? '${';
    return say('unquoted-reference', { text: reference }, start - 1, start - 1 + reference.length);
  }
  const reserved = reservedStart.exec(line)?.groups?.value;
  if (reserved !== undefined && startCodes.has(error.code)) {
    // Brackets at the end belong to the list around it: no cron has any.
    const value = reserved.replace(/[\]},\s]+$/, '');
    const from = lineFrom + line.indexOf(value);
    return say('unquoted-value', { text: value }, from, from + value.length);
  }
  if (error.code === 'NON_STRING_KEY' && text.slice(start - 1, start + 1) === '{{')
    return say('template-braces', {}, start - 1, start + 1);
  const glued = keyWithoutBlank.exec(line)?.groups?.key;
  if (glued !== undefined && error.code.endsWith('IMPLICIT_KEY')) {
    const from = lineFrom + line.indexOf(glued);
    return say('colon-without-space', { key: glued }, from, from + glued.length + 1);
  }
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY' || error.code === 'NON_STRING_KEY') {
    const value = plainWithColon.exec(line)?.groups?.value?.trimEnd();
    if (value !== undefined) {
      const from = lineFrom + line.lastIndexOf(value);
      return say('unquoted-colon', { text: value }, from, from + value.length);
    }
  }
  const why = error.code === 'NON_STRING_KEY' ? 'A key must be a text' : error.message;
  return say('yaml-syntax', { why });
}

/** Where the quoted scalar begins whose text the parser took to end at `end`. */
function quoteThatEndsAt(document: YamlDocument, end: number): number | undefined {
  let found: number | undefined;
  visit(document, {
    Scalar(_key, node) {
      const { range, type } = node as Scalar.Parsed;
      if (!isScalar(node) || !type?.startsWith('QUOTE') || range[1] !== end) return;
      found = range[0];
      return visit.BREAK;
    },
  });
  return found;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}
