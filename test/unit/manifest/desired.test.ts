import { describe, expect, test } from 'vitest';
import { loadManifests } from '../../../src/manifest/desired.ts';
import type { LocatedDiagnostic } from '../../../src/problems/diagnostic.ts';
import { explain } from '../../../src/problems/explain.ts';

const request = 'startWorkflowRequest: {name: w}\n';
const daily = 'cronExpression: "0 0 6 * * *"\n';
const valid = `name: a\n${daily}${request}`;

/** The problems of one file, each as `line:column code`, with a `(W)` behind warnings. */
function problems(text: string): readonly string[] {
  return loadManifests([{ path: 'a.yaml', text }]).diagnostics.map(shortly);
}

function shortly({ diagnostic, at }: LocatedDiagnostic): string {
  return `${at?.line}:${at?.column} ${diagnostic.code}${diagnostic.severity === 'warning' ? ' (W)' : ''}`;
}

describe('what is wrong, and where', () => {
  const cases: readonly (readonly [what: string, text: string, expected: readonly string[]])[] = [
    // Text
    ['an unquoted macro', `name: a\ncronExpression: @daily\n${request}`, ['2:17 unquoted-value']],
    ['an unquoted asterisk', `name: a\ncronExpression: * * * * * *\n${request}`, ['2:17 unquoted-value']],
    ['an unquoted step', `name: a\ncronExpression: */5 * * * * *\n${request}`, ['2:17 unquoted-value']],
    [
      'an unquoted asterisk in a list item',
      `name: a\ncronSchedules:\n  - cronExpression: */9 0 0 * * *\n${request}`,
      ['3:21 unquoted-value'],
    ],
    [
      'an unquoted asterisk in braces',
      `name: a\ncronSchedules: [{cronExpression: * * * * * *}]\n${request}`,
      ['2:34 unquoted-value'],
    ],
    [
      'an at sign between quotes is not meant',
      `name: "see, @bob" x\n${daily}${request}`,
      ['1:19 yaml-syntax'],
    ],
    [
      'a reference in braces without quotes',
      `name: a\n${daily}startWorkflowRequest: {name: w, input: {x: \${var.x}, y: [1]}}\n`,
      ['3:44 unquoted-reference'],
    ],
    ['a percent sign', `name: %a\n${daily}${request}`, ['1:7 unquoted-value']],
    [
      'a nth weekday cut off as a comment',
      `name: a\ncronExpression: 0 0 2 ? * MON #1\n${request}`,
      ['2:17 cut-by-comment'],
    ],
    ['a tab', `name: a\n${daily}startWorkflowRequest:\n\tname: w\n`, ['4:1 tab-indent']],
    [
      'a tab in brackets inside of a mapping',
      `name: a\n${daily}lifecycle: {previousNames: [\n\tb]}\n${request}`,
      ['4:1 tab-indent'],
    ],
    [
      'a quote that is not closed',
      'name: a\ncronExpression: "0 0 6 * * *\nzoneId: UTC\n',
      ['2:17 unclosed-quote'],
    ],
    [
      'a quote that the next one closes',
      `name: a\ncronExpression: '0 0 6 * * *\nzoneId: 'UTC'\n`,
      ['2:17 unclosed-quote'],
    ],
    [
      'a colon in a plain value',
      `name: a\ndescription: now: later\n${daily}${request}`,
      ['2:14 unquoted-colon'],
    ],
    ['no blank behind the colon', `name:a\n${daily}${request}`, ['1:1 colon-without-space']],
    ['a template', `name: {{ .Values.name }}\n${daily}${request}`, ['1:7 template-braces']],
    ['an unknown escape', `name: a\ndescription: "C:\\Users"\n${daily}${request}`, ['2:17 bad-escape']],
    [
      'a wrong indentation',
      `name: a\n${daily}startWorkflowRequest:\n   name: w\n  version: 1\n`,
      ['5:1 yaml-syntax'],
    ],
    ['a comma forgotten in JSON', '{"name": "a"\n "zoneId": "UTC"}', ['2:2 yaml-syntax']],
    ['brackets that stay open', '[{"name": "a"},\n', ['2:1 yaml-syntax']],
    ['a collection as a key', `? [a]\n: b\n${valid}`, ['1:3 yaml-syntax']],
    ['a directive alone', '# note\n%INCLUDE other.yaml\n', ['2:1 not-a-manifest']],
    ['an unknown directive', `%INCLUDE x\n---\n${valid}`, ['1:1 yaml-syntax']],
    ['a control character', `name: "a\0"\n${daily}${request}`, ['1:9 control-character']],
    ['half a surrogate pair', `name: a\n${daily}description: "\\ud800"\n${request}`, ['3:14 lone-surrogate']],
    ['a tag of our own making', `name: !secret a\n${daily}${request}`, ['1:7 unknown-tag']],
    ['binary', `name: a\ndescription: !!binary aGk=\n${daily}${request}`, ['2:14 unknown-tag']],
    ['an alias to nothing', `name: *other\n${daily}${request}`, ['1:7 unknown-alias']],
    [
      'an alias to what it stands in',
      `name: a\n${daily}startWorkflowRequest: &r\n  name: w\n  input: {again: *r}\n`,
      ['5:18 alias-loop'],
    ],
    ['a merge of a number', `<<: 3\n${valid}`, ['1:1 bad-merge']],
    ['a key twice', `name: a\nname: b\n${daily}${request}`, ['2:1 duplicate-key']],
    [
      'a key twice in JSON, further in',
      `{"name":"a","cronExpression":"0 0 6 * * *",\n"startWorkflowRequest":{"name":"w","input":{"a":1,"b":2,"a":1}}}`,
      ['2:57 duplicate-key'],
    ],
    [
      'numbers that no JSON holds',
      `name: a\n${daily}startWorkflowRequest: {name: w, input: {a: .inf, b: [1e400, .nan]}}\n`,
      ['3:44 number-range', '3:54 number-range', '3:61 number-range'],
    ],
    ['a text', 'hello\n', ['1:1 not-a-manifest']],
    [
      'a list of other things',
      `- 5\n-\n- [a]\n`,
      ['1:3 not-a-manifest', '2:2 not-a-manifest', '3:3 not-a-manifest'],
    ],
    // Keys and types
    [
      'two keys misspelt',
      `nane: a\ncron_expression: "0 0 6 * * *"\n${request}`,
      ['1:1 unknown-key', '2:1 unknown-key'],
    ],
    ['a key with a far wrong name', `${valid}colour: red\n`, ['4:1 unknown-key']],
    [
      'fields of the server',
      `${valid}createTime: 1\nnextRunTime: 2\n`,
      ['4:1 server-field', '5:1 server-field'],
    ],
    [
      'a field of the server further in',
      `name: a\n${daily}startWorkflowRequest:\n  name: w\n  createdBy: me\n`,
      ['5:3 server-field'],
    ],
    [
      'nothing of what is required',
      'description: x\n',
      ['1:1 missing-key', '1:1 missing-key', '1:1 no-cron'],
    ],
    [
      'required fields left out in the other ways',
      'name: ""\ncronExpression: null\nstartWorkflowRequest:\n',
      ['1:1 no-cron', '1:7 missing-key', '3:1 missing-key'],
    ],
    [
      'required fields further in',
      `name: a\ncronSchedules: [{zoneId: UTC}]\nstartWorkflowRequest:\n  version: 1\ntags:\n- key: k\n`,
      ['2:17 missing-key', '3:1 missing-key', '6:3 missing-key'],
    ],
    [
      'wrong types',
      `name: 5\ndescription: true\n${daily}paused: "true"\ntags: {a: 1}\nstartWorkflowRequest: {name: w, version: x, input: 3, priority: 1.5}\n`,
      [
        '1:7 wrong-type',
        '2:14 wrong-type',
        '4:9 wrong-type',
        '5:11 wrong-type',
        '6:42 wrong-type',
        '6:52 wrong-type',
        '6:65 wrong-type',
      ],
    ],
    [
      'wrong values',
      `name: a\n${daily}startWorkflowRequest: {name: w, version: -1, priority: 100, idempotencyStrategy: RETRY}\n`,
      ['3:42 wrong-value', '3:56 wrong-value', '3:82 idle-strategy (W)', '3:82 wrong-value'],
    ],
    [
      'a lifecycle of the wrong form',
      `${valid}lifecycle:\n  protect: yes\n  sensitive: [a..b]\n  previousName: [b]\n`,
      ['5:12 wrong-type', '6:15 wrong-value', '7:3 unknown-key'],
    ],
    [
      'lifecycle paths that lead nowhere',
      `${valid}lifecycle:\n  ignoreChanges: [startWorkflowReqest.input.x, startWorkflowRequest.inptu.x, tags]\n  notSensitive: [startWorkflowRequest.input.toString]\n`,
      ['5:19 unknown-path', '5:48 unknown-path', '5:78 unknown-path'],
    ],
    [
      'sensitive paths that are not below the input',
      `${valid}lifecycle:\n  sensitive: [cronExpression, startWorkflowRequest.input]\n  notSensitive: [tags]\n`,
      ['5:15 wrong-value', '5:31 wrong-value', '6:18 wrong-value'],
    ],
    [
      'a priority that is no double',
      `name: a\n${daily}startWorkflowRequest: {name: w, priority: 12345678901234567890}\n`,
      ['3:43 wrong-value'],
    ],
    // Rules
    ['no cron', `name: a\n${request}`, ['1:1 no-cron']],
    [
      'a cron that counts back too far',
      valid.replace('0 0 6 * * *', '0 0 0 L-28 * *'),
      ['2:17 runaway-cron'],
    ],
    ['both kinds of cron', `${valid}cronSchedules: [{cronExpression: "0 0 7 * * *"}]\n`, ['2:1 two-crons']],
    [
      'a zone that is not read',
      `name: a\nzoneId: UTC\ncronSchedules: [{cronExpression: "0 0 7 * * *"}]\n${request}`,
      ['2:1 idle-zone (W)'],
    ],
    [
      'zones that Java does not know',
      `name: a\ncronSchedules:\n- cronExpression: "0 0 7 * * *"\n  zoneId: europe/berlin\n- cronExpression: "0 0 7 * * *"\n  zoneId: Mars/X\n${request}`,
      ['4:11 bad-zone', '6:11 bad-zone'],
    ],
    [
      'a day that is not in the calendar',
      `${valid}scheduleStartTime: 2027-02-30T00:00:00Z\nscheduleEndTime: 2027-03-01\n`,
      ['4:20 bad-time', '5:18 bad-time'],
    ],
    ['an end at zero', `${valid}scheduleEndTime: 0\n`, ['4:18 end-at-zero']],
    ['a reason without a pause', `${valid}pausedReason: x\n`, ['4:1 reason-without-pause']],
    [
      'a reason beside paused: false',
      `${valid}paused: false\npausedReason: x\n`,
      ['5:1 reason-without-pause'],
    ],
    ['colons in tags', `${valid}tags: {"a:b": c, d: [e, "f:g"]}\n`, ['4:8 bad-tag', '4:25 bad-tag']],
    [
      'colons in the other form of tags',
      `${valid}tags:\n- {key: "a:b", value: "c:d"}\n- {key: e, value: f, type: METADATA}\n`,
      ['5:9 bad-tag', '5:23 bad-tag'],
    ],
    ['a slash in the name', `name: a/b\n${daily}${request}`, ['1:7 bad-name']],
    ['a blank behind the name', `name: "a "\n${daily}${request}`, ['1:7 odd-name (W)']],
  ];
  test.each(cases)('%s', (_what, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test('several documents with a problem each', () => {
    const text = `nane: a\n${daily}${request}---\nname: b\n  x: y\n---\nname: c\nzoneId: Mars/X\n${daily}${request}`;
    expect(problems(text)).toEqual(['1:1 unknown-key', '5:7 yaml-syntax', '9:9 bad-zone']);
  });
});

describe('names across files', () => {
  const one = (path: string, name: string): { path: string; text: string } => ({
    path,
    text: `# note\nname: ${name}\n${daily}${request}`,
  });

  test('a name twice names both places', () => {
    const { diagnostics, desired } = loadManifests([
      one('b.yaml', 'x'),
      one('a.yaml', 'x'),
      one('c.yaml', 'y'),
    ]);
    expect(diagnostics).toMatchObject([
      {
        diagnostic: { code: 'duplicate-name', severity: 'error', args: { name: 'x', other: 'a.yaml:2:7' } },
        at: { file: 'b.yaml', line: 2, column: 7 },
      },
    ]);
    expect(desired).toHaveLength(3);
  });

  test('names that a database may treat as one are an error, which a comment can allow', () => {
    const { diagnostics } = loadManifests([one('a.yaml', 'Orders'), one('b.yaml', 'orders')]);
    expect(diagnostics).toMatchObject([
      {
        diagnostic: {
          code: 'names-collide',
          severity: 'error',
          args: { name: 'orders', otherName: 'Orders', other: 'a.yaml:2:7' },
        },
        at: { file: 'b.yaml', line: 2 },
      },
    ]);
    const comment = '# downbeat: allow names-collide because PostgreSQL tells them apart\n';
    const { path, text } = one('b.yaml', 'orders');
    const allowed = loadManifests([one('a.yaml', 'Orders'), { path, text: comment + text }]);
    expect(allowed.diagnostics).toEqual([]);
    expect(allowed.desired).toHaveLength(2);
  });

  test('problems come in the order of files, whatever the order of the files', () => {
    const files = ['b.yaml', 'a.yaml', 'c.yaml'].map((path) => ({ path, text: 'name: 1\n---\nname: 2\n' }));
    const places = loadManifests(files).diagnostics.map(({ at }) => `${at?.file}:${at?.line}`);
    expect(places).toEqual([...places].sort());
    expect(new Set(places).size).toBe(6);
  });
});

describe('what is fine', () => {
  test.each([
    ['an empty file', 'a.yaml', '', 0],
    ['an empty JSON file', 'a.json', '\n', 0],
    ['comments alone', 'a.yaml', '# nothing yet\n', 0],
    ['empty documents', 'a.yaml', `---\n---\n# note\n---\n${valid}---\nnull\n`, 1],
    [
      'several documents',
      'a.yaml',
      `${valid}---\n${valid.replace(': a', ': b')}...\n${valid.replace(': a', ': c')}`,
      3,
    ],
    [
      'an array',
      'a.yaml',
      `- ${valid.replaceAll('\n', '\n  ').trim()}\n- {name: b, ${daily.trim()}, ${request.trim()}}\n`,
      2,
    ],
    ['a byte order mark', 'a.yaml', `\ufeff${valid}`, 1],
    ['CR LF', 'a.yaml', valid.replaceAll('\n', '\r\n'), 1],
    [
      'JSON, indented with tabs',
      'a.json',
      '\ufeff{\n\t"name": "a",\n\t"cronExpression": "0 0 6 * * *",\n\t"startWorkflowRequest": {\n\t\t"name": "w"\n\t}\n}\n',
      1,
    ],
    [
      'a body of the documentation, with all its empty values',
      'a.json',
      '{"paused":false,"name":"a","description":"","cronExpression":"0 0 * ? * *","cronSchedules":[],"scheduleStartTime":null,"scheduleEndTime":"","pausedReason":"","tags":[],"startWorkflowRequest":{"name":"w","version":"","input":{},"correlationId":"","idempotencyKey":"123","idempotencyStrategy":"","taskToDomain":{},"priority":"","workflowDef":null},"zoneId":"Asia/Dubai"}',
      1,
    ],
    ['a directive for YAML 1.1', 'a.yaml', `%YAML 1.1\n---\n${valid}`, 1],
    ['a comment behind the cron', 'a.yaml', valid.replace('* *"\n', '* *" # every day\n'), 1],
  ])('%s', (_what, path, text, manifests) => {
    const { desired, diagnostics } = loadManifests([{ path, text }]);
    expect(diagnostics).toEqual([]);
    expect(desired).toHaveLength(manifests);
  });
});

describe('texts made to hurt', () => {
  test('aliases of aliases are refused at once, with a place', () => {
    const levels = [...Array(30).keys()].map(
      (level) => `a${level + 1}: &a${level + 1} [${Array(9).fill(`*a${level}`).join(',')}]\n`,
    );
    expect(problems(`a0: &a0 [x]\n${levels.join('')}`)).toEqual(['7:26 alias-bomb']);
  });

  test('thousands of honest aliases and merges are fine', () => {
    const items = [...Array(5000).keys()].map(
      (index) => `- {<<: *base, name: n${index}, startWorkflowRequest: *r}\n`,
    );
    const text = `- &base {name: a, ${daily.trim()}, startWorkflowRequest: &r {name: w, input: {a: 1}}}\n${items.join('')}`;
    const { desired, diagnostics } = loadManifests([{ path: 'a.yaml', text }]);
    expect(diagnostics).toEqual([]);
    expect(desired).toHaveLength(5001);
  });

  test.each([
    ['brackets', '['.repeat(100_000), '1:202 too-deep'],
    ['dashes', `${'- '.repeat(50_000)}x`, '1:403 too-deep'],
    ['braces', '{a: '.repeat(50_000), '1:805 too-deep'],
  ])('very deep %s', (_what, text, expected) => {
    expect(problems(text)).toEqual([expected]);
  });

  test('depth by aliases of aliases', () => {
    const levels = [...Array(300).keys()].map((level) => `a${level + 1}: &a${level + 1} [*a${level}]\n`);
    expect(problems(`a0: &a0 x\n${levels.join('')}`)).toContain('201:14 too-deep');
  });

  test('a mapping of many keys takes linear time', () => {
    const keys = [...Array(20_000).keys()].map((index) => `    k${index}: ${index}\n`);
    const text = `name: a\n${daily}startWorkflowRequest:\n  name: w\n  input:\n${keys.join('')}`;
    expect(
      Object.keys(
        loadManifests([{ path: 'a.yaml', text }]).desired[0]?.schedule.startWorkflowRequest.input ?? {},
      ),
    ).toHaveLength(20_000);
  });
});

describe('a cron that the server would never run', () => {
  test.each([
    ['five fields', '0 6 * * *'],
    ['seven fields', '0 0 6 * * ? 2027'],
    ['an hour that no day has', '0 0 24 * * *'],
    ['a macro that Spring does not know', '@reboot'],
  ])('%s', (_what, expression) => {
    const { diagnostics } = loadManifests([
      { path: 'a.yaml', text: `name: a\ncronExpression: "${expression}"\n${request}` },
    ]);
    expect(diagnostics).toMatchObject([
      {
        diagnostic: { code: 'bad-cron', severity: 'error', args: { expression } },
        at: { line: 2, endLine: 2 },
      },
    ]);
    const [{ at }] = diagnostics as [LocatedDiagnostic];
    expect(at?.column).toBeGreaterThanOrEqual(18);
    expect(at?.endColumn).toBeLessThanOrEqual(18 + expression.length);
    expect(at?.endColumn).toBeGreaterThan(at?.column ?? 0);
  });

  test('one of several, each in its place', () => {
    const text = `name: a\ncronSchedules:\n- cronExpression: "0 6 * * *"\n- cronExpression: "0 0 6 * * *"\n- cronExpression: "0 0 24 * * *"\n${request}`;
    const { diagnostics } = loadManifests([{ path: 'a.yaml', text }]);
    expect(diagnostics.map(({ diagnostic, at }) => [diagnostic.code, at?.line])).toEqual([
      ['bad-cron', 3],
      ['bad-cron', 5],
    ]);
  });
});

describe('numbers and words that were probably meant differently', () => {
  const inInput = (value: string, file = 'a.yaml'): readonly string[] => {
    const text = `{"name": "a", "cronExpression": "0 0 6 * * *", "startWorkflowRequest": {"name": "w", "input": {"v": [${value}]}}}`;
    return loadManifests([{ path: file, text }]).diagnostics.map(({ diagnostic }) => {
      const { message, hint } = explain(diagnostic);
      return `${diagnostic.severity} ${diagnostic.code}: ${message}; ${hint}`;
    });
  };

  test.each<readonly [value: string, becomes: string]>([
    ['08989', '8989'],
    ['0600', '600'],
    ['+4915112345', '4915112345'],
    ['0x1F', '31'],
    ['0o17', '15'],
    ['72225e2', '7222500.0'],
    ['1e-400', '0.0'],
    ['12.345678901234567890', '12.345678901234567'],
    ['00.10', '0.10'],
    ['9007199254740993.0', '9007199254740992.0'],
    ['0.10000000000000001', '0.1'],
    ['123456789012345678e3', '123456789012345680000.0'],
    ['1.00000000000000000000001e21', '1e+21'],
  ])('%s becomes %s', (value, becomes) => {
    expect(inInput(value)).toEqual([
      `warning altered-number: YAML reads ${value} as a number, so the value is ${becomes}; if it is text, put it in quotes: "${value}"`,
    ]);
    expect(inInput(`"${value}"`)).toEqual([]);
  });

  test.each<readonly [value: string, meaning: string]>([
    ['no', 'false'],
    ['Off', 'false'],
    ['on', 'true'],
    ['YES', 'true'],
    ['n', 'false'],
    ['12:30:00', 'a number'],
    ['1_000', 'a number'],
    ['0b11', 'a number'],
  ])('%s is %s in YAML 1.1', (value, meaning) => {
    expect(inInput(value)).toEqual([
      `warning old-yaml-word: ${value} is text in YAML 1.2, and ${meaning} in YAML 1.1; if it is text, put it in quotes: "${value}"`,
    ]);
    expect(inInput(`'${value}'`)).toEqual([]);
  });

  test.each([
    '1.0',
    '100',
    '1e21',
    '-0.5',
    '1.50',
    '2027-01-01',
    'north',
    '12345678901234567890',
    '0',
    '.5',
    '5.',
    '1000000000000000000000.0',
    '9007199254740992.0',
    '1180591620717411303424.0',
    '0.30000000000000004',
    '-0.0',
    '0.000',
    '!!str no',
    '!!str 12:30:00',
    '! on',
  ])('%s is fine', (value) => {
    expect(inInput(value)).toEqual([]);
  });

  test('JSON means what it looks like, and so does text outside the input', () => {
    expect(inInput('72225e2', 'a.json')).toEqual([]);
    const text =
      'name: "a"\ncronExpression: "0 0 6 * * *"\ndescription: no\nstartWorkflowRequest: {name: on, correlationId: 12:30}\n';
    expect(loadManifests([{ path: 'a.yaml', text }]).diagnostics).toEqual([]);
  });

  test('a rule like any other: set in the configuration, allowed in a comment', () => {
    const text = (comment: string): string =>
      `name: a\ncronExpression: "0 0 6 * * *"\nstartWorkflowRequest:\n  name: w\n  input:\n    v: no${comment}\n`;
    const codes = (comment: string, rules = {}): readonly string[] =>
      loadManifests([{ path: 'a.yaml', text: text(comment) }], { rules }).diagnostics.map(
        ({ diagnostic }) => `${diagnostic.severity} ${diagnostic.code}`,
      );
    expect(codes('')).toEqual(['warning old-yaml-word']);
    expect(codes('', { 'old-yaml-word': 'error' })).toEqual(['error old-yaml-word']);
    expect(codes('', { 'old-yaml-word': 'off' })).toEqual([]);
    expect(codes(' # downbeat: allow old-yaml-word because it is an answer')).toEqual([]);
    expect(codes('x # downbeat: allow old-yaml-word because it is an answer')).toEqual([
      'warning unused-allowance',
    ]);
  });

  test.each<readonly [field: string, hint: string]>([
    ['tags: {build: 00123}', 'put it in quotes: "00123"'],
    ['tags: {version: 1.0}', 'put it in quotes: "1.0"'],
    ['tags: [{key: a, value: 1e3}]', 'put it in quotes: "1e3"'],
    ['description: 0x1F', 'put it in quotes: "0x1F"'],
    ['startWorkflowRequest: {name: w, taskToDomain: {t: 007}}', 'put it in quotes: "007"'],
    ['startWorkflowRequest: {name: 1.10}', 'put it in quotes: "1.10"'],
  ])('%s: %s', (field, hint) => {
    const request = field.startsWith('start') ? '' : 'startWorkflowRequest: {name: w}\n';
    const text = `name: a\ncronExpression: "0 0 6 * * *"\n${request}${field}\n`;
    expect(
      loadManifests([{ path: 'a.yaml', text }]).diagnostics.map((one) => explain(one.diagnostic).hint),
    ).toEqual([hint]);
  });

  test('a time in seconds', () => {
    const text = (start: string): string =>
      `name: a\ncronExpression: "0 0 6 * * *"\nstartWorkflowRequest: {name: w}\nscheduleStartTime: ${start}\n`;
    const found = (start: string): readonly string[] =>
      loadManifests([{ path: 'a.yaml', text: text(start) }]).diagnostics.map(({ diagnostic }) => {
        const { message, hint } = explain(diagnostic);
        return `${diagnostic.severity} ${message}; ${hint}`;
      });
    expect(found('1893456000')).toEqual([
      'warning scheduleStartTime counts milliseconds, so 1893456000 is 1970-01-22T21:57:36Z; if these are seconds, write 1893456000000, or "2030-01-01T00:00:00Z"',
    ]);
    expect(found('1893456000000')).toEqual([]);
    expect(found('1.893456e12')).toEqual([]);
  });
});
