/**
 * A number that JavaScript would print in other letters than it was written in: `1.0`, `1e21`, `-0`. It reaches the
 * wire, the diff and files by its text; JVM workers get an Integer for `1` and a Double for `1.0`.
 */
export class JsonNumber {
  /** A JSON literal. */
  readonly text: string;
  /** As it is in a YAML file, where that is not JSON: `00123`, `+5`, `.5`. */
  readonly source: string;

  constructor(text: string, source: string = text) {
    this.text = text;
    this.source = source;
    Object.freeze(this);
  }

  /** Tells it from objects of JSON, whatever their keys: no prototype of theirs has it. */
  get isDownbeatNumber(): true {
    return true;
  }

  /** Also true for one of another copy of this class: the program as published is several files, each with its own. */
  static [Symbol.hasInstance](value: unknown): boolean {
    return (
      typeof value === 'object' && value !== null && Object.getPrototypeOf(value)?.isDownbeatNumber === true
    );
  }

  toString(): string {
    return this.text;
  }
}

/** Whether two kinds of number differ on a server: `kind` = 1 and 1.0 do, `value` = they are one number. */
export type NumberEquality = 'kind' | 'value';

const digits = /^-?\d+$/;

/** The number of a JSON literal: a `number` exactly when JavaScript prints it by the same letters. */
export function numberFrom(text: string): number | bigint | JsonNumber {
  const value = Number(text);
  if ((Number.isSafeInteger(value) || !Number.isInteger(value)) && String(value) === text) return value;
  return digits.test(text) && text !== '-0' ? BigInt(text) : new JsonNumber(text);
}

/** A whole number: `bigint` exactly when it is not a safe integer. */
export function wholeNumber(value: bigint): number | bigint {
  const asNumber = Number(value);
  return Number.isSafeInteger(asNumber) ? asNumber : value;
}

/** True for a number without point and exponent, which JVMs read as an Integer, Long or BigInteger. */
export function isWhole(value: number | bigint | JsonNumber): boolean {
  if (value instanceof JsonNumber) return digits.test(value.text);
  return typeof value === 'bigint' || Number.isInteger(value);
}

/** The nearest double. */
export function doubleOf(value: number | bigint | JsonNumber): number {
  return typeof value === 'number' ? value : Number(value instanceof JsonNumber ? value.text : value);
}

/**
 * One text for all numbers that are equal. By kind, a whole number is its exact value and a decimal one its double
 * (−0.0 is not 0.0); by value only the amount counts.
 */
export function numberKey(value: number | bigint | JsonNumber, equality: NumberEquality): string {
  if (isWhole(value)) {
    if (typeof value === 'number') return BigInt(value).toString();
    const text = String(value);
    return text === '-0' ? '0' : text;
  }
  const double = doubleOf(value);
  if (equality === 'kind')
    return Object.is(double, -0) ? '-0.0' : `${double}${Number.isInteger(double) ? '.0' : ''}`;
  return Number.isInteger(double) ? BigInt(double).toString() : String(double);
}
