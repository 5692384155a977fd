import { describe, expect, it } from 'vitest';
import { wordsOnOneLine } from '../../../src/conductor/server-words.ts';
import { masker } from '../../../src/masking/masker.ts';

/** What is learned, and what is then said. */
function mask() {
  const { learn, learnHeader, ...rest } = masker();
  return {
    add: learn,
    addHeader: (value: string) => learnHeader('x-any', value),
    line: (text: string) => wordsOnOneLine(text, { learn, learnHeader, ...rest }),
  };
}

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

  it.each([
    ['as it is', 'a/b+c&d=<é🚚> e'],
    ['in a URL', 'a%2Fb%2Bc%26d%3D%3C%C3%A9%F0%9F%9A%9A%3E%20e'],
    ['in a URL, in small letters', 'a%2fb%2bc%26d%3d%3c%c3%a9%f0%9f%9a%9a%3e%20e'],
    ['in a form', 'a%2Fb%2Bc%26d%3D%3C%C3%A9%F0%9F%9A%9A%3E+e'],
    ['in JSON that escapes what it need not', 'a\\/b+c\\u0026d\\u003d\\u003cé🚚\\u003E e'],
    ['in JSON that is ASCII', 'a/b+c&d=<\\u00e9\\uD83D\\uDE9A> e'],
    ['in HTML', 'a/b+c&amp;d=&lt;é🚚&gt; e'],
    ['in HTML by numbers', 'a&#47;b&#43;c&#x26;d&#061;&#x3C;&#233;&#x1F69A;&#62;&#32;e'],
    ['in other letters', 'A/B+C&D=<É🚚> E'],
    ['with something invisible in it', 'a/b+c\u200b&d=<é🚚> e'],
    ['broken into lines', 'a/b+c&d=<é🚚>\r\n e'],
  ])('shows no secret %s', (_what, text) => {
    const { add, line } = mask();
    add('a/b+c&d=<é🚚> e');
    expect(line(`x ${text} y`)).toBe('x *** y');
  });

  it.each([
    ['Bearer 0123456789', 'invalid token 0123456789', 'invalid token ***'],
    ['sid=0123456789; theme=dark', '{"sid":"0123456789","theme":"dark"}', '{"sid":"***","theme":"dark"}'],
    [`Basic ${btoa('ada:love;lace')}`, 'wrong password love;lace of ada', 'wrong password *** of ada'],
    [`basic ${btoa('ada:love;lace')}`, `no ${btoa('ada:love;lace')}`, 'no ***'],
    ['payments', 'no payments here', 'no *** here'],
  ])('shows no part of the header %s that is a secret by itself', (header, text, shown) => {
    const { addHeader, line } = mask();
    addHeader(header);
    expect(line(text)).toBe(shown);
  });

  it('hides a secret where a very long text is cut', () => {
    const { add, line } = mask();
    add('topsecret');
    for (let before = 0; before < 9; before += 1) {
      expect(line(`${'x'.repeat(before)}${'topsecret'.repeat(100_000)}`)).toMatch(/^x*[*]*…?$/);
    }
    expect(line(`${'x'.repeat(120_000)}`)).toBe(`${'x'.repeat(499)}…`);
  });

  it('hides a secret across the cut', () => {
    const { add, line } = mask();
    add('topsecret');
    expect(line(`${'x'.repeat(495)}topsecret`)).toBe(`${'x'.repeat(495)}***`);
  });
});
