import { isObject, type Json, type JsonObject } from '../model/json.ts';

// Words that a reader of YAML 1.1 takes for something else than text.
const words11 = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;
const plain = /^[A-Za-z_][A-Za-z0-9_]*(?:[ ./+@-][A-Za-z0-9_]+)*$/;
// What stands for itself in a block: no control characters, nothing invisible, no blank at an end of a line.
const blockLine = /^(?:[^\p{C}\p{Z}](?:[^\p{C}\p{Zl}\p{Zp}]*[^\p{C}\p{Z}])?)?$/u;
// What runners of pipelines take for a command of theirs.
const command = /^\s*::|##\w*\[/;
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u00a0]/gu;

/**
 * A value as YAML that readers of 1.1 and of 1.2 take for the same: texts in quotes unless they are plain words,
 * several lines as a block, whole numbers digit by digit, nothing invisible. Ends in a newline.
 */
export function writeYaml(value: Json): string {
  return isNested(value) ? `${collection(value, '').join('\n')}\n` : `${scalar(value)}\n`;
}

/** The lines of a list or mapping that is not empty. */
function collection(value: Nested, margin: string): readonly string[] {
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, item]) => {
      const [first, ...more] = entry(item, margin);
      return [`${margin}${text(key)}:${first}`, ...more];
    });
  }
  return value.flatMap((item) => {
    if (!isNested(item)) {
      const [first, ...more] = entry(item, margin);
      return [`${margin}-${first}`, ...more];
    }
    const [first = '', ...more] = collection(item, `${margin}  `);
    return [`${margin}- ${first.slice(margin.length + 2)}`, ...more];
  });
}

/** What stands behind `key:` or `-`, and the lines below it. */
function entry(value: Json, margin: string): readonly [string, ...string[]] {
  const inner = `${margin}  `;
  if (isNested(value)) return ['', ...collection(value, inner)];
  const block = typeof value === 'string' ? blockOf(value, inner) : undefined;
  return block ?? [` ${scalar(value)}`];
}

type Nested = JsonObject | readonly Json[];

function isNested(value: Json): value is Nested {
  return Array.isArray(value) ? value.length > 0 : isObject(value) && Object.keys(value).length > 0;
}

function scalar(value: Json): string {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[]' : '{}';
  // YAML 1.1 knows no 1e-7.
  return String(value).replace(/^(-?\d+)e/, '$1.0e');
}

function text(value: string): string {
  if (value.length <= 200 && plain.test(value) && !words11.test(value)) return value;
  const quoted = JSON.stringify(value).replace(/##(?=\w*\[)/g, '#\\u0023');
  return quoted.replace(invisible, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

function blockOf(value: string, margin: string): readonly [string, ...string[]] | undefined {
  const ends = value.endsWith('\n');
  const lines = (ends ? value.slice(0, -1) : value).split('\n');
  if (lines.length < 2 || lines[0] === '' || lines.at(-1) === '') return undefined;
  if (!lines.every((line) => blockLine.test(line) && !command.test(line))) return undefined;
  return [ends ? ' |' : ' |-', ...lines.map((line) => (line === '' ? '' : `${margin}${line}`))];
}
