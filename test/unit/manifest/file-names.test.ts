import { describe, expect, it, test } from 'vitest';
import { fileNames } from '../../../src/manifest/edit/file-names.ts';

function nameOf(schedule: string, taken: readonly string[] = []): string | undefined {
  return fileNames([schedule], taken, (name) => name).get(schedule);
}

describe('the file of a schedule', () => {
  test.each([
    ['nightly', 'nightly.yaml'],
    ['daily-order.processing_2', 'daily-order.processing_2.yaml'],
    ['nightly report', 'nightly_report.yaml'],
    ['ключ', 'ключ.yaml'],
    ['Käse', 'Käse.yaml'.normalize('NFC')],
    ['../../etc/passwd', '_.._etc_passwd.yaml'],
    ['/absolute', '_absolute.yaml'],
    ['a\\b', 'a_b.yaml'],
    ['a:b*c?"<>|', 'a_b_c.yaml'],
    ['.hidden', 'hidden.yaml'],
    ['-rf', 'rf.yaml'],
    ['ends in dots...', 'ends_in_dots.yaml'],
    ['line\nbreak\u0000and\u202e', 'line_break_and.yaml'],
    ['con', '_con.yaml'],
    ['NUL', '_NUL.yaml'],
    ['aux.backup', '_aux.backup.yaml'],
    ['com1', '_com1.yaml'],
    ['com10', 'com10.yaml'],
    ['console', 'console.yaml'],
  ])('%j is %j', (schedule, file) => {
    expect(nameOf(schedule)).toBe(file);
  });

  test.each(['', '.', '..', '...', '---', '\u0301', '\ud800'])('%j still gets a name', (schedule) => {
    expect(nameOf(schedule)).toMatch(/^(?:schedule-[0-9a-f]{8}|_)\.yaml$/);
  });

  it('is short enough for every file system, and differs for long names', () => {
    const long = ['ж'.repeat(300), `${'ж'.repeat(300)}2`, `${'x'.repeat(254)}1`];
    const names = [...fileNames(long, [], (name) => name).values()];
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(120);
  });

  it('differs from others in more than case or the form of Unicode', () => {
    const names = fileNames(
      ['Nightly', 'nightly', 'NIGHTLY', 'e\u0301', '\u00e9', 'a/b', 'a b'],
      [],
      (name) => name,
    );
    const folded = [...names.values()].map((name) => name.normalize('NFKC').toLowerCase());
    expect(new Set(folded).size).toBe(7);
  });

  it('is not that of an existing file', () => {
    expect(nameOf('nightly', ['NIGHTLY.yaml'])).toMatch(/^nightly-[0-9a-f]{8}\.yaml$/);
    expect(nameOf('downbeat', ['downbeat.yaml'])).toMatch(/^downbeat-[0-9a-f]{8}\.yaml$/);
    const first = nameOf('nightly', ['nightly.yaml']) ?? '';
    expect(nameOf('nightly', ['nightly.yaml', first])).toMatch(/^nightly-[0-9a-f]{8}-1\.yaml$/);
  });

  it('has nothing of a known secret, not even where it would be cut', () => {
    const hide = (name: string): string => name.replace(/s3cret-\w+/, '***');
    const names = fileNames([`run s3cret-${'x'.repeat(200)}`, 's3cret-a', 's3cret-b'], [], hide);
    expect([...names.values()]).toStrictEqual([
      'run.yaml',
      '_.yaml',
      expect.stringMatching(/^_-[0-9a-f]{8}\.yaml$/),
    ]);
  });

  it('does not depend on the order of the schedules', () => {
    const schedules = ['b', 'B', 'a/x', 'a_x', 'con'];
    expect([...fileNames(schedules.toReversed(), [], (name) => name)].sort()).toStrictEqual(
      [...fileNames(schedules, [], (name) => name)].sort(),
    );
  });
});
