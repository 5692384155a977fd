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
