import { describe, expect, test } from 'vitest';
import { startOfLine, terminalJson, terminalText } from '../../../src/report/text/escape.ts';

const cases: readonly (readonly [what: string, text: string, shown: string])[] = [
  ['plain text and pictures', 'daily-order é 日本 😀 ⚠️ → "x" \\n', 'daily-order é 日本 😀 ⚠️ → "x" \\n'],
  ['a colour', '\u001b[31mred\u001b[0m', '\\u001b[31mred\\u001b[0m'],
  ['a link (OSC 8)', '\u001b]8;;http://x\u0007', '\\u001b]8;;http://x\\u0007'],
  ['a C1 control sequence', '\u009b31m', '\\u009b31m'],
  ['DEL and backspace', 'a\u007f\b', 'a\\u007f\\u0008'],
  ['newlines and tabs', 'a\r\nb\tc', 'a\\r\\nb\\tc'],
  ['text turned round', 'x\u202egnp.exe\u2066\u2069', 'x\\u202egnp.exe\\u2066\\u2069'],
  ['zero width', 'a\u200bb\u200d\ufeff\u2060\u00ad', 'a\\u200bb\\u200d\\ufeff\\u2060\\u00ad'],
  ['letters without a shape', '\u3164\u115f\u034f', '\\u3164\\u115f\\u034f'],
  ['tag characters beyond the first plane', 'a\u{e0041}', 'a\\u{e0041}'],
  ['line separators', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
  ['half a character', '\ud83d!', '\\ud83d!'],
  ['a workflow command at the start', '::set-output name=x::y', '\\u003a:set-output name=x::y'],
  ['a workflow command behind blanks', '  ::error::x', '  \\u003a:error::x'],
  ['colons that command nothing', 'a ::b:: https://x', 'a ::b:: https://x'],
  ['a command in the line', 'a ##[error]b ##vso[x]', 'a #\\u0023[error]b #\\u0023vso[x]'],
  ['a heading', '## what [a]', '## what [a]'],
];

test.each(cases)('terminalText: %s', (_what, text, shown) => {
  expect(terminalText(text)).toBe(shown);
  expect(terminalText(shown)).toBe(shown);
});

test('startOfLine guards a line that wrapping began', () => {
  expect(startOfLine('::stop-commands::x')).toBe('\\u003a:stop-commands::x');
});

describe('terminalJson', () => {
  test.each(cases)('%s', (_what, text) => {
    const safe = terminalJson(JSON.stringify({ text }, null, 2));
    expect(JSON.parse(safe)).toEqual({ text });
    expect(safe).not.toMatch(/[^\P{C}\n]|##\w*\[|^\s*::/mu);
  });
});
