import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson, writeJson } from '../../../src/model/json.ts';
import { asJavaKeeps, doubleText } from '../../../src/scheduler/body/java-numbers.ts';

// What Java 21 answers to Double.toString, and Conductor 3.32.1 to a schedule with these in its input.
describe('asJavaKeeps', () => {
  it.each([
    ['1.0', '1.0'],
    ['1e3', '1000.0'],
    ['1e21', '1.0E21'],
    ['100.0', '100.0'],
    ['-0.0', '-0.0'],
    ['-0', '0'],
    ['0.0', '0.0'],
    ['2.50', '2.5'],
    ['0.001', '0.001'],
    ['0.0001', '1.0E-4'],
    ['-0.00012345', '-1.2345E-4'],
    ['9999999.5', '9999999.5'],
    ['10000000.0', '1.0E7'],
    ['123456789.5', '1.234567895E8'],
    ['72225e2', '7222500.0'],
    ['1e-400', '0.0'],
    ['5e-324', '4.9E-324'],
    ['1e-323', '9.9E-324'],
    ['2e23', '2.0E23'],
    ['1.7976931348623157e308', '1.7976931348623157E308'],
    ['12.345678901234567890', '12.345678901234567'],
    ['9007199254740993', '9007199254740993'],
    ['9007199254740993.0', '9.007199254740992E15'],
    ['1234567890123456789012345678901234567890', '1234567890123456789012345678901234567890'],
  ])('%s becomes %s', (text, kept) => {
    const parsed = parseJson(`{"a":[${text}]}`);
    expect(parsed.ok && writeJson(asJavaKeeps(parsed.value))).toBe(`{"a":[${kept}]}`);
  });

  it('is the same double, and does not change again', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = doubleText(value);
        expect(Object.is(Number(text), value)).toBe(true);
        expect(text).toMatch(/^-?\d+\.\d+(?:E-?\d+)?$/);
        const parsed = parseJson(text);
        expect(parsed.ok && writeJson(asJavaKeeps(parsed.value))).toBe(text);
      }),
      { numRuns: 5000 },
    );
  });
});
