import { describe, expect, test } from 'vitest';
import { loadManifests } from '../../../src/manifest/desired.ts';
import { type Located, problem } from '../../../src/problems/diagnostic.ts';
import { problemEntry } from '../../../src/report/documents/entries.ts';
import { renderProblem } from '../../../src/report/text/codeframe.ts';
import { createColors } from '../../../src/report/text/style.ts';

const plain = { width: 100, colors: createColors(false) };
const coloured = { width: 100, colors: createColors(true) };

function lines(at: Located | undefined, style = plain): readonly string[] {
  const diagnostic = problem('tab-indent', {}, { kind: 'nowhere' });
  return renderProblem(problemEntry({ diagnostic, ...(at ? { at } : {}) }), style).split('\n');
}

/** The text above the carets. */
function marked(at: Located): string {
  const [, source = '', carets = ''] = lines(at);
  return source.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1);
}

const at = (source: string, column: number, endColumn: number, more: Partial<Located> = {}): Located => ({
  file: 'a.yaml',
  line: 7,
  column,
  endLine: 7,
  endColumn,
  source,
  ...more,
});

test('a complete problem', () => {
  const text = 'name: a\ncronExpresion: "0 0 6 * * *"\nstartWorkflowRequest: {name: w}\n';
  const [first] = loadManifests([{ path: 'schedules/a.yaml', text }]).diagnostics;
  expect(first && renderProblem(problemEntry(first), plain)).toBe(
    `schedules/a.yaml:2:1: error: unknown key "cronExpresion" [unknown-key]
2 | cronExpresion: "0 0 6 * * *"
  | ^^^^^^^^^^^^^
hint: did you mean "cronExpression"?`,
  );
});

test('a warning is called a warning', () => {
  const diagnostic = problem('idle-zone', { zone: 'UTC' }, { kind: 'nowhere' });
  expect(renderProblem(problemEntry({ diagnostic }), plain)).toMatch(/^warning: /);
});

test('without a place, or with only a file, there is no frame', () => {
  expect(lines(undefined)).toHaveLength(2);
  expect(lines({ file: 'a.yaml' })).toEqual([
    'a.yaml: error: tab in the indentation [tab-indent]',
    'hint: YAML allows only spaces for indentation',
  ]);
});

test('colors change only colors', () => {
  const escape = String.fromCharCode(27);
  const text = lines(at('a: bcd', 4, 7), coloured).join('\n');
  expect(text).toContain(escape);
  expect(text.replace(new RegExp(`${escape}\\[\\d+m`, 'g'), '')).toBe(lines(at('a: bcd', 4, 7)).join('\n'));
});

describe('the place is underlined', () => {
  test.each([
    ['in the middle', at('a: bcd # e', 4, 7), 'bcd'],
    ['a place of no width', at('a: bcd', 4, 4), 'b'],
    ['over several lines: to the end of the first', at('a: "bcd', 4, 3, { endLine: 9 }), '"bcd'],
  ])('%s', (_what, place, text) => {
    expect(marked(place)).toBe(text);
  });

  test('after emoji and other wide characters, which are one code point and two columns', () => {
    expect(lines(at('日😀: bcd', 5, 8)).slice(1, 3)).toEqual(['7 | 日😀: bcd', '  |       ^^^']);
  });

  test('at the end of the line', () => {
    expect(lines(at('a: b', 5, 5)).slice(1, 3)).toEqual(['7 | a: b', '  |     ^']);
  });

  test('after tabs', () => {
    expect(lines(at('\ta: b', 5, 6)).slice(1, 3)).toEqual(['7 |   a: b', '  |      ^']);
  });

  test('line numbers of any length', () => {
    expect(lines(at('a', 1, 2, { line: 1234, endLine: 1234 })).slice(1, 3)).toEqual(['1234 | a', '     | ^']);
  });

  test('a very long line is shown around it', () => {
    const source = `${'x'.repeat(5000)}here${'y'.repeat(5000)}`;
    const place = at(source, 5001, 5005);
    expect(marked(place)).toBe('here');
    const [, shown = '', carets = ''] = lines(place);
    expect(shown.length).toBeLessThanOrEqual(100);
    expect(carets.length).toBeLessThanOrEqual(100);
    expect(shown).toMatch(/^7 \| ….*…$/);
  });

  test('a place that is longer than the line', () => {
    const [, , carets = ''] = lines(at('x'.repeat(5000), 1, 5001));
    expect(carets.length).toBeLessThanOrEqual(100);
  });
});

describe('nothing from a file is a command to the terminal or a runner', () => {
  const source = 'a: \u001b[2J\u202e\u200b\u0007 ##[error]x';

  test('in the source line', () => {
    const place = at(source, 4, 5);
    expect(lines(place).join('')).not.toMatch(/[\0-\x1f\u202e\u200b]|##\[/);
    expect(marked(place)).toBe(String.raw`\u001b`);
  });

  test('across the edges of the place', () => {
    expect(lines(at('a: ##[error]x', 4, 5)).join('')).not.toContain('##[');
  });

  test('in the name of the file', () => {
    expect(lines({ file: '::error::\u001b[2Jx\n.yaml' })[0]).not.toMatch(/^::|[\0-\x1f]/);
  });

  test('in the words', () => {
    const diagnostic = problem(
      'unknown-key',
      { key: '\u001b[2J\u202e\n::error::', parent: [] },
      { kind: 'nowhere' },
    );
    const text = renderProblem(problemEntry({ diagnostic }), plain);
    expect(text.split('\n')).toHaveLength(2);
    expect(text).not.toMatch(/[\u001b\u202e]|^::/m);
  });
});
