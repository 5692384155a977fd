import { describe, expect, test } from 'vitest';
import type { FieldChange } from '../../../src/model/schedule.ts';
import { fieldLines } from '../../../src/report/diff/field-lines.ts';
import type { Sides } from '../../../src/report/diff/field-rows.ts';
import { field, plain } from './samples.ts';

const input = 'startWorkflowRequest.input';

function shown(fields: readonly FieldChange[], sides: Sides = 'both', width = 80): readonly string[] {
  return fieldLines(fields, sides, { ...plain, width });
}

describe('one difference', () => {
  const cases: readonly (readonly [FieldChange, readonly string[]])[] = [
    [
      field('cronExpression', '0 0 9 * * ?', '0 0 10 * * ?'),
      ['    cronExpression: "0 0 9 * * ?" → "0 0 10 * * ?"'],
    ],
    [field('description', 'x', undefined), ['    description: "x" → (none)']],
    [field('description', undefined, '(none)'), ['    description: (none) → "(none)"']],
    [field('paused', false, true), ['    paused: false → true']],
    [
      field('scheduleEndTime', '1970-01-01T00:00:00Z', '2026-11-23T02:00:00Z'),
      ['    scheduleEndTime: 1970-01-01T00:00:00Z → 2026-11-23T02:00:00Z'],
    ],
    [field(`${input}.id`, 12345678901234567890n, 0.1), [`    ${input}.id: 12345678901234567890 → 0.1`]],
    [field(`${input}.list`, [1, 2], [1, { a: null }]), [`    ${input}.list: [1,2] → [1,{"a":null}]`]],
    [
      field(`${input}.time`, 'a\u001b[31m', '::set-output'),
      [`    ${input}.time: "a\\u001b[31m" → "::set-output"`],
    ],
    [
      field(
        'description',
        'a sentence of some length that fits alone',
        'a sentence of some length that fits',
      ),
      [
        '    description:',
        '      - "a sentence of some length that fits alone"',
        '      + "a sentence of some length that fits"',
      ],
    ],
    [
      field(
        'tags',
        [
          { key: 'env', value: 'x' },
          { key: 'team', value: 'data' },
        ],
        [
          { key: 'env', value: 'x' },
          { key: 'team', value: 'backend' },
        ],
      ),
      ['    tags:', '      + team=backend', '      - team=data'],
    ],
    [
      field('tags', [{ key: 'a\u202e', value: '\u001b[2J' }], []),
      ['    tags:', '      - a\\u202e=\\u001b[2J'],
    ],
    [
      field(
        'cronSchedules',
        [{ cronExpression: '0 0 9 * * ?', zoneId: 'UTC' }],
        [
          { cronExpression: '0 0 9 * * ?', zoneId: 'UTC' },
          { cronExpression: '0 30 18 * * MON', zoneId: 'Asia/Tokyo' },
        ],
      ),
      ['    cronSchedules:', '        "0 0 9 * * ?" in UTC', '      + "0 30 18 * * MON" in Asia/Tokyo'],
    ],
    [
      field('description', 'one\ntwo \n', 'one\ntwo\n::error::x\n'),
      ['    description:', '        one', '      - two·', '      + two', '      + \\u003a:error::x'],
    ],
    [
      field('description', 'one\n', 'one\ntwo'),
      ['    description:', '        one', '      + two (no newline at the end)'],
    ],
    [
      field('description', 'one\n::debug::x\r\n', 'one!\n::debug::x\n'),
      [
        '    description:',
        '      - one',
        '      - \\u003a:debug::x\\r',
        '      + one!',
        '      + \\u003a:debug::x',
      ],
    ],
    [field('description', undefined, 'one\ntwo\n'), ['    description:', '      + one', '      + two']],
    [
      field(`${input}.x`, 'one\ntwo', { a: 'b'.repeat(70) }),
      [
        `    ${input}.x:`,
        '      - "one\\ntwo"',
        '      + {',
        `      +   "a": "${'b'.repeat(70)}"`,
        '      + }',
      ],
    ],
    [
      field('startWorkflowRequest.input.odd key.a"b', 1, 2),
      ['    startWorkflowRequest.input["odd key"]["a\\"b"]: 1 → 2'],
    ],
  ];
  test.each(cases)('%o', (given, expected) => {
    expect(shown([given])).toEqual(expected);
  });
});

test('hidden values still count as changes', () => {
  const path = [input, 'apiKey'];
  const hidden = '(sensitive)';
  expect(
    shown([
      { path, before: hidden, after: hidden, sensitive: true } as FieldChange,
      { path, after: hidden, sensitive: true } as FieldChange,
      { path, before: hidden, sensitive: true } as FieldChange,
    ]).map((line) => line.slice(line.indexOf(': ') + 2)),
  ).toEqual(['(sensitive) changed', '(sensitive) added', '(sensitive) removed']);
});

test('nested values are line diffs of their JSON with three lines around', () => {
  const tasks = Array.from({ length: 4 }, (_, index) => ({ name: `t${index}`, retries: index }));
  expect(
    shown([
      field(
        'startWorkflowRequest.workflowDef',
        { name: 'w', tasks },
        { name: 'w', tasks: tasks.with(2, { name: 't2', retries: 9 }) },
      ),
    ]),
  ).toEqual([
    '    startWorkflowRequest.workflowDef:',
    '        … 10 lines as before',
    '            },',
    '            {',
    '              "name": "t2",',
    '      -       "retries": 2',
    '      +       "retries": 9',
    '            },',
    '            {',
    '              "name": "t3",',
    '        … 4 lines as before',
  ]);
});

describe('a create', () => {
  test('shows the parts of its start request, aligned, without defaults', () => {
    const request = { input: { batchSize: 100 }, name: 'report', priority: 0, taskToDomain: {}, version: 2 };
    expect(
      shown(
        [
          field('name', undefined, 'nightly'),
          field('cronExpression', undefined, '0 0 2 * * ?'),
          field('startWorkflowRequest', undefined, request),
          field('runCatchupScheduleInstances', undefined, false),
          field('paused', undefined, true),
          field('tags', undefined, [
            { key: 'env', value: 'prod' },
            { key: 'team', value: 'backend' },
          ]),
        ],
        'after',
      ),
    ).toEqual([
      '    cronExpression:               "0 0 2 * * ?"',
      '    startWorkflowRequest.name:    "report"',
      '    startWorkflowRequest.version: 2',
      '    startWorkflowRequest.input:   {"batchSize":100}',
      '    paused:                       true',
      '    tags:                         env=prod, team=backend',
    ]);
  });
  test('shows long and nested values below their names', () => {
    expect(
      shown(
        [
          field('description', undefined, `${'long '.repeat(20)}text`),
          field('cronExpression', undefined, '0 0 2 * * ?'),
          field(input, undefined, {
            query: 'select 1\nfrom x',
            list: Array.from({ length: 30 }, () => 1000),
          }),
        ],
        'after',
      ).slice(0, 8),
    ).toEqual([
      '    description:',
      `      "${'long '.repeat(20)}text"`,
      '    cronExpression: "0 0 2 * * ?"',
      '    startWorkflowRequest.input:',
      '      {',
      '        "query": "select 1\\nfrom x",',
      '        "list": [',
      '          1000,',
    ]);
  });
});

test('a delete shows what was there', () => {
  expect(shown([field('cronExpression', '0 0 2 * * ?', undefined)], 'before')).toEqual([
    '    cronExpression: "0 0 2 * * ?"',
  ]);
});

describe('huge values', () => {
  test('of one line: the first difference is visible', () => {
    const before = `${'a'.repeat(50_000)}OLD${'b'.repeat(50_000)}`;
    const after = `${'a'.repeat(50_000)}NEW${'b'.repeat(50_000)}`;
    const [label, old, next, ...rest] = shown([field(`${input}.blob`, before, after)]);
    expect(label).toBe(`    ${input}.blob:`);
    expect(old).toMatch(/^ {6}- …a{40}OLDb{357}… \(100005 characters\)$/);
    expect(next).toMatch(/^ {6}\+ …a{40}NEWb{357}… \(100005 characters\)$/);
    expect(rest).toEqual([]);
  });
  test('with one of many lines changed', () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `line ${index}`);
    const diff = shown([field(`${input}.x`, text.join('\n'), text.with(7, 'x'.repeat(1000)).join('\n'))]);
    expect(diff).toHaveLength(11);
    expect(diff).toContain(`      + ${'x'.repeat(400)}… (1000 characters)`);
  });
  test('with everything changed: how much, and where to see it', () => {
    const before = Array.from({ length: 50_000 }, (_, index) => `old ${index}`).join('\n');
    expect(shown([field(`${input}.x`, before, before.replaceAll('old', 'new'))])).toEqual([
      `    ${input}.x:`,
      '      too large to show: 50,000 lines removed, 50,000 lines added; the JSON output has both sides',
    ]);
  });
  test('that are new: the first 200 lines', () => {
    const text = Array.from({ length: 5000 }, (_, index) => `line ${index}`).join('\n');
    const created = shown([field('description', undefined, text)], 'after');
    expect(created).toHaveLength(202);
    expect(created.at(-2)).toBe('      line 199');
    expect(created.at(-1)).toBe('        … 4800 more lines; the JSON output has them all');
  });
});

test('a narrow terminal gets the two sides one below the other', () => {
  expect(shown([field('cronExpression', '0 0 9 * * ?', '0 0 10 * * ?')], 'both', 40)).toEqual([
    '    cronExpression:',
    '      - "0 0 9 * * ?"',
    '      + "0 0 10 * * ?"',
  ]);
});
