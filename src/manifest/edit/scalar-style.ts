import { isScalar, type ParsedNode } from 'yaml';
import type { Json } from '../../model/json.ts';
import { canonicalJson, writeJson } from '../../model/json.ts';
import { compose } from '../read/compose.ts';
import { readYaml } from '../read/yaml.ts';
import { escapedText, quotedText, scalarText, words11 } from './write-yaml.ts';

/** Where a value is: that decides how it may be written. */
export interface Surroundings {
  /** Inside of `[ ]` or `{ }`. */
  readonly flow: boolean;
  /** In a file that must be JSON. */
  readonly json: boolean;
  /** Texts in double quotes with escapes only: for a file in which another form was not read as it was meant. */
  readonly escaped: boolean;
}

// What takes two columns or none, or cannot be seen, is written as an escape.
const unprintable = /[\p{C}\p{Zl}\p{Zp}\u00a0]/u;
// Numbers, dates and times of YAML 1.1, which readers of it would not take for text.
const likeNumber = /^[-+.]?[\d.][\d_.:,eE+-]*$/;

/** A scalar, or an empty collection, on one line, in the quotes that the value before it had. */
export function scalarLike(
  value: Json,
  before: ParsedNode | null,
  { flow, json, escaped }: Surroundings,
): string {
  if (json) return writeJson(value);
  if (typeof value !== 'string') return scalarText(value);
  if (escaped) return escapedText(value);
  const style = isScalar(before) && typeof before.value === 'string' ? before.type : undefined;
  if (style === 'QUOTE_SINGLE' && !unprintable.test(value)) return `'${value.replaceAll("'", "''")}'`;
  if (style === 'PLAIN' && staysPlain(value, flow)) return value;
  const text = quotedText(value);
  // The words that need no quotes get those that were there.
  return style === 'QUOTE_DOUBLE' && !text.startsWith('"') ? `"${text}"` : text;
}

/** Whether a text without quotes is read as itself, by readers of YAML 1.1 too. */
function staysPlain(value: string, flow: boolean): boolean {
  if (value === '' || unprintable.test(value) || words11.test(value) || likeNumber.test(value)) return false;
  const text = flow ? `[${value}]` : `- ${value}`;
  const read = readYaml(text);
  if (!read.ok || read.documents.length !== 1) return false;
  const [document] = read.documents;
  if (document === undefined || document.errors.length + document.warnings.length > 0) return false;
  const { value: found = null, diagnostics, warnings } = compose(document, { path: '', text }, 0);
  if (diagnostics.length + warnings.length > 0 || document.comment) return false;
  return canonicalJson(found) === canonicalJson([value]);
}
