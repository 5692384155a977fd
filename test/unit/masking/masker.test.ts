import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hideDeep } from '../../../src/masking/hide-deep.ts';
import { masker } from '../../../src/masking/masker.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** How servers, proxies and our own reports write a text, by themselves and one inside of another. */
const ways: { readonly [way: string]: (text: string) => string } = {
  'as it is': (text) => text,
  'in JSON': inJson,
  'in JSON in JSON': (text) => inJson(inJson(text)),
  'in ASCII JSON': (text) =>
    text.replace(/[^ -~]|["\\]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'in a URL': (text) => encodeURIComponent(text),
  'in a URL in small letters': (text) =>
    encodeURIComponent(text).replace(/%../g, (byte) => byte.toLowerCase()),
  'in a form': (text) => new URLSearchParams({ q: text }).toString().slice(2),
  'in JSON in a URL': (text) => encodeURIComponent(inJson(text)),
  'in single quotes of YAML': (text) => text.replaceAll("'", "''"),
  'in base64': (text) => base64(text),
  'in base64 behind one byte': (text) => base64(`a${text}!`),
  'in base64 behind two bytes': (text) => base64(`ab${text}!!`),
  'in base64 for URLs': (text) => Buffer.from(`a${text}?>`).toString('base64url'),
  'in base64 of JSON': (text) => base64(JSON.stringify({ key: text })),
  'in base64 of 76 letters a line': (text) => base64(text).replace(/.{76}/g, '$&\n'),
  'in lines of ten letters': (text) =>
    Array.from(text)
      .join('')
      .replace(/[\s\S]{10}/gu, '$&\n  '),
};

/** Long enough to be none of our own words; as environment variables can hold them. */
const aSecret = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 8, maxLength: 64 }),
    fc.string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 64 }),
    fc
      .array(fc.string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 64 }), {
        minLength: 2,
        maxLength: 60,
      })
      .map((lines) => lines.join('\n')),
    fc.string({ unit: 'grapheme-ascii', minLength: 500, maxLength: 4000 }),
  )
  .filter(
    (text) =>
      !/\0|\p{Surrogate}/u.test(text) && new Set(text.replace(/[\s+\p{Cf}]/gu, '').toLowerCase()).size > 5,
  );

describe('hide', () => {
  it.each(Object.entries(ways))('leaves nothing of a secret %s', (way, write) => {
    fc.assert(
      fc.property(aSecret, (secret) => {
        const { learn, hide } = masker();
        learn(secret);
        const hidden = hide(`before|${write(secret)}|after`);
        expect(hidden).toContain('***');
        // Spaces and line breaks at its ends say nothing; a bar beside it may be hidden with one of its own.
        const left = hidden
          .replace(/(?:%[0-9a-f]{2})+/gi, decodeURIComponent)
          .replace(/^before\|?|\|?after$|\*\*\*|\\+(?:n|u[0-9a-f]{4})|[\s+\p{Cf}\p{Cc}]/giu, '');
        // In base64 a letter at each end belongs to the neighbors too, and they are not ours to hide.
        expect(left.length).toBeLessThanOrEqual(way.includes('base64') ? 24 : 0);
      }),
      { numRuns: 100 },
    );
  });

  it('hides a value that contains escapes, in a text that is escaped', () => {
    const { learn, hide } = masker();
    const secret = `#${' '.repeat(20)}%00 1"2`;
    learn(secret);
    expect(hide(`before|${secret.replace('"', '\\u0022')}|after`)).toBe('before|***|after');
  });

  it('hides each long line of a secret by itself', () => {
    const { learn, hide } = masker();
    learn('-----BEGIN KEY-----\nMIIEvQIBADANBg\n  kqhkiG9w0BAQ\r\nEFAA\n-----END KEY-----');
    expect(hide('line 2: MIIEvQIBADANBg, line 3: kqhkiG9w0BAQ, line 4: EFAA')).toBe(
      'line 2: ***, line 3: ***, line 4: EFAA',
    );
  });

  it('hides overlapping and nested values', () => {
    const { learn, hide } = masker();
    learn('abcdefgh1234');
    learn('1234ijklmnop');
    learn('gh1234ij');
    expect(hide('xabcdefgh1234ijklmnopx')).toBe('x***x');
  });

  it('hides the beginning of a truncated value', () => {
    const { learn, hide } = masker();
    learn('correct horse battery staple');
    expect(hide('the name "x correct horse batt…" and "correct horse" …')).toBe(
      'the name "x ***…" and "correct horse" …',
    );
  });

  it.each(['correct%20ho%', 'correct%20horse%2', 'correct\\u0020horse\\u00', 'correct&#32;horse&#3'])(
    'hides the beginning of a value that is cut in an escape: %s',
    (text) => {
      const { learn, hide } = masker();
      learn('correct horse battery staple');
      expect(hide(`x ${text}… y`)).toBe('x ***… y');
    },
  );

  it('leaves short values and everything else alone', () => {
    const { learn, hide } = masker();
    learn('1234567');
    expect(hide('1234567 stays')).toBe('1234567 stays');
    learn('a secret');
    expect(hide('a secre t, as ecret, a secre')).toBe('***, ***, a secre');
  });

  it('hides the secret part of headers, not ordinary words', () => {
    const { learnHeader, hide, hideForeign } = masker();
    learnHeader('X-Team', 'payments');
    learnHeader('Cookie', 'theme=dark; sid=0123456789');
    learnHeader('X-Api-Key', 'correcthorse');
    expect(hide('payments-daily 0123456789 correcthorse')).toBe('payments-daily *** ***');
    expect(hideForeign('payments')).toBe('***');
  });
});

it('hides values that are mostly whitespace, exactly as they are', () => {
  const { learn, hide } = masker();
  learn('a b c d e');
  learn('v   w   x');
  expect(hide('x a b c d e y')).toBe('x *** y');
  expect(hide('x v   w   x y')).toBe('x *** y');
  expect(hide('x abcde y')).toBe('x abcde y');
});

describe('hideForeign', () => {
  it('hides a part of a value from a server', () => {
    const secret = Array.from({ length: 400 }, (_, at) => ((at * 7919) % 36).toString(36)).join('');
    const { learn, hideForeign } = masker();
    learn(secret);
    expect(hideForeign(`cannot store ${secret.slice(100, 160)}…`)).toBe('cannot store ***…');
    expect(hideForeign(`cannot store ${base64(secret).slice(0, 100)}`)).toBe('cannot store ***');
    // The shortest that is found wherever it stands, and one that is longer, to the end of the text.
    expect(hideForeign(`cannot store ${secret.slice(16, 32)}`)).toBe('cannot store ***');
    expect(hideForeign(`cannot store ${secret.slice(14, 40)}`)).toBe('cannot store ***');
    expect(hideForeign(`${secret.slice(380)} cannot be stored`)).toBe('*** cannot be stored');
  });
});

describe('hideDeep', () => {
  it('covers texts, keys and numbers, and leaves other values', () => {
    const mask = masker();
    const zone = new Map([['13572468', 1]]);
    const document = { a: ['x13572468'], '13572468': 13_572_468, b: 135_724_689, zone, c: undefined };
    expect(hideDeep(document, mask)).toBe(document);
    mask.learn('13572468');
    expect(hideDeep(document, mask)).toStrictEqual({
      a: ['x***'],
      '***': '***',
      b: 135_724_689,
      zone,
      c: undefined,
    });
  });
});

it.each(['plainsecret+++++', '+++plainsecret', '++plain+secret++'])(
  'hides a plus at an end: %s',
  (secret) => {
    const mask = masker();
    mask.learn(secret);
    expect(mask.hide(`x ${secret} y`)).toBe('x *** y');
  },
);
