import { describe, expect, it } from 'vitest';
import { decode } from '../../../../src/scheduler/body/decode.ts';
import { parseMediaType } from '../../../../src/scheduler/body/media-type.ts';
import { integerOf } from '../../../../src/scheduler/reading.ts';
import { queryOf } from '../../../../src/scheduler/wire.ts';
import { scheduleBody, testScheduler } from '../../../support/scheduler.ts';

const text = '{"a":"é😀"}';
const utf16 = Buffer.from(text, 'utf16le');
const utf32 = Buffer.concat(
  [...text].map((letter) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(letter.codePointAt(0) as number);
    return bytes;
  }),
);

// Seen on Conductor 3.32.1, or in the code of Jackson 2.18 and Spring 6.2.
it.each([
  ['UTF-8', Buffer.from(text), undefined],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`), undefined],
  ['UTF-16, little', utf16, undefined],
  ['UTF-16, big', Buffer.from(utf16).swap16(), 'utf-16'],
  ['UTF-16 with a mark', Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-8'],
  ['UTF-32, big', utf32, undefined],
  ['UTF-32, little', Buffer.from(utf32).swap32(), 'utf-8'],
])('tells %s by its bytes', (_name, bytes, charset) => {
  expect(decode(bytes, charset)).toEqual({ ok: true, text });
});

it('accepts surrogate halves and overlong forms, and ends at invalid bytes', () => {
  const read = (hex: string) => decode(Buffer.from(hex, 'hex'), undefined);
  expect(read('5b22eda08022')).toEqual({ ok: true, text: '["\ud800"' });
  expect(read('22c1a122')).toEqual({ ok: true, text: '"a"' });
  expect(read('5b31ff32')).toEqual({ ok: true, text: '[1\u0001' });
});

it('supports other charsets by name', () => {
  expect(decode(Buffer.from('é', 'latin1'), 'ISO-8859-1')).toEqual({ ok: true, text: 'é' });
  expect(decode(Buffer.from([0x80, 0x81]), 'windows-1252')).toEqual({ ok: true, text: '€\ufffd' });
});

it.each([
  ['application/json;charset=bogus', 500, /unsupported charset 'bogus'/],
  ['json', 500, /does not contain '\/'/],
  ['application/', 500, /does not contain subtype/],
  ['*/json', 500, /wildcard type is legal only/],
  ['application/json;q=2', 500, /Invalid quality value/],
  ['application/json; a b=c', 500, /Invalid token character/],
  ['*/*', 400, /cannot contain wildcard type/],
  ['application/*+json', 400, /cannot contain wildcard subtype/],
])('refuses the content type %s', (type, status, why) => {
  const read = parseMediaType(type);
  expect(read).toMatchObject({ ok: false, status });
  expect(read.ok ? '' : read.why).toMatch(why);
});

it.each([
  ['5', 5n],
  ['+5', 5n],
  [' 5 ', 5n],
  ['1 2', 12n],
  ['0x10', 16n],
  ['#10', 16n],
  ['-0x10', -16n],
  ['٣', 3n],
  ['2147483647', 2147483647n],
  ['2147483648', undefined],
  ['+0x10', undefined],
  ['1.0', undefined],
  ['', undefined],
])('the query integer %j is %s', (written, value) => {
  expect(integerOf(written, 32)).toBe(value);
});

it('reads queries as Tomcat does', () => {
  const query = queryOf('a=1&a=2&b=%zz&c=%C3%A9+x&d&=e&&f=%ff');
  expect(query('a')).toBe('1,2');
  expect(query.all('a')).toEqual(['1', '2']);
  expect(['b', 'c', 'd', '', 'f'].map(query)).toEqual([undefined, 'é x', '', undefined, '\ufffd']);
});

describe('a server answers', () => {
  const scheduler = testScheduler();
  scheduler.put(scheduleBody('a'));
  it.each([
    [
      'OPTIONS',
      '/api/scheduler/schedules',
      { origin: 'http://x', 'access-control-request-method': 'GET' },
      403,
    ],
    ['OPTIONS', '/api/scheduler/schedules', { origin: 'http://x' }, 200],
    ['TRACE', '/health', {}, 405],
    ['GET', '/api/scheduler/schedules/a<', {}, 400],
    ['GET', '/api/version?a=[', {}, 400],
    ['GET', '/%61pi/version', {}, 200],
    ['GET', '/api/scheduler/schedules/search?size=2147483648', {}, 500],
    ['GET', '/api/scheduler/schedules/search?size=+5&paused=yes', {}, 200],
    ['GET', '/api/scheduler/search/executions?sort=:', {}, 500],
  ])('%s %s %j with %s', (method, path, headers, status) => {
    expect(scheduler.ask(method, path, undefined, headers).status).toBe(status);
  });
});
