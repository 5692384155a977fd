import fc from 'fast-check';
import type { Json } from '../../src/model/json.ts';
import { numberFrom } from '../../src/model/number.ts';

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

/** Numbers in every letter that JSON has for them. */
export const anyNumberText: fc.Arbitrary<string> = fc.oneof(
  fc.integer().map(String),
  fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.oneof(fc.constant('0'), fc.bigInt({ min: 1n, max: 10n ** 20n }).map(String)),
      fc.oneof(fc.constant(''), fc.stringMatching(/^\.\d{1,22}$/)),
      fc.oneof(fc.constant(''), fc.stringMatching(/^[eE][-+]?\d{1,2}$/)),
    )
    .map((parts) => parts.join('')),
  fc.constantFrom('1.0', '100.0', '1e21', '1.0E21', '-0', '-0.0', '0.0', '1e3', '4.9E-324', '1e-400', '0.10'),
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
  anyNumberText.map(numberFrom),
  wholeBeyondDouble,
);

/** Any JSON value as the program holds it: numbers in any letters. */
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
