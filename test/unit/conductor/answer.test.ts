import { describe, expect, it } from 'vitest';
import { type Answer, decode, isMissing, isUnknownRoute, wordsOf } from '../../../src/conductor/answer.ts';

const answer = (status: number, text: string, type?: string): Answer => ({
  status,
  text,
  headers: type === undefined ? {} : { 'content-type': type },
  attempts: 1,
});
const json = (status: number, body: unknown): Answer =>
  answer(status, JSON.stringify(body), 'application/json');

describe('decode', () => {
  it.each([
    ['application/json', '[1]', [1]],
    ['application/json;charset=UTF-8', '{"n":12345678901234567890}', { n: 12345678901234567890n }],
    ['Application/Problem+JSON', 'null', null],
  ])('takes %s: %s', (type, text, value) => {
    expect(decode(answer(200, text, type))).toEqual({ ok: true, value });
  });

  it.each([
    ['text/html;charset=utf-8', '[]', 'html', 'an HTML page'],
    ['application/json', '<!DOCTYPE html><title> Sign\nin </title>', 'html', 'an HTML page, "Sign\nin"'],
    [undefined, '<html>', 'html', 'an HTML page'],
    [undefined, '[]', 'not-json', 'no content type where JSON was expected'],
    [undefined, '', 'not-json', 'an empty answer where JSON was expected'],
    ['application/json', '', 'not-json', expect.any(String)],
    ['text/plain', '[]', 'not-json', 'text/plain where JSON was expected'],
    ['application/jsonish', '[]', 'not-json', 'application/jsonish where JSON was expected'],
    ['application/json', '[1]]', 'not-json', expect.any(String)],
    ['application/json', '{"a": nonsense}', 'not-json', expect.any(String)],
    ['application/json', '[{"a":1},{"b":"]}"', 'cut-off', 'the answer ends after 18 characters'],
    ['application/json', '[{"a":"x\\"', 'cut-off', 'the answer ends after 10 characters'],
    ['application/json', '[', 'cut-off', 'the answer ends after 1 characters'],
  ])('refuses %s: %s as %s', (type, text, kind, words) => {
    expect(decode(answer(200, text, type))).toEqual({ ok: false, kind, words });
  });
});

describe('the words of an error', () => {
  it.each<[string, Answer, string]>([
    ['of OSS', json(404, { status: 404, message: 'gone', instance: 'host-1', retryable: false }), 'gone'],
    [
      'of a validation',
      json(400, {
        status: 400,
        message: 'Validation failed',
        validationErrors: [{ path: 'a.b', message: 'too long', invalidValue: 'x' }, { message: 'empty' }],
      }),
      'Validation failed a.b: too long empty',
    ],
    ['of a token', json(401, { error: 'EXPIRED_TOKEN' }), 'EXPIRED_TOKEN'],
    ['of JSON that is no error', json(500, { instance: 'host-1' }), ''],
    ['of a gateway', answer(502, 'Bad Gateway', 'text/plain'), 'Bad Gateway'],
    ['of a page', answer(502, '<html><title>502</title>', 'text/html'), 'an HTML page, "502"'],
  ])('%s', (_what, of, words) => {
    expect(wordsOf(of)).toBe(words);
  });
});

describe('what a 404 and similar answers mean', () => {
  const name = 'nightly';
  it.each<[string, Answer, boolean, boolean]>([
    // what, answer, unknown route, no such schedule
    ['OSS 3.32', json(404, { status: 404, message: "Schedule 'nightly' not found" }), false, true],
    ['OSS 3.23', json(404, { message: 'Schedule not found: nightly' }), false, true],
    ['any scheduler', json(404, { status: 404, message: 'nothing here', retryable: false }), false, true],
    ['no route', json(404, { status: 404, message: 'No static resource api/x.' }), true, false],
    ['a page', answer(404, '<html>', 'text/html'), true, false],
    ['a text', answer(404, '404 page not found', 'text/plain'), true, false],
    ['nothing', answer(404, ''), true, false],
    [
      'a gateway that speaks JSON',
      json(404, { message: 'no Route matched with those values' }),
      false,
      false,
    ],
    ['an error without words', json(404, { status: 404, error: 'Not Found', path: '/x' }), false, false],
    ['wrong verb', json(405, { message: "Request method 'PUT' is not supported" }), true, false],
    ['wrong verb without a body', answer(405, ''), true, false],
    ['wrong verb of old', json(500, { message: "Request method 'PUT' is not supported" }), true, false],
    ['another 500', json(500, { message: 'nightly' }), false, false],
    ['403', json(403, { message: 'No static resource' }), false, false],
  ])('%s', (_what, of, route, missing) => {
    expect(isUnknownRoute(of)).toBe(route);
    expect(isMissing(of, name)).toBe(missing);
  });
});
