/** A decimal whole number as Java parses it: digits of any script are digits. `undefined` = it is none. */
export function decimalOf(text: string): bigint | undefined {
  return /^[+-]?\p{Nd}+$/u.test(text) ? BigInt(text.replace(/\p{Nd}/gu, digitOf)) : undefined;
}

/** Decimal digits come in runs of ten, each beginning with its zero. */
function digitOf(digit: string): string {
  const code = digit.codePointAt(0) as number;
  if (code < 0x80) return digit;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}
