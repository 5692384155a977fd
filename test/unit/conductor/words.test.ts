import { describe, expect, it } from 'vitest';
import { mask } from '../../../src/conductor/words.ts';

describe('line', () => {
  it.each([
    ['a\r\n\tb  c\u0007\u001b[31m', 'a b c [31m'],
    ['\u202eevil\u200b\ufeff', 'evil'],
    ['one\u2028two', 'one two'],
    ['', ''],
  ])('%j becomes %j', (text, line) => {
    expect(mask().line(text)).toBe(line);
  });

  it('is at most 500 characters and cuts no pair in half', () => {
    expect(mask().line('x'.repeat(500))).toBe('x'.repeat(500));
    expect(mask().line('x'.repeat(501))).toBe(`${'x'.repeat(499)}…`);
    expect(mask().line(`${'x'.repeat(498)}🚚🚚`)).toBe(`${'x'.repeat(498)}…`);
    expect(mask().line('y'.repeat(12_000_000))).toHaveLength(500);
  });

  it('shows no secret in any of its forms', () => {
    const { add, line } = mask();
    add('pa"ss wörd');
    add('pa"ss wörd and more');
    add('abc');
    expect(line('a pa"ss wörd and more, pa\\"ss wörd, pa%22ss%20w%C3%B6rd, abc')).toBe(
      'a ***, ***, ***, abc',
    );
  });

  it('hides what stands across the place of the cut', () => {
    const { add, line } = mask();
    add('topsecret');
    expect(line(`${'x'.repeat(495)}topsecret`)).toBe(`${'x'.repeat(495)}***`);
  });
});
