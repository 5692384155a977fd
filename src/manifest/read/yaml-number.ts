import { JsonNumber, numberFrom } from '../../model/number.ts';

const jsonLiteral = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const whole = /^([-+]?)0*(\d+)$/;
const otherBase = /^0[xo][\dA-Fa-f]+$/;
const decimal = /^([-+]?)0*(\d*)(?:\.(\d*))?([eE][-+]?\d+)?$/;
/** As for JSON: no server reads a longer one. */
const longest = 1000;

/**
 * The number of a scalar that YAML 1.2 reads as one, with the letters of its source as far as they are JSON: `1.0` is
 * 1.0, `00123` is 123, `.5` is 0.5. Undefined for what has no JSON form: `.inf`, `1e999`, more than 1,000 digits.
 */
export function yamlNumber(source: string): number | bigint | JsonNumber | undefined {
  if (source.length > longest) return undefined;
  if (!whole.test(source) && !Number.isFinite(Number(source))) return undefined;
  if (jsonLiteral.test(source)) return numberFrom(source);
  if (otherBase.test(source)) return new JsonNumber(BigInt(source).toString(), source);
  const [, sign = '', digits] = whole.exec(source) ?? [];
  if (digits !== undefined) return new JsonNumber(`${sign === '-' ? '-' : ''}${digits}`, source);
  const [match, minus = '', before = '', after = '', exponent = ''] = decimal.exec(source) ?? [];
  if (match === undefined) return undefined;
  const fraction = source.includes('.') ? `.${after === '' ? '0' : after}` : '';
  return new JsonNumber(
    `${minus === '-' ? '-' : ''}${before === '' ? '0' : before}${fraction}${exponent}`,
    source,
  );
}

const longPower = /^[-+]?\d{2,}[eE][-+]?\d+$/;
const leadingZero = /^[-+]?0\d/;

/**
 * What arrives of a number that YAML alters, or that a person most likely meant as text: leading zeros, a plus, another
 * base, `72225e2`, what is too small or too long for a double. Undefined for an ordinary one. Not for JSON.
 */
export function alteredNumber(source: string): string | undefined {
  const number = yamlNumber(source);
  if (number === undefined) return undefined;
  if (leadingZero.test(source) || source.startsWith('+') || otherBase.test(source)) return String(number);
  if (/^[-+]?\d+$/.test(source)) return undefined;
  const double = Number(source);
  if (!longPower.test(source) && isExact(source, double)) return undefined;
  return Number.isInteger(double) && Math.abs(double) < 1e21 ? `${double}.0` : String(double);
}

/** Whether a double is the number that is written, or is printed with the same digits. */
function isExact(source: string, double: number): boolean {
  const written = digitsOf(source);
  return (
    written === digitsOf(String(double)) ||
    (Number.isInteger(double) && written === digitsOf(`${BigInt(double)}`))
  );
}

/** The digits of a decimal number and its power of ten: one text for `1.50`, `15e-1` and `0.15e1`. */
function digitsOf(source: string): string {
  const [, before = '', after = '', exponent = '0'] =
    /^[-+]?(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/.exec(source) ?? [];
  const all = `${before}${after}`.replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  return digits === '' ? '0' : `${digits}e${Number(exponent) - after.length + all.length - digits.length}`;
}

// YAML 1.1: https://yaml.org/type/bool.html, int.html and float.html
const oldTrue = /^(?:y|yes|on)$/i;
const oldFalse = /^(?:n|no|off)$/i;
const oldNumber =
  /^[-+]?(?:0b[01_]+|0x[\da-fA-F_]+|\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?|\d[\d_]*(?:\.[\d_]*)?(?:[eE][-+]\d+)?)$/;

/** What readers of YAML 1.1 make of a plain text, in words; undefined where it is a text to them, too. */
export function oldMeaning(text: string): 'true' | 'false' | 'a number' | undefined {
  if (oldTrue.test(text)) return 'true';
  if (oldFalse.test(text)) return 'false';
  return oldNumber.test(text) ? 'a number' : undefined;
}
