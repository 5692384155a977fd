const form = /^[+-]?[0-9]+$/;

/** A number as Java's `Integer.parseInt` reads it: a sign and leading zeroes are fine, 32 bits the limit. */
export function javaInt(text: string): number | undefined {
  if (!form.test(text)) return undefined;
  const value = Number(text);
  // Not -0.
  return value >= -(2 ** 31) && value < 2 ** 31 ? value + 0 : undefined;
}
