import { expect, test } from 'vitest';
import { documentOf } from '../../../src/report/documents/document.ts';
import type { SettingEntry } from '../../../src/report/documents/generated/documents.ts';
import { renderSettings } from '../../../src/report/text/settings.ts';
import { createColors } from '../../../src/report/text/style.ts';

function text(settings: readonly SettingEntry[]): string {
  return renderSettings(documentOf('settings', { settings }), { width: 80, colors: createColors(false) });
}

test('a line for each', () => {
  expect(
    text([
      { name: 'owner', value: 'me', source: { kind: 'file', file: 'a.yaml', line: 2, column: 8 } },
      { name: 'limits.deletes', value: 5, source: { kind: 'flag', flag: '--max-deletes' } },
      { name: 'token', sensitive: true, source: { kind: 'environment', variable: 'TOKEN' } },
      { name: 'ignore', value: ['a', 'b'], source: { kind: 'default' } },
      { name: 'overlays', source: { kind: 'default' } },
    ]),
  ).toBe(`owner           me           a.yaml:2:8
limits.deletes  5            --max-deletes
token           (sensitive)  TOKEN
ignore          ["a","b"]    default
overlays        -            default
`);
});

test('a long value does not move the others', () => {
  const long = 'x'.repeat(500);
  const lines = text([
    { name: 'a', value: long, source: { kind: 'default' } },
    { name: 'b', value: 'y', source: { kind: 'default' } },
  ]).split('\n');
  expect(lines).toEqual([`a  ${long}  default`, 'b  y  default', '']);
});

test('no name, value or path becomes a terminal command', () => {
  const shown = text([
    {
      name: 'variables.\u001b[2J',
      value: '\u202e##[error]\n::x',
      source: { kind: 'file', file: '\u001b]0;x', line: 1, column: 1 },
    },
  ]);
  expect(shown).not.toMatch(/[^\P{C}\n]|##\[|^::/mu);
});
