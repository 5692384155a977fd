import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunEntry } from '../../../src/model/run-entry.ts';
import { digestIn, digestLine, headerOf } from '../../../src/report/documents/header.ts';

const run: RunEntry = { command: 'plan', directory: 'schedules', server: 'https://x.example/api' };

describe('headerOf', () => {
  test('says which run it is', () => {
    expect(headerOf(run)).toBe(
      '<!-- downbeat {"command":"plan","directory":"schedules","server":"https://x.example/api"} -->',
    );
  });

  test('differs with each part of the run', () => {
    const selection = { target: ['a'], exclude: [], selector: [] };
    const others: readonly RunEntry[] = [
      run,
      { ...run, command: 'drift' },
      { ...run, directory: 'other' },
      { ...run, server: 'https://y.example/api' },
      { ...run, environment: 'staging' },
      { ...run, selection },
      { ...run, selection: { ...selection, target: ['b'] } },
      { ...run, selection: { ...selection, selector: [{ key: 'a', value: 'b' }] } },
    ];
    expect(new Set(others.map(headerOf)).size).toBe(others.length);
  });

  test('stays short for a long selection, and still tells two of them apart', () => {
    const many = (last: string): RunEntry => ({
      ...run,
      selection: {
        target: [...Array.from({ length: 5000 }, (_, i) => `n${i}`), last],
        exclude: [],
        selector: [],
      },
    });
    expect(headerOf(many('a')).length).toBeLessThan(100);
    expect(headerOf(many('a'))).not.toBe(headerOf(many('b')));
  });

  test('is one comment, whatever is in it', () => {
    const parts = fc.array(
      fc.oneof(
        fc.constantFrom('-->', '--!>', '<!--', '@x', '#1', '\n', '-', '>'),
        fc.string({ unit: 'binary' }),
      ),
    );
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const header = headerOf({ command: 'plan', directory: a.join(''), environment: b.join('') });
        expect(header).toMatch(/^<!-- downbeat [\w ./:,{}[\]"\\]* -->$/);
        expect(header.slice(4, -3)).not.toContain('--');
      }),
    );
  });
});

describe('digestIn', () => {
  const text = `${headerOf(run)}\n${digestLine('ab12')}\n### Plan\n`;

  test('finds it in the comment of this run, also as a browser sends it', () => {
    expect(digestIn(text, run)).toBe('ab12');
    expect(digestIn(text.replaceAll('\n', '\r\n'), run)).toBe('ab12');
  });

  test.each([
    ['another run', `${headerOf({ ...run, environment: 'x' })}\n${digestLine('ab12')}\n`],
    ['no digest', `${headerOf(run)}\n### Plan\n`],
    ['a digest further down', `${headerOf(run)}\n\n${digestLine('ab12')}\n`],
    ['something before', `x\n${text}`],
    ['nothing', ''],
  ])('is undefined for %s', (_what, other) => {
    expect(digestIn(other, run)).toBeUndefined();
  });
});
