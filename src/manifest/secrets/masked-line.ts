import { isCredential, keyKind } from '../../model/hiding/credential.ts';

/** A place on one line; columns from 1, in code points. */
type OnLine = {
  readonly source: string;
  readonly line: number;
  readonly endLine: number;
  readonly endColumn: number;
};

const key = String.raw`(?:"[^"]*"|'[^']*'|[\w.-]+)\s*:\s*`;
const quoted = String.raw`"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?`;
// A plain value goes on to the end of the line, inside of brackets to the next comma or bracket.
const entries = new RegExp(
  String.raw`(^\s*(?:- +)*${key})(${quoted}|[^\s"'{\[][^\n]*)|([{,\[]\s*${key})(${quoted}|[^\s"'{\[,}\]][^,}\]]*)`,
  'g',
);
const saysNothing =
  /^(?:["']?(?:[A-Za-z]+ )?\$\{[^}]*\}["']?|true|false|null|~|-?\d+(?:\.\d+)?|[|>][+-]?\d?|\*.*)?$/;
const inQuotes = new RegExp(`^(?:${quoted})`);
// A tag, an anchor.
const properties = /^(?:[&!]\S*(?:\s+|$))*/;

/**
 * The line of a file without the values that look like credentials, by their keys or by themselves, whatever a problem on it is about. What is
 * marked stays where it is: only after it may the line become another length.
 */
export function maskedLine({ source, line, endLine, endColumn }: OnLine): string {
  if (!source.includes(':')) return source;
  const marked = endLine === line ? endColumn - 1 : Number.POSITIVE_INFINITY;
  let masked = '';
  let at = 0;
  for (const { index, 1: inBlock, 2: rest = '', 3: inFlow = '', 4: item = '' } of source.matchAll(entries)) {
    const before = inBlock ?? inFlow;
    const value = inBlock === undefined ? item : rest;
    const [given = ''] = properties.exec(value) ?? [];
    const start = index + before.length + given.length;
    const written = value.slice(given.length);
    const own = inQuotes.exec(written)?.[0] ?? written.replace(/\s+#.*$/s, '').trimEnd();
    const kind = keyKind(before.replace(/[^\w.-]/g, ''));
    if (saysNothing.test(own) || !isCredential(own.replace(/^["']|["']$/g, ''), kind)) continue;
    const isBehind = [...source.slice(0, start)].length >= marked;
    masked += source.slice(at, start) + (isBehind ? '(sensitive)' : '*'.repeat([...own].length));
    at = start + own.length;
  }
  return masked + source.slice(at);
}
