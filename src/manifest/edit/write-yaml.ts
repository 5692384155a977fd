import { isNumber, isObject, type Json, type JsonObject } from '../../model/json.ts';

/** Words that a reader of YAML 1.1 takes for something else than text. */
export const words11: RegExp = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;
const plain = /^[A-Za-z_][A-Za-z0-9_]*(?:[ ./+@-][A-Za-z0-9_]+)*$/;
// What stands for itself in a block: no control characters, nothing invisible, no space at an end of a line.
const blockLine = /^(?:[^\p{C}\p{Z}](?:[^\p{C}\p{Zl}\p{Zp}]*[^\p{C}\p{Z}])?)?$/u;
// What runners of pipelines take for a command of theirs.
const command = /^\s*::|##\w*\[/;
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u00a0]/gu;

/**
 * A value as YAML that readers of 1.1 and of 1.2 take for the same: texts in quotes unless they are plain words,
 * several lines as a block, whole numbers digit by digit, nothing invisible. Ends in a newline.
 */
export function writeYaml(value: Json): string {
  return isNested(value) ? `${blockLines(value, '').join('\n')}\n` : `${scalarText(value)}\n`;
}

/** The lines of a list or mapping that is not empty; `escaped` = texts in double quotes with escapes only. */
export function blockLines(value: Nested, margin: string, escaped = false): readonly string[] {
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, item]) => {
      const [first, ...more] = entry(item, margin, escaped);
      return [`${margin}${escaped ? escapedText(key) : quotedText(key)}:${first}`, ...more];
    });
  }
  return value.flatMap((item) => {
    if (!isNested(item)) {
      const [first, ...more] = entry(item, margin, escaped);
      return [`${margin}-${first}`, ...more];
    }
    const [first = '', ...more] = blockLines(item, `${margin}  `, escaped);
    return [`${margin}- ${first.slice(margin.length + 2)}`, ...more];
  });
}

/** What is after `key:` or `-`, and the lines below it. */
function entry(value: Json, margin: string, escaped: boolean): readonly [string, ...string[]] {
  const inner = `${margin}  `;
  if (isNested(value)) return ['', ...blockLines(value, inner, escaped)];
  if (escaped && typeof value === 'string') return [` ${escapedText(value)}`];
  const block = typeof value === 'string' ? blockOf(value, inner) : undefined;
  return block ?? [` ${scalarText(value)}`];
}

export type Nested = JsonObject | readonly Json[];

export function isNested(value: Json): value is Nested {
  return Array.isArray(value) ? value.length > 0 : isObject(value) && Object.keys(value).length > 0;
}

/** A text, number, truth value or null, or an empty collection, on one line. */
export function scalarText(value: Json): string {
  if (typeof value === 'string') return quotedText(value);
  // By the letter: readers of YAML 1.1 take 1e-7 for text, but Downbeat reads 1.2.
  if (isNumber(value)) return String(value);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[]' : '{}';
  return String(value);
}

/** In quotes unless it is plain words. */
export function quotedText(value: string): string {
  return value.length <= 200 && plain.test(value) && !words11.test(value) ? value : escapedText(value);
}

/** In double quotes; all that cannot be seen is escaped. */
export function escapedText(value: string): string {
  const quoted = JSON.stringify(value).replace(/##(?=\w*\[)/g, '#\\u0023');
  return quoted.replace(invisible, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** As a literal block: its header, then its lines. Undefined for what would not stay as it is in one. */
export function blockOf(value: string, margin: string): readonly [string, ...string[]] | undefined {
  const ends = value.endsWith('\n');
  const lines = (ends ? value.slice(0, -1) : value).split('\n');
  if (lines.length < 2 || lines[0] === '' || lines.at(-1) === '') return undefined;
  if (!lines.every((line) => blockLine.test(line) && !command.test(line))) return undefined;
  return [ends ? ' |' : ' |-', ...lines.map((line) => (line === '' ? '' : `${margin}${line}`))];
}
