import { Composer, CST, type Document, type ParsedNode, Parser } from 'yaml';

export type YamlDocument = Document.Parsed<ParsedNode>;

/**
 * How deep collections may be in each other. The parser recurses, and at some ten thousand levels (yaml 2.9.1,
 * Node 20) V8 aborts the whole process, so deeper text must not reach it. Servers stop at 1000 (Jackson).
 */
export const depthLimit = 200;

/** `tooDeep`: the offset at which a file goes beyond `depthLimit`; it has no documents then. */
export type YamlFile =
  | { readonly ok: true; readonly documents: readonly YamlDocument[] }
  | { readonly ok: false; readonly tooDeep: number };

const options = {
  version: '1.2',
  // A `%YAML 1.1` line in the file would otherwise make `no` false and `12:30` a number.
  schema: 'core',
  // The message only; places are computed here, and only for the problems that are shown.
  prettyErrors: false,
  // Quadratic there (20,000 keys take five seconds); `compose` looks for repetitions itself.
  uniqueKeys: false,
  stringKeys: true,
  // Whole numbers beyond 2^53 would be rounded in silence.
  intAsBigInt: true,
  // `!!binary` and its like are not JSON.
  resolveKnownTags: false,
  logLevel: 'silent',
} as const;

/** Parses a text as YAML 1.2, of which JSON is a part. Problems are in the documents; offsets count from the file's start. */
export function readYaml(text: string): YamlFile {
  const tokens = [...new Parser().parse(withoutInnerMarks(text))];
  for (const token of tokens) {
    const tooDeep = depthOverrun(token);
    if (tooDeep !== undefined) return { ok: false, tooDeep };
  }
  return { ok: true, documents: [...new Composer(options).compose(tokens)] as YamlDocument[] };
}

// Files put together keep the byte order marks of each: before or after the line of three dashes.
const markBefore = /(?<=[\r\n])\ufeff---(?=[ \t\r\n]|$)/g;
const markBehind = /((?:^|[\r\n])---[ \t]*)(\r?\n)\ufeff/g;

/** A text in which only its beginning has a byte order mark; every offset stays what it is. */
function withoutInnerMarks(text: string): string {
  if (text.indexOf('\ufeff', 1) < 0) return text;
  return text.replace(markBefore, '--- ').replace(markBehind, '$1 $2');
}

function depthOverrun(document: CST.Token): number | undefined {
  const open: (readonly [CST.Token, number])[] = [[document, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [token, depth] = next;
    if (depth > depthLimit) return token.offset;
    if (token.type === 'document') {
      if (token.value) open.push([token.value, depth]);
    } else if (CST.isCollection(token)) {
      for (const { key, value } of token.items) {
        if (key) open.push([key, depth + 1]);
        if (value) open.push([value, depth + 1]);
      }
    }
  }
  return undefined;
}

/** The comments of a text, and where its documents begin. Offsets are UTF-16 code units from the file's start. */
export interface YamlComments {
  readonly comments: readonly { readonly offset: number; readonly source: string }[];
  /** Offsets of the second and later documents' `---`. */
  readonly starts: readonly number[];
}

/** What in a text is a comment, as opposed to a part of a value that looks like one. */
export function commentsIn(text: string): YamlComments {
  const comments: { readonly offset: number; readonly source: string }[] = [];
  const markers: number[] = [];
  const open: unknown[] = [...new Parser().parse(withoutInnerMarks(text))];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const { type, offset, source } = next as {
      readonly type?: unknown;
      readonly offset?: unknown;
      readonly source?: unknown;
    };
    if (typeof offset === 'number' && typeof source === 'string') {
      if (type === 'comment') comments.push({ offset, source });
      if (type === 'doc-start') markers.push(offset);
    }
    open.push(...Object.values(next));
  }
  markers.sort((a, b) => a - b);
  comments.sort((a, b) => a.offset - b.offset);
  const [first] = markers;
  const head = first === undefined ? '' : text.slice(0, first).replace(/^\ufeff/, '');
  // Before a first marker that begins the first document there are comments and directives only.
  const beginsFirst = head.split('\n').every((line) => /^\s*(?:#|%|$)/.test(line));
  return { comments, starts: beginsFirst ? markers.slice(1) : markers };
}
