import {
  isNumber,
  isObject,
  type Json,
  type JsonArray,
  type JsonObject,
  objectOf,
} from '../../model/json.ts';
import { doubleOf, isWhole, numberFrom } from '../../model/number.ts';

/**
 * A value as the real server keeps it where it knows no type (a workflow's input): whole numbers exactly, every other
 * number as a Java double, written as `Double.toString` writes it (OSS v3.32.1 on Java 21: Jackson's untyped reader).
 */
export function asJavaKeeps(value: Json): Json {
  if (isNumber(value)) {
    if (isWhole(value)) return String(value) === '-0' ? 0 : value;
    const double = doubleOf(value);
    // Java's Infinity is not JSON, so it is written as text.
    return Number.isFinite(double) ? numberFrom(doubleText(double)) : `${double}`;
  }
  if (Array.isArray(value)) {
    const items = (value as JsonArray).map(asJavaKeeps);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isObject(value)) return value;
  let isOther = false;
  const fields = Object.entries(value).map(([key, item]): [string, Json] => {
    const kept = asJavaKeeps(item);
    if (kept !== item) isOther = true;
    return [key, kept];
  });
  return isOther ? (objectOf(fields) as JsonObject) : value;
}

/**
 * A double as `Double.toString` of Java 19 and later writes it: the fewest digits that mean it, but two at least, with
 * a point from 0.001 up to 10,000,000 and with an exponent outside. Only finite ones.
 */
export function doubleText(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const sign = value < 0 ? '-' : '';
  const shortest = Math.abs(value).toExponential();
  // One digit may be enough where the nearest two are others: 4.9E-324.
  const two = Math.abs(value).toExponential(1);
  const isShort = !shortest.includes('.') && Number(two) === Math.abs(value);
  const [mantissa = '', power = ''] = (isShort ? two : shortest).split('e');
  const digits = mantissa.replace('.', '').replace(/(?<=.)0+$/, '');
  const exponent = Number(power);
  if (exponent < -3 || exponent >= 7) return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent}`;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}
