import fc from 'fast-check';
import { isObject, type Json, writeJson } from '../../src/model/json.ts';

/** Decides at random, one choice after another; `of` gives a whole number from 0 up to, not including, `n`. */
export interface Choices {
  of(n: number): number;
}

/** Choices that depend on a seed alone. */
export function choicesOf(seed: number): Choices {
  let state = seed >>> 0 || 1;
  return {
    of(n) {
      // xorshift32
      state ^= state << 13;
      state >>>= 0;
      state ^= state >>> 17;
      state ^= state << 5;
      state >>>= 0;
      return state % n;
    },
  };
}

export const anySeed: fc.Arbitrary<number> = fc.integer({ min: 1, max: 2 ** 31 });

const plainWord = /^[A-Za-z][A-Za-z0-9_]*(?: [A-Za-z0-9_]+)*$/;
const words = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;
const printable = /^[^\p{C}\p{Zl}\p{Zp}\u00a0\ufeff]*$/u;
const blockText =
  /^(?:[^\p{C}\p{Z}][^\p{C}\p{Zl}\p{Zp}]*\n)*[^\p{C}\p{Z}][^\p{C}\p{Zl}\p{Zp}]*[^\p{C}\p{Z}]\n?$/u;

/** A value as YAML in a style that people might have written: quotes, brackets, comments, blank lines, indentation. */
export function styledYaml(value: Json, choose: Choices): string {
  const step = 1 + choose.of(4);
  const lines = isNested(value) ? block(value, '', choose, step) : [scalar(value, choose, false)];
  return `${comments('', choose).concat(lines).join('\n')}\n`;
}

type Nested = { readonly [key: string]: Json } | readonly Json[];

function isNested(value: Json): value is Nested {
  return Array.isArray(value) ? value.length > 0 : isObject(value) && Object.keys(value).length > 0;
}

function comments(margin: string, choose: Choices): string[] {
  const lines: string[] = [];
  if (choose.of(6) === 0) lines.push('');
  if (choose.of(5) === 0) lines.push(`${margin}# about the next: it's "so"`);
  return lines;
}

function trailing(choose: Choices): string {
  return choose.of(5) === 0 ? '  # why: [this]' : '';
}

function block(value: Nested, margin: string, choose: Choices, step: number): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item: Json) => {
      if (isNested(item) && choose.of(3) > 0) {
        const inner = `${margin}  `;
        const [first = '', ...more] = block(item, inner, choose, step).filter(
          (_line, index, all) => index >= all.findIndex((one) => /^\s*[^#\s]/.test(one)),
        );
        return [`${margin}- ${first.slice(inner.length)}`, ...more];
      }
      return [...comments(margin, choose), ...tailed(`${margin}-`, item, `${margin}  `, choose)];
    });
  }
  return Object.entries(value).flatMap(([key, item]) => {
    const head = `${margin}${keyText(key, choose)}:`;
    if (isNested(item) && choose.of(4) > 0) {
      const inner = margin + ' '.repeat(Array.isArray(item) && choose.of(2) === 0 ? 0 : step);
      return [...comments(margin, choose), head + trailing(choose), ...block(item, inner, choose, step)];
    }
    return [...comments(margin, choose), ...tailed(head, item, `${margin}${' '.repeat(step)}`, choose)];
  });
}

/** A value on the line of its key or dash, or as a block below it. */
function tailed(head: string, value: Json, inner: string, choose: Choices): string[] {
  if (typeof value === 'string' && blockText.test(value) && choose.of(2) === 0) {
    const body = (value.endsWith('\n') ? value.slice(0, -1) : value).split('\n');
    return [
      `${head} |${value.endsWith('\n') ? '' : '-'}${trailing(choose)}`,
      ...body.map((line) => inner + line),
    ];
  }
  if (isNested(value)) return [`${head} ${flow(value, choose, inner)}${trailing(choose)}`];
  if (value === null && choose.of(2) === 0) return [`${head}${trailing(choose)}`];
  return [`${head} ${scalar(value, choose, false)}${trailing(choose)}`];
}

function flow(value: Json, choose: Choices, inner: string): string {
  if (!isNested(value)) return scalar(value, choose, true);
  const wide = choose.of(4) === 0;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const parts = Array.isArray(value)
    ? value.map((item: Json) => flow(item, choose, `${inner}  `))
    : Object.entries(value).map(
        ([key, item]) => `${keyText(key, choose)}: ${flow(item, choose, `${inner}  `)}`,
      );
  const last = choose.of(5) === 0 ? ',' : '';
  if (wide) return `${open}\n${inner}  ${parts.join(`,\n${inner}  `)}${last}\n${inner}${close}`;
  const pad = choose.of(2) === 0 ? ' ' : '';
  return `${open}${pad}${parts.join(choose.of(4) === 0 ? ' , ' : ', ')}${last}${pad}${close}`;
}

function keyText(key: string, choose: Choices): string {
  return plainWord.test(key) && !words.test(key) && choose.of(3) > 0 ? key : scalar(key, choose, true);
}

function scalar(value: Json, choose: Choices, isFlow: boolean): string {
  if (typeof value !== 'string') return writeJson(value).replace(/^(-?\d+)e/, '$1.0e');
  if (plainWord.test(value) && !words.test(value) && choose.of(2) === 0) return value;
  if (!isFlow && /^[0-9*/?, A-Z-]+ \?$/.test(value) && /^\d/.test(value) && choose.of(3) === 0) return value;
  if (printable.test(value) && choose.of(2) === 0) return `'${value.replaceAll("'", "''")}'`;
  return JSON.stringify(value).replace(/[\p{C}\p{Zl}\p{Zp}\u00a0\ufeff]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
