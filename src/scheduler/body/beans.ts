import { isNumber, isObject, type Json, objectOf } from '../../model/json.ts';
import { doubleOf, isWhole, wholeNumber } from '../../model/number.ts';
import { decimalOf } from './digits.ts';
import { asJavaKeeps } from './java-numbers.ts';
import { replacedFields } from './json-reader.ts';

/**
 * Values as Jackson 2.18 reads them into Java's types and writes them again, with the settings of Conductor's mapper
 * (OSS v3.32.1 ObjectMapperProvider): unknown fields are dropped, nulls of objects are left out, those of maps stay.
 */
export type Coerced =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly why: string };
export type JavaType = (value: Json) => Coerced;

/** A property of a Java class. */
export type Property = {
  readonly name: string;
  readonly as: JavaType;
  /** Its value when it is left out; absent = null. */
  readonly initial?: Json;
  /** What it is when somebody writes null; absent = null. */
  readonly nulled?: Json;
};

export function taken(value: Json): Coerced {
  return { ok: true, value };
}

export function refused(why: string): Coerced {
  return { ok: false, why };
}

/** Any scalar becomes text, a number its own letters. */
export const text: JavaType = (value) =>
  Array.isArray(value) || isObject(value)
    ? refused('not a text')
    : taken(typeof value === 'string' ? value : String(value));

/** `"true"`, `"True"`, `"TRUE"` and every whole number but 0 are true; `""` and `"null"` are as null. */
export const truth: JavaType = (value) => {
  if (typeof value === 'boolean') return taken(value);
  if (isNumber(value))
    return isWhole(value) ? taken(doubleOf(value) !== 0) : refused('a fraction is not a boolean');
  if (typeof value !== 'string') return refused('not a boolean');
  const word = value.trim();
  if (meansNull(word)) return taken(null);
  if (/^(?:false|False|FALSE)$/.test(word)) return taken(false);
  return /^(?:true|True|TRUE)$/.test(word) ? taken(true) : refused(`"${value}" is not a boolean`);
};

/** Fractions are cut towards zero, digits in quotes are read; `""` and `"null"` are as null. */
function integer(bits: 32 | 64): JavaType {
  return (value) => {
    if (typeof value === 'string') {
      const written = value.trim();
      if (meansNull(written)) return taken(null);
      const number = decimalOf(written);
      return number === undefined ? refused(`"${value}" is not a number`) : within(number, bits);
    }
    if (!isNumber(value)) return refused('not a number');
    if (isWhole(value)) return within(BigInt(String(value)), bits);
    return fits(value, bits) ? within(wholePart(String(value)), bits) : refused('out of range');
  };
}

/** Jackson compares a fraction as a double, so that one just past the largest long is taken, and is that long. */
function fits(value: (Json & object) | number | bigint, bits: 32 | 64): boolean {
  const double = doubleOf(value as number);
  return double >= -(2 ** (bits - 1)) && double <= (bits === 64 ? 2 ** 63 : 2 ** 31 - 1);
}

function wholePart(literal: string): bigint {
  const double = Math.trunc(Number(literal));
  return double >= 2 ** 63 ? 2n ** 63n - 1n : BigInt(double);
}

export const int: JavaType = integer(32);
export const long: JavaType = integer(64);

function within(value: bigint, bits: 32 | 64): Coerced {
  return BigInt.asIntN(bits, value) === value
    ? taken(wholeNumber(value))
    : refused(`${value} does not fit into ${bits} bits`);
}

function meansNull(word: string): boolean {
  return word === '' || word === 'null';
}

const isPosition = /^(?:0|[1-9]\d*)$/;

/** The exact word, or its position as a number or as digits. */
export function oneOf(words: readonly string[]): JavaType {
  return (value) => {
    const said = typeof value === 'string' ? value.trim() : value;
    const position =
      typeof said === 'number' ? said : typeof said === 'string' && isPosition.test(said) ? Number(said) : -1;
    const word = words[position] ?? said;
    return typeof word === 'string' && words.includes(word)
      ? taken(word)
      : refused(`not one of ${words.join(', ')}`);
  };
}

/** Anything, by Jackson's untyped reader. */
export const untyped: JavaType = (value) => taken(asJavaKeeps(value));

export const map: JavaType = (value) => (isObject(value) ? untyped(value) : refused('not an object'));

export function mapOf(type: JavaType): JavaType {
  return (value) => {
    if (!isObject(value)) return refused('not an object');
    const entries: [string, Json][] = [];
    for (const [key, item] of [...replacedFields(value), ...Object.entries(value)]) {
      const coerced = item === null ? taken(null) : type(item);
      if (!coerced.ok) return coerced;
      entries.push([key, coerced.value]);
    }
    return taken(objectOf(entries));
  };
}

export function listOf(type: JavaType): JavaType {
  return (value) => {
    if (!Array.isArray(value)) return refused('not a list');
    const items: Json[] = [];
    for (const item of value as readonly Json[]) {
      const coerced = item === null ? taken(null) : type(item);
      if (!coerced.ok) return coerced;
      items.push(coerced.value);
    }
    return taken(items);
  };
}

/** An object of a Java class, with its properties in the order of the class. */
export function bean(properties: readonly Property[]): JavaType {
  const known = new Map(properties.map((property) => [property.name, property]));
  return (value) => {
    if (!isObject(value)) return refused('not an object');
    for (const [name, item] of replacedFields(value)) {
      const coerced = item === null ? undefined : known.get(name)?.as(item);
      if (coerced?.ok === false) return { ok: false, why: `${name}: ${coerced.why}` };
    }
    const entries: [string, Json][] = [];
    for (const { name, as, initial = null, nulled = null } of properties) {
      const item = value[name];
      let kept: Json = initial;
      if (item !== undefined) {
        const coerced = item === null ? taken(null) : as(item);
        if (!coerced.ok) return { ok: false, why: `${name}: ${coerced.why}` };
        kept = coerced.value ?? nulled;
      }
      if (kept !== null) entries.push([name, kept]);
    }
    return taken(objectOf(entries));
  };
}
