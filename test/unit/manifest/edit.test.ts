import { describe, expect, it, test } from 'vitest';
import { edit } from '../../../src/manifest/edit/edit.ts';
import { fieldOrder } from '../../../src/manifest/edit/pull-edits.ts';
import { parse } from '../../../src/manifest/read/parse-file.ts';
import type { Json, JsonObject } from '../../../src/model/json.ts';

/** Edits the first manifest of a text; `undefined` takes a key away. */
function edited(text: string, change: (value: JsonObject) => JsonObject, path = 'a.yaml') {
  const file = { path, text };
  const { manifests, diagnostics } = parse(file);
  expect(diagnostics).toStrictEqual([]);
  const [manifest] = manifests;
  if (manifest === undefined) throw new Error('no manifest');
  const { text: after, manifests: done } = edit(
    file,
    [{ manifest, value: change(manifest.value) }],
    fieldOrder,
  );
  return { after, refused: done.flatMap(({ refused }) => refused) };
}

const set =
  (key: string, item: Json) =>
  (value: JsonObject): JsonObject => ({ ...value, [key]: item });
const drop =
  (...keys: readonly string[]) =>
  (value: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
const setInput =
  (input: JsonObject) =>
  (value: JsonObject): JsonObject => ({ ...value, input });

describe('a scalar', () => {
  test.each<[string, string, Json, string]>([
    ['in single quotes', "d: 'a'  # c\n", "it's", "d: 'it''s'  # c\n"],
    ['in double quotes', 'd: "a"  # c\n', 'b', 'd: "b"  # c\n'],
    ['in double quotes, with what must be escaped', 'd: "a"\n', 'b"\n\u0007', 'd: "b\\"\\n\\u0007"\n'],
    ['without quotes', 'd: 0 0 1 * * ?   # c\n', '0 0 2 * * ?', 'd: 0 0 2 * * ?   # c\n'],
    ['without quotes, where they are needed now', 'd: a\n', '* * * * * *', 'd: "* * * * * *"\n'],
    ['that would be a number', 'd: a\n', '12', 'd: "12"\n'],
    ['that would be a truth value for others', 'd: a\n', 'no', 'd: "no"\n'],
    ['that would become a comment', 'd: a\n', 'b #c', 'd: "b #c"\n'],
    ['a number', 'd: 1 # c\n', 12345678901234567890n, 'd: 12345678901234567890 # c\n'],
    ['that is left out', 'd:   # c\nname: a\n', 5, 'd: 5   # c\nname: a\n'],
    ['with a tag', 'd: !!str 12\n', 'b', 'd: !!str b\n'],
    ['with an anchor that nobody uses', 'd: &x a\n', 'b', 'd: &x b\n'],
    ['as a literal block', 'd: |  # c\n   a\n   b\ne: 1\n', 'a\nc\n', 'd: |  # c\n   a\n   c\ne: 1\n'],
    ['as a literal block, on one line now', 'd: |-  # c\n   a\n   b\n\ne: 1\n', 'c', 'd: c  # c\n\ne: 1\n'],
    ['as a folded block', 'd: >\n   a\n   b\ne: 1\n', 'c d\n', 'd: "c d\\n"\ne: 1\n'],
    ['over several lines', 'd: "a\n   b"  # c\ne: 1\n', 'c', 'd: "c"  # c\ne: 1\n'],
    ['at the end without a line break', 'd: a', 'b', 'd: b'],
    ['with CR LF', 'name: a\r\nd: a\r\n', 'b', 'name: a\r\nd: b\r\n'],
    ['that becomes a list', 'd: a  # c\ne: 1\n', [1, 2], 'd:  # c\n  - 1\n  - 2\ne: 1\n'],
    ['that was a list', 'd:  # c\n  - 1\n  # inside\n  - 2\ne: 1\n', 'b', 'd: b  # c\ne: 1\n'],
    ['that was a mapping in brackets', 'd: {a: 1}  # c\n', 'b', 'd: b  # c\n'],
  ])('%s', (_what, text, value, wanted) => {
    expect(edited(text, set('d', value))).toStrictEqual({ after: wanted, refused: [] });
  });
});

describe('a key', () => {
  test.each<[string, string, (value: JsonObject) => JsonObject, string]>([
    [
      'comes behind the one that precedes it',
      'name: a # n\n\nzoneId: UTC\n',
      set('cronExpression', 'x'),
      'name: a # n\ncronExpression: x\n\nzoneId: UTC\n',
    ],
    [
      'comes to the end',
      '# top\nname: a\n# below\n',
      set('tags', { t: 'v' }),
      '# top\nname: a\ntags:\n  t: v\n# below\n',
    ],
    [
      'comes behind several lines',
      'name: |-\n  a\n\nzoneId: UTC\n',
      set('description', 'd'),
      'name: |-\n  a\ndescription: d\n\nzoneId: UTC\n',
    ],
    [
      'comes at the end of a file without a line break',
      'name: a',
      set('zoneId', 'UTC'),
      'name: a\nzoneId: UTC',
    ],
    ['comes with CR LF', 'name: a\r\n', set('zoneId', 'UTC'), 'name: a\r\nzoneId: UTC\r\n'],
    [
      'goes with the comments on its line and right above it',
      'name: a\n# of a\n\n# why\n# so\nd: 1 # c\n# of e\ne: 2\n',
      drop('d'),
      'name: a\n# of a\n\n# of e\ne: 2\n',
    ],
    [
      'goes, and the comments of the document stay',
      '# of the file\nd: 1\nname: a\n',
      drop('d'),
      '# of the file\nname: a\n',
    ],
    [
      'goes, and the comments of a document behind others stay',
      '---\n# of the file\nd: 1\nname: a\n',
      drop('d'),
      '---\n# of the file\nname: a\n',
    ],
    [
      'goes, and a comment with another margin stays',
      'x:\n  b: 1\n  # of x\nd: 1\nname: a\n',
      drop('d'),
      'x:\n  b: 1\n  # of x\nname: a\n',
    ],
    [
      'goes, and what only looks like a comment stays',
      'name: a\nx: |\n  b\n  # text\nd: 1\n',
      drop('d'),
      'name: a\nx: |\n  b\n  # text\n',
    ],
    ['goes with all that it holds', 'name: a\nd:\n  - 1\n  - x: 2\n\ne: 2\n', drop('d'), 'name: a\n\ne: 2\n'],
    ['goes from behind a dash', '- d: 1\n  name: a\n', drop('d'), '- name: a\n'],
    [
      'goes, and another comes',
      'name: a\nd: 1\n',
      (value) => set('e', 2)(drop('d')(value)),
      'name: a\ne: 2\n',
    ],
    ['comes into brackets', '{name: a}\n', set('d', [1, { x: 'y z' }]), '{name: a, d: [1, {x: y z}]}\n'],
    [
      'comes into brackets over several lines',
      '{\n  name: a, # n\n  e: 1\n}\n',
      set('d', 2),
      '{\n  name: a, # n\n  e: 1,\n  d: 2\n}\n',
    ],
    ['goes from brackets', '{name: a, d: 1, e: 2}\n', drop('d'), '{name: a, e: 2}\n'],
    ['goes from the end of brackets', '{ name: a, d: 1, e: 2 }\n', drop('d', 'e'), '{ name: a }\n'],
  ])('%s', (_what, text, change, wanted) => {
    expect(edited(text, change)).toStrictEqual({ after: wanted, refused: [] });
  });

  test.each<[string, string, JsonObject, string]>([
    [
      'the last one leaves an empty mapping',
      'name: a\ninput: # c\n  x: 1\nd: 1\n',
      {},
      'name: a\ninput: {} # c\nd: 1\n',
    ],
    [
      'the first one into nothing',
      'name: a\ninput: # c\nd: 1\n',
      { x: 1 },
      'name: a\ninput: # c\n  x: 1\nd: 1\n',
    ],
    [
      'the first one into empty brackets',
      'name: a\ninput: {} # c\n',
      { x: 1 },
      'name: a\ninput: {x: 1} # c\n',
    ],
    [
      'with the margin of its siblings',
      'name: a\ninput:\n     x: 1\n',
      { x: 1, w: { z: 2 } },
      'name: a\ninput:\n     x: 1\n     w:\n       z: 2\n',
    ],
    [
      'while the one before it goes',
      'name: a\ninput:\n  x:\n    p: 1\n    q: 2\n',
      { x: { p: 1, r: 3 }, z: 4 },
      'name: a\ninput:\n  x:\n    p: 1\n    r: 3\n  z: 4\n',
    ],
  ])('below: %s', (_what, text, input, wanted) => {
    expect(edited(text, setInput(input))).toStrictEqual({ after: wanted, refused: [] });
  });
});

describe('a list', () => {
  const long = 'a'.repeat(120);
  const list = 'name: a\nd:\n  - x  # one\n  # two\n  - {k: 1}\n  - k: 1\n    l: 2\ne: 1\n';
  test.each<[string, string, Json, string]>([
    ['one item changes', list, ['x', { k: 2 }, { k: 1, l: 2 }], list.replace('{k: 1}', '{k: 2}')],
    ['one key of an item changes', list, ['x', { k: 1 }, { k: 1, l: 3 }], list.replace('l: 2', 'l: 3')],
    ['an item comes', list, ['x', { k: 1 }, { k: 1, l: 2 }, 'w'], list.replace('l: 2\n', 'l: 2\n  - w\n')],
    [
      'an item comes first',
      list,
      ['w', 'x', { k: 1 }, { k: 1, l: 2 }],
      list.replace('  - x', '  - w\n  - x'),
    ],
    ['an item goes', list, ['x', { k: 1, l: 2 }], list.replace('  # two\n  - {k: 1}\n', '')],
    ['all go', 'name: a\nd: # c\n  - 1\ne: 1\n', [], 'name: a\nd: [] # c\ne: 1\n'],
    ['in brackets', 'd: [ 1, 2 ] # c\n', [1, 2, 3], 'd: [ 1, 2, 3 ] # c\n'],
    ['in brackets, one goes', 'd: [1, 2, 3]\n', [1, 3], 'd: [1, 3]\n'],
    [
      'a mapping changes where it is, though an equal item of another place comes before it',
      'd:\n  - {}\n  - x: 1\n  - {y: 0, z: [1],} # why\n  - {}\n',
      [{}, {}, { y: 0, z: [2] }, { w: 1 }],
      'd:\n  - {}\n  - {}\n  - {y: 0, z: [2],} # why\n  - w: 1\n',
    ],
    [
      'in brackets, an item stays on its line, however long that is',
      `d: [${long}, plain, old]\n`,
      [long, 'new', 'plain'],
      `d: [${long}, new, plain]\n`,
    ],
    [
      'in brackets, a comment stays with its item when another comes after it',
      'd: [\n  one, # c-one\n  two, # c-two\n  three # c-three\n]\n',
      ['one', 'new', 'two', 'three', 'four', 'five'],
      'd: [\n  one, # c-one\n  new,\n  two, # c-two\n  three, # c-three\n  four,\n  five\n]\n',
    ],
    [
      'in brackets, items that move leave the comments of others with them',
      'd: [\n  one, # c-one\n  two, # c-two\n  three # c-three\n]\n',
      ['three', 'one'],
      'd: [\n  three, # c-three\n  one\n]\n',
    ],
    ['without a margin', 'd:\n- 1\n- 2\ne: 1\n', [1, 3, 4], 'd:\n- 1\n- 3\n- 4\ne: 1\n'],
  ])('%s', (_what, text, value, wanted) => {
    expect(edited(text, set('d', value))).toStrictEqual({ after: wanted, refused: [] });
  });
});

describe('a list whose items have a key of their own', () => {
  const tags =
    'name: a\nd:\n  - {key: team, value: payments} # AUD-1\n  - {key: zone, value: eu} # AUD-2\ne: 1\n';
  const [team, zone] = [
    { key: 'team', value: 'payments' },
    { key: 'zone', value: 'eu' },
  ];
  const tasks =
    'd:\n  # the first\n  - name: one # 1\n    size: 1\n  # the second\n  - name: two # 2\n    size: 2\n  - name: three # 3\n';
  const [one, two, three] = [{ name: 'one', size: 1 }, { name: 'two', size: 2 }, { name: 'three' }];
  test.each<[string, string, Json, string]>([
    ['one value changes', tags, [{ ...team, value: 'core' }, zone], tags.replace('payments', 'core')],
    ['the other changes', tags, [team, { ...zone, value: 'us' }], tags.replace('eu', 'us')],
    ['the first goes', tags, [zone], tags.replace(/ {2}-.*AUD-1\n/, '')],
    [
      'the first goes, the other changes',
      tags,
      [{ ...zone, value: 'us' }],
      tags.replace(/ {2}-.*AUD-1\n/, '').replace('eu', 'us'),
    ],
    [
      'one becomes another',
      tags,
      [team, { key: 'cost', value: '1' }],
      tags.replace('  - {key: zone, value: eu} # AUD-2\n', '  - key: cost\n    value: "1"\n'),
    ],
    [
      'one comes between',
      tasks,
      [one, { name: 'new' }, two, three],
      tasks.replace('    size: 1\n', '    size: 1\n  - name: new\n'),
    ],
    [
      'one comes first, one goes, one changes',
      tasks,
      [{ name: 'new' }, { ...one, size: 5 }, three],
      'd:\n  - name: new\n  # the first\n  - name: one # 1\n    size: 5\n  - name: three # 3\n',
    ],
    [
      'in brackets',
      'd: [{id: 1, v: a}, {id: 2, v: b}, {id: 3, v: c}]\n',
      [{ id: 0 }, { id: 1, v: 'a' }, { id: 3, v: 'd' }],
      'd: [{id: 0}, {id: 1, v: a}, {id: 3, v: d}]\n',
    ],
    [
      'without any, by the whole item',
      'd:\n- a # 1\n- b # 2\n- c # 3\n',
      ['b', 'x', 'c', 'z'],
      'd:\n- b # 2\n- x\n- c # 3\n- z\n',
    ],
    [
      'with one twice',
      'd:\n- {id: 1} # 1\n- {id: 1} # 2\n- {id: 3} # 3\n',
      [{ id: 1 }, { id: 3 }],
      'd:\n- {id: 1} # 1\n- {id: 3} # 3\n',
    ],
  ])('%s', (_what, text, value, wanted) => {
    expect(edited(text, set('d', value))).toStrictEqual({ after: wanted, refused: [] });
  });
});

describe('an item that only moves', () => {
  const put = (value: JsonObject, ...order: readonly number[]): Json => {
    const list = value.list as readonly Json[];
    return order.map((at) => list[at] as Json);
  };
  test.each<[string, string, readonly number[], string]>([
    [
      'keeps its quotes and its comments',
      'list:\n  - \'a\' # about a\n  # about b\n  - {key: b, v: "x"}\n  - c\n',
      [2, 0, 1],
      'list:\n  - c\n  - \'a\' # about a\n  # about b\n  - {key: b, v: "x"}\n',
    ],
    [
      'to the front',
      "list:\n  - a\n  - b\n  # about c\n  - key: 'c' # own\n    # below\n    more: 1\n    # still c\n",
      [2, 0, 1],
      "list:\n  # about c\n  - key: 'c' # own\n    # below\n    more: 1\n    # still c\n  - a\n  - b\n",
    ],
    ['with CR LF', "list:\r\n- 'a' # x\r\n- b\r\n- c\r\n", [1, 2, 0], "list:\r\n- b\r\n- c\r\n- 'a' # x\r\n"],
    ['from the end of a text', "list:\n- a\n- b\n- 'c' # x", [2, 0, 1], "list:\n- 'c' # x\n- a\n- b\n"],
    ['in brackets', 'list: [\'a\', {x: "1"}, b] # c\n', [2, 0, 1], 'list: [b, \'a\', {x: "1"}] # c\n'],
  ])('%s', (_what, text, order, wanted) => {
    expect(edited(text, (value) => ({ ...value, list: put(value, ...order) }))).toStrictEqual({
      after: wanted,
      refused: [],
    });
  });
});

describe('the comments of a removed part', () => {
  test.each<[string, string, (value: JsonObject) => JsonObject, string]>([
    [
      'below it go too, where they are indented deeper',
      'd:\n  - a\n    # still a\n  # about b\n  - b\n',
      set('d', ['b']),
      'd:\n  # about b\n  - b\n',
    ],
    ['of a key', 'input:\n  a:\n    - 1\n    # a is odd\n  b: 2\n', setInput({ b: 2 }), 'input:\n  b: 2\n'],
    [
      'in brackets over several lines',
      'd: [\n  # about a\n  # more\n  a,\n  # about b\n  b,\n]\n',
      set('d', ['b']),
      'd: [\n  # about b\n  b,\n]\n',
    ],
    [
      'in the middle of brackets',
      'd: {\n  a: 1,\n  # about b\n  b: 2,\n  # about c\n  c: 3\n}\n',
      set('d', { a: 1, c: 3 }),
      'd: {\n  a: 1,\n  # about c\n  c: 3\n}\n',
    ],
    [
      'at the end of brackets, and no other',
      'd: [\n  a, # about a\n  # about b\n  b # and this\n]\n',
      set('d', ['a']),
      'd: [\n  a, # about a\n]\n',
    ],
  ])('%s', (_what, text, change, wanted) => {
    expect(edited(text, change)).toStrictEqual({ after: wanted, refused: [] });
  });
});

describe('many new keys', () => {
  const keys = Object.fromEntries(Array.from({ length: 33 }, (_, at) => [`a_long_key_${at}`, at]));
  test.each<[string, string]>([
    ['in brackets that have none', 'input: {} # c\n'],
    ['beside others in brackets', 'input: {first: 1} # c\n'],
    ['of an item in brackets', 'input:\n  list:\n    - {first: 1}\n'],
  ])('%s get readable lines', (_what, text) => {
    const change = (value: JsonObject): JsonObject =>
      text.includes('list')
        ? setInput({ list: [{ first: 1, ...keys }] })(value)
        : setInput({ ...(value.input as JsonObject), ...keys })(value);
    const { after, refused } = edited(text, change);
    expect(refused).toEqual([]);
    expect(Math.max(...after.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(120);
    expect(after.includes('# c')).toBe(text.includes('# c'));
    expect(parse({ path: 'a.yaml', text: after }).manifests[0]?.value).toEqual(
      change(parse({ path: 'a.yaml', text }).manifests[0]?.value ?? {}),
    );
  });
});

describe('a comment that allows a rule', () => {
  const allow = '# downbeat: allow cron-never-fires because of the audit';
  test.each<[string, string, (value: JsonObject) => JsonObject, string]>([
    ['goes with the value on its line', `d: a ${allow}\ne: 1\n`, set('d', 'b'), 'd: b\ne: 1\n'],
    ['goes with the value below it', `e: 1\n${allow}\nd: a # c\n`, set('d', 'b'), 'e: 1\nd: b # c\n'],
    ['stays beside what stays', `d: a ${allow}\ne: 1\n`, set('e', 2), `d: a ${allow}\ne: 2\n`],
    ['stays at the head', `${allow}\n\nd: a\n`, set('d', 'b'), `${allow}\n\nd: b\n`],
    ['goes with a key', `e: 1\n${allow}\nd: a\nf: 1\n`, drop('d'), 'e: 1\nf: 1\n'],
    [
      'goes from a literal block',
      `e: 1\nd: | ${allow}\n  a\n  b\n`,
      set('d', 'a\nc\n'),
      'e: 1\nd: |\n  a\n  c\n',
    ],
    [
      'goes with a part of its value',
      `e: 1\nd: ${allow}\n  - x: 1\n    y: 2\n`,
      set('d', [{ x: 1, y: 3 }]),
      'e: 1\nd:\n  - x: 1\n    y: 3\n',
    ],
    [
      'stays at another item',
      `d:\n  - {id: 1, v: 1} ${allow}\n  - {id: 2, v: 1} ${allow}\n`,
      set('d', [
        { id: 1, v: 1 },
        { id: 2, v: 2 },
      ]),
      `d:\n  - {id: 1, v: 1} ${allow}\n  - {id: 2, v: 2}\n`,
    ],
    ['with CR LF', `e: 1\r\nd: a ${allow}\r\n`, set('d', 'b'), 'e: 1\r\nd: b\r\n'],
  ])('%s', (_what, text, change, wanted) => {
    expect(edited(text, change)).toStrictEqual({ after: wanted, refused: [] });
  });
});

describe('a JSON file', () => {
  test.each<[string, string, (value: JsonObject) => JsonObject, string]>([
    ['in one line', '{"name":"a","d":1}', set('e', 'x'), '{"name":"a","d":1,"e": "x"}'],
    [
      'over several lines',
      '{\n  "name": "a"\n}\n',
      set('d', { x: [1] }),
      '{\n  "name": "a",\n  "d": {\n    "x": [\n      1\n    ]\n  }\n}\n',
    ],
    ['with tabs', '{\n\t"name": "a",\n\t"d": 1\n}\n', drop('d'), '{\n\t"name": "a"\n}\n'],
    [
      'with CR LF',
      '{\r\n  "name": "a"\r\n}\r\n',
      set('d', true),
      '{\r\n  "name": "a",\r\n  "d": true\r\n}\r\n',
    ],
    [
      'with tabs, a list comes',
      '{\n\t"name": "a"\n}\n',
      set('d', [{ x: 1 }]),
      '{\n\t"name": "a",\n\t"d": [\n\t\t{\n\t\t\t"x": 1\n\t\t}\n\t]\n}\n',
    ],
    [
      'indented by four, a list for an empty one',
      '{\n    "name": "a",\n    "d": []\n}\n',
      set('d', [1, {}]),
      '{\n    "name": "a",\n    "d": [\n        1,\n        {}\n    ]\n}\n',
    ],
    ['in one line, a list', '{"name":"a","d":[]}', set('d', [1, { x: 2 }]), '{"name":"a","d":[1,{"x":2}]}'],
    [
      'with items on a line each, in the spacing that it has',
      '{\n    "name": "a",\n    "d": [\n        {"x": 1}\n    ]\n}\n',
      set('d', [{ x: 1 }, { x: 2, y: [3, { z: 4 }] }]),
      '{\n    "name": "a",\n    "d": [\n        {"x": 1},\n        {"x": 2, "y": [3, {"z": 4}]}\n    ]\n}\n',
    ],
    ['where words need quotes', '{"name": "a"}', set('name', 'b'), '{"name": "b"}'],
  ])('%s', (_what, text, change, wanted) => {
    expect(edited(text, change, 'a.json')).toStrictEqual({ after: wanted, refused: [] });
  });
});

describe('shared values and those that cannot be edited by line', () => {
  test.each<[string, string, JsonObject, string]>([
    ['an alias', 'name: a\nx: &x 1\ninput:\n  a: *x\n', { a: 2 }, 'alias'],
    ['what an alias refers to', 'name: a\ninput:\n  a: &x {b: 1}\ny: *x\n', { a: { b: 2 } }, 'anchor'],
    ['a list with an alias in it', 'name: a\nx: &x 1\ninput:\n  a: [1, *x]\n', { a: 'text' }, 'alias'],
    ['a merged key', 'name: a\nx: &x {b: 1}\ninput:\n  <<: *x\n  c: 1\n', { b: 2, c: 1 }, 'alias'],
    ['a key in front of a merged one', 'name: a\nx: &x {b: 1}\ninput: {<<: *x, b: 2}\n', {}, 'alias'],
    [
      'a list whose items changed their places, two of them shared',
      'name: a\ninput:\n  l:\n    - {name: x, v: 1}\n    - &y {name: y, v: 2}\n    - *y\n    - {name: z, v: 3}\n',
      {
        l: [
          { name: 'z', v: 3 },
          { name: 'x', v: 9 },
          { name: 'y', v: 2 },
        ],
      },
      'anchor',
    ],
    [
      'a comment between',
      'name: a\ninput:\n  a:\n    - x: 1\n      # why\n      y: 2\n',
      { a: [{ y: 2 }] },
      'layout',
    ],
  ])('%s is left alone', (_what, text, input, why) => {
    const { after, refused } = edited(text, setInput(input));
    expect(after).toBe(text);
    expect(new Set(refused.map((one) => one.why))).toStrictEqual(new Set([why]));
  });

  it('does not stop the other edits', () => {
    const text = 'name: a\nx: &x {b: 1}\ninput:\n  <<: *x\n  c: 1\n';
    const { after, refused } = edited(text, setInput({ b: 2, c: 3 }));
    expect(after).toBe(text.replace('c: 1', 'c: 3'));
    expect(refused).toStrictEqual([{ path: ['input', 'b'], why: 'alias' }]);
  });
});

it('leaves the other manifests of a file as they are, to the byte', () => {
  const other = '---\n# other\n- name: "b"   \n  d:   [1 ,2]\n\n...\n---\n{name: c}\n';
  const { after } = edited(`name: a\nd: 1\n${other}`, set('d', 2));
  expect(after).toBe(`name: a\nd: 2\n${other}`);
});
