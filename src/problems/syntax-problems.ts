import type { Texts, Words } from './family.ts';
import { quoted } from './quote.ts';

/** From text to values. */
export const syntaxProblems = {
  /** In a `.json` file; what YAML would accept is not accepted there. */
  'json-syntax': {
    means: 'a `.json` file is not strict JSON',
    message: ({ expected }: Texts<'expected'>): string => `invalid JSON: expected ${expected} here`,
    hint: 'look for a missing comma or quote; comments are allowed only in .yaml files',
  },
  'yaml-syntax': {
    means: 'invalid YAML',
    message: ({ why }: Texts<'why'>): string => `invalid YAML: ${why}`,
    hint: 'check the indentation, brackets and quotes here and on the line before',
  },
  'tab-indent': {
    means: 'a tab in the indentation',
    message: 'tab in the indentation',
    hint: 'YAML allows only spaces for indentation',
  },
  /** A plain value that begins with a reserved character, as in `@daily` or `* * * * * *`. */
  'unquoted-value': {
    means: 'a plain value begins with a character reserved by YAML, such as `@daily` or `* * * * * *`',
    remedy: 'put the value in quotes',
    words: ({ text }: Texts<'text'>): Words => ({
      message: `a plain value cannot begin with ${quoted(text.charAt(0))}`,
      hint: `put it in quotes: ${quoted(text)}`,
    }),
  },
  /** A plain value with `: ` in it. */
  'unquoted-colon': {
    means: 'a plain value contains a colon followed by a space',
    remedy: 'put the value in quotes',
    words: ({ text }: Texts<'text'>): Words => ({
      message: 'a plain value cannot contain a colon followed by a space',
      hint: `put it in quotes: ${quoted(text)}`,
    }),
  },
  /** `${…}` inside brackets, where YAML reads `{` as a mapping. */
  'unquoted-reference': {
    means: `an unquoted \`\${…}\` inside brackets`,
    remedy: 'put the whole value in quotes',
    words: ({ text }: Texts<'text'>): Words => ({
      message: `inside [ ] and { }, YAML reads the brace in ${quoted(text)} as a mapping`,
      hint: `put the whole value in quotes: ${quoted(text)}`,
    }),
  },
  'colon-without-space': {
    means: '`key:value` without a space after the colon is a single text',
    remedy: 'add a space after the colon',
    words: ({ key }: Texts<'key'>): Words => ({
      message: `add a space after ${quoted(`${key}:`)}`,
      hint: `write \`${key}: …\``,
    }),
  },
  /** `{{ … }}`, which other tools fill in and YAML reads as mappings. */
  'template-braces': {
    means: 'an unquoted `{{ … }}` of a template engine',
    message: 'Downbeat does not expand {{ … }} templates',
    hint: 'render the template first, or quote the value if the braces are part of it',
  },
  'unclosed-quote': {
    means: 'a quote that is never closed',
    remedy: 'close the quote',
    words: ({ quote }: Texts<'quote'>): Words => ({
      message: `this ${quote} is never closed`,
      hint:
        quote === '"'
          ? 'add a closing " at the end of the text; a \\" in it is part of the text and closes nothing'
          : `add a closing ${quote} at the end of the text`,
    }),
  },
  'bad-escape': {
    means: 'an unknown escape sequence inside double quotes',
    remedy: 'write the backslash twice, or use single quotes',
    message: ({ sequence }: Texts<'sequence'>): string =>
      `unknown escape sequence ${sequence} in a double-quoted text`,
    hint: 'write the backslash twice, \\\\, or use single quotes',
  },
  'control-character': {
    means: 'a control character that YAML does not allow',
    message: ({ codePoint }: { readonly codePoint: number }): string =>
      `control character ${unicodeName(codePoint)}`,
    hint: 'save the file as UTF-8 text; inside double quotes, write a control character as an escape',
  },
  'lone-surrogate': {
    means: 'half of a surrogate pair, which UTF-8 cannot hold',
    message: 'half of a surrogate pair is not a character',
    hint: 'write both halves (\\ud83d\\ude00), or the character itself',
  },
  'unknown-tag': {
    means: 'a YAML tag such as `!secret`; only plain values are allowed',
    remedy: 'remove the tag; if the `!` is part of the value, put it in quotes',
    words: ({ tag }: Texts<'tag'>): Words => ({
      message: `unknown YAML tag ${quoted(tag)}`,
      hint: tag.startsWith('!!')
        ? 'remove it: a manifest can hold only what JSON can'
        : 'remove it, or quote the value if the ! is part of it',
    }),
  },
  'unknown-alias': {
    means: '`*name` without an `&name` before it',
    remedy: 'define the anchor earlier in the same document, or put the value in quotes',
    words: ({ alias }: Texts<'alias'>): Words => ({
      message: `anchor &${alias} is not defined before this alias`,
      hint: `define it earlier in the same document, or put the value in quotes: ${quoted(`*${alias}`)}`,
    }),
  },
  'alias-loop': {
    means: 'an alias inside the value that it refers to',
    message: ({ alias }: Texts<'alias'>): string => `*${alias} is inside the value that it refers to`,
    hint: 'a value cannot contain itself: write it out',
  },
  /** `limit` counts the nodes that the aliases of one document may expand to. */
  'alias-bomb': {
    means: 'aliases of aliases that expand to too many values',
    message: ({ limit }: { readonly limit: number }): string =>
      `the aliases in this document expand to more than ${limit.toLocaleString('en-US')} values`,
    hint: 'aliases of aliases multiply: write some of them out, or split the document',
  },
  'too-deep': {
    means: 'nested too deeply',
    message: ({ limit }: { readonly limit: number }): string => `nested more than ${limit} levels deep`,
    hint: 'servers reject such values: use fewer levels',
  },
  'bad-merge': {
    means: '`<<` with a value that is not a mapping',
    message: '<< needs a mapping',
    hint: 'write `<<: *anchor` with the anchor on a mapping, or quote "<<" to use it as a key',
  },
  'duplicate-key': {
    means: 'a duplicate key in a mapping',
    remedy: 'remove one of the two, or indent the second if it belongs to the key above',
    /** `empty`: a key before it without a value. */
    words: ({ key, empty }: Texts<'key', 'empty'>): Words => ({
      message: `duplicate key ${quoted(key)}`,
      hint:
        empty === undefined
          ? 'remove one of the two'
          : `indent it if it belongs to ${quoted(empty)}; otherwise remove one of the two`,
    }),
  },
  'number-range': {
    means: 'a number that JSON cannot hold',
    remedy: 'if it is text, put it in quotes',
    words: ({ text }: Texts<'text'>): Words => ({
      message: `${quoted(text)} is not a number that JSON can hold`,
      hint: `if it is text, put it in quotes: ${quoted(text)}`,
    }),
  },
  'cut-by-comment': {
    means: '` #` in a plain value starts a comment and cuts the value off',
    message: ({ kept, lost }: Texts<'kept' | 'lost'>): string =>
      `YAML reads ${quoted(lost)} as a comment, so the cron would be ${quoted(kept)}`,
    hint: 'put the whole cron in quotes; "on the nth weekday" has no space before the #: "0 0 2 ? * MON#1"',
  },
  'not-a-manifest': {
    means: 'a document that is not a mapping',
    message: ({ found }: Texts<'found'>): string => `expected a manifest (a mapping), found ${found}`,
    hint: 'a manifest begins with `name: …`; to put several in one file, separate them with --- or make them a list',
  },
} as const;

function unicodeName(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}
