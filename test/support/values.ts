import fc from 'fast-check';
import type { Json } from '../../src/model/json.ts';
import { exactNumber } from '../../src/model/json.ts';

/** Keys that have hurt someone before, beside ordinary ones. */
export const anyKey: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'valueOf',
    'hasOwnProperty',
    'a.b',
    '',
    '#int:',
    'ключ',
  ),
);

const wholeBeyondDouble: fc.Arbitrary<bigint> = fc
  .bigInt({ min: -(10n ** 25n), max: 10n ** 25n })
  .filter((value) => !Number.isSafeInteger(Number(value)));

const scalar: fc.Arbitrary<Json> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom(
    '#int:12345678901234567890',
    '12345678901234567890',
    '${workflow.input.x}',
    '50 %',
    'no',
    '017',
  ),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(exactNumber),
  wholeBeyondDouble,
);

/** Any JSON value as the program holds it: whole numbers beyond 2^53 are bigints. */
export const anyJson: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(anyKey, tie('value')), { maxLength: 4 })
      .map((entries) => Object.fromEntries(entries) as Json),
  ),
})).value;

export const anyJsonObject: fc.Arbitrary<{ readonly [key: string]: Json }> = fc
  .array(fc.tuple(anyKey, anyJson), { maxLength: 4 })
  .map((entries) => Object.fromEntries(entries));
