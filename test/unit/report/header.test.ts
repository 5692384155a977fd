import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunEntry } from '../../../src/model/generated/report-parts.ts';
import { digestIn, digestLine, headerOf, sealIn, withSeal } from '../../../src/report/documents/header.ts';

const run: RunEntry = {
  command: 'plan',
  identity: '5f0c2a9be1d47763',
  directory: 'schedules',
  server: 'https://x.example/api',
};

describe('headerOf', () => {
  test('identifies the run', () => {
    expect(headerOf(run)).toBe('<!-- downbeat {"command":"plan","target":"5f0c2a9be1d47763"} -->');
  });

  test('depends only on command and identity', () => {
    const others: readonly RunEntry[] = [
      run,
      { ...run, command: 'drift' },
      { ...run, identity: 'payments in staging' },
    ];
    expect(new Set(others.map(headerOf)).size).toBe(others.length);
    expect(headerOf({ ...run, directory: './schedules/', environment: 'x' })).toBe(headerOf(run));
  });

  test('stays short for a long name, and differs for two of them', () => {
    const named = (last: string): RunEntry => ({ ...run, identity: `${'n'.repeat(5000)}${last}` });
    expect(headerOf(named('a')).length).toBeLessThan(100);
    expect(headerOf(named('a'))).not.toBe(headerOf(named('b')));
  });

  test('is one HTML comment, whatever is in it', () => {
    const parts = fc.array(
      fc.oneof(
        fc.constantFrom('-->', '--!>', '<!--', '@x', '#1', '\n', '-', '>'),
        fc.string({ unit: 'binary' }),
      ),
    );
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const header = headerOf({ ...run, command: a.join(''), identity: b.join('') });
        expect(header).toMatch(/^<!-- downbeat [\w ./:,{}[\]"\\]* -->$/);
        expect(header.slice(4, -3)).not.toContain('--');
      }),
    );
  });
});

describe('digestIn', () => {
  const text = `${headerOf(run)}\n${digestLine('ab12')}\n### Plan\n`;

  test("finds it in the comment of this run, even with a browser's line ends", () => {
    expect(digestIn(text, run)).toBe('ab12');
    expect(digestIn(text.replaceAll('\n', '\r\n'), run)).toBe('ab12');
  });

  test.each([
    ['another run', `${headerOf({ ...run, identity: 'x' })}\n${digestLine('ab12')}\n`],
    ['no digest', `${headerOf(run)}\n### Plan\n`],
    ['a digest further down', `${headerOf(run)}\n\n${digestLine('ab12')}\n`],
    ['something before', `x\n${text}`],
    ['nothing', ''],
  ])('is undefined for %s', (_what, other) => {
    expect(digestIn(other, run)).toBeUndefined();
  });
});

describe('a seal', () => {
  test.each([
    ['a plan', `${headerOf(run)}\n${digestLine('ab12')}\n### Plan\n`],
    ['a text without a digest', `${headerOf(run)}\n### Plan\n`],
    ['nothing', ''],
  ])('of %s is found again and leaves the text as it was', (_what, text) => {
    const sealed = withSeal(text, 'cd34');
    expect(sealIn(sealed)).toStrictEqual({ seal: 'cd34', text });
    expect(sealIn(sealed.replaceAll('\n', '\r\n'))).toStrictEqual({ seal: 'cd34', text });
    expect(sealIn(text)).toBeUndefined();
    if (text.includes('downbeat-digest')) expect(digestIn(sealed, run)).toBe('ab12');
  });

  test('further down does not count', () => {
    expect(sealIn(`${headerOf(run)}\n### Plan\n<!-- downbeat-seal cd34 -->\n`)).toBeUndefined();
  });
});
