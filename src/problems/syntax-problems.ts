import type { Words } from './family.ts';
import { quoted } from './quote.ts';

/** From text to values. */
export const syntaxProblems = {
  /** In a `.json` file; what YAML would accept is not accepted there. */
  'json-syntax': {
    severity: 'error',
    means: 'a `.json` file is not strict JSON',
    words: ({ expected }: { readonly expected: string }): Words => ({
      message: `invalid JSON: expected ${expected} here`,
      hint: 'look for a missing comma or quote; comments are allowed only in .yaml files',
    }),
  },
  'yaml-syntax': {
    severity: 'error',
    means: 'invalid YAML',
    words: ({ why }: { readonly why: string }): Words => ({
      message: `invalid YAML: ${why}`,
      hint: 'check the indentation, brackets and quotes here and on the line before',
    }),
  },
  'tab-indent': {
    severity: 'error',
    means: 'a tab in the indentation',
    words: (): Words => ({
      message: 'tab in the indentation',
      hint: 'YAML allows only spaces for indentation',
    }),
  },
  /** A plain value that begins with a reserved character, as in `@daily` or `* * * * * *`. */
  'unquoted-value': {
    severity: 'error',
    means: 'a plain value begins with a character reserved by YAML, such as `@daily` or `* * * * * *`',
    words: ({ text }: { readonly text: string }): Words => ({
      message: `a plain value cannot begin with ${quoted(text.charAt(0))}`,
      hint: `put it in quotes: ${quoted(text)}`,
    }),
  },
  /** A plain value with `: ` in it. */
  'unquoted-colon': {
    severity: 'error',
    means: 'a plain value contains a colon followed by a space',
    words: ({ text }: { readonly text: string }): Words => ({
      message: 'a plain value cannot contain a colon followed by a space',
      hint: `put it in quotes: ${quoted(text)}`,
    }),
  },
  /** `${…}` inside brackets, where YAML reads `{` as a mapping. */
  'unquoted-reference': {
    severity: 'error',
    means: `an unquoted \`\${…}\` inside brackets`,
    words: ({ text }: { readonly text: string }): Words => ({
      message: `inside [ ] and { }, YAML reads the brace in ${quoted(text)} as a mapping`,
      hint: `put the whole value in quotes: ${quoted(text)}`,
    }),
  },
  'colon-without-blank': {
    severity: 'error',
    means: '`key:value` without a space after the colon is a single text',
    words: ({ key }: { readonly key: string }): Words => ({
      message: `add a space after ${quoted(`${key}:`)}`,
      hint: `write \`${key}: …\``,
    }),
  },
  /** `{{ … }}`, which other tools fill in and YAML reads as mappings. */
  'template-braces': {
    severity: 'error',
    means: 'an unquoted `{{ … }}` of a template engine',
    words: (): Words => ({
      message: 'Downbeat does not expand {{ … }} templates',
      hint: 'render the template first, or quote the value if the braces are part of it',
    }),
  },
  'unclosed-quote': {
    severity: 'error',
    means: 'a quote that is never closed',
    words: ({ quote }: { readonly quote: string }): Words => ({
      message: `this ${quote} is never closed`,
      hint: `add a closing ${quote} at the end of the text`,
    }),
  },
  'bad-escape': {
    severity: 'error',
    means: 'an unknown escape sequence inside double quotes',
    words: ({ sequence }: { readonly sequence: string }): Words => ({
      message: `unknown escape sequence ${sequence} in a double-quoted text`,
      hint: String.raw`write the backslash twice, \\, or use single quotes`,
    }),
  },
  'control-character': {
    severity: 'error',
    means: 'a control character that YAML does not allow',
    words: ({ codePoint }: { readonly codePoint: number }): Words => ({
      message: `control character ${unicodeName(codePoint)}`,
      hint: 'save the file as UTF-8 text; inside double quotes, write a control character as an escape',
    }),
  },
  'lone-surrogate': {
    severity: 'error',
    means: 'half of a surrogate pair, which UTF-8 cannot hold',
    words: (): Words => ({
      message: 'half of a surrogate pair is not a character',
      hint: String.raw`write both halves (\ud83d\ude00), or the character itself`,
    }),
  },
  'unknown-tag': {
    severity: 'error',
    means: 'a YAML tag such as `!secret`; only plain values are allowed',
    words: ({ tag }: { readonly tag: string }): Words => ({
      message: `unknown YAML tag ${quoted(tag)}`,
      hint: tag.startsWith('!!')
        ? 'remove it: a manifest can hold only what JSON can'
        : 'remove it, or quote the value if the ! is part of it',
    }),
  },
  'unknown-alias': {
    severity: 'error',
    means: '`*name` without an `&name` before it',
    words: ({ alias }: { readonly alias: string }): Words => ({
      message: `anchor &${alias} is not defined before this alias`,
      hint: `define it earlier in the same document, or put the value in quotes: ${quoted(`*${alias}`)}`,
    }),
  },
  'alias-loop': {
    severity: 'error',
    means: 'an alias inside the value that it refers to',
    words: ({ alias }: { readonly alias: string }): Words => ({
      message: `*${alias} is inside the value that it refers to`,
      hint: 'a value cannot contain itself: write it out',
    }),
  },
  /** `limit` counts the nodes that the aliases of one document may expand to. */
  'alias-bomb': {
    severity: 'error',
    means: 'aliases of aliases that expand to too many values',
    words: ({ limit }: { readonly limit: number }): Words => ({
      message: `the aliases in this document expand to more than ${limit.toLocaleString('en-US')} values`,
      hint: 'aliases of aliases multiply: write some of them out, or split the document',
    }),
  },
  'too-deep': {
    severity: 'error',
    means: 'nested too deeply',
    words: ({ limit }: { readonly limit: number }): Words => ({
      message: `nested more than ${limit} levels deep`,
      hint: 'servers reject such values: use fewer levels',
    }),
  },
  'bad-merge': {
    severity: 'error',
    means: '`<<` with a value that is not a mapping',
    words: (): Words => ({
      message: '<< needs a mapping',
      hint: 'write `<<: *anchor` with the anchor on a mapping, or quote "<<" to use it as a key',
    }),
  },
  'duplicate-key': {
    severity: 'error',
    means: 'a duplicate key in a mapping',
    words: ({ key }: { readonly key: string }): Words => ({
      message: `duplicate key ${quoted(key)}`,
      hint: 'remove one of the two',
    }),
  },
  'number-range': {
    severity: 'error',
    means: 'a number that JSON cannot hold',
    words: ({ text }: { readonly text: string }): Words => ({
      message: `${quoted(text)} is not a number that JSON can hold`,
      hint: `if it is text, put it in quotes: ${quoted(text)}`,
    }),
  },
  'cut-by-comment': {
    severity: 'error',
    means: '` #` in a plain value starts a comment and cuts the value off',
    words: ({ kept, lost }: { readonly kept: string; readonly lost: string }): Words => ({
      message: `YAML reads ${quoted(lost)} as a comment, so the cron would be ${quoted(kept)}`,
      hint: 'put the whole cron in quotes; "on the nth weekday" has no space before the #: "0 0 2 ? * MON#1"',
    }),
  },
  'not-a-manifest': {
    severity: 'error',
    means: 'a document that is not a mapping',
    words: ({ found }: { readonly found: string }): Words => ({
      message: `expected a manifest (a mapping), found ${found}`,
      hint: 'a manifest begins with `name: …`; to put several in one file, separate them with --- or make them a list',
    }),
  },
} as const;

function unicodeName(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}
