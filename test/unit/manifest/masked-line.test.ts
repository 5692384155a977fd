import { expect, it } from 'vitest';
import { maskedLine } from '../../../src/manifest/secrets/masked-line.ts';

it.each([
  // The place is the key or before it: what is behind may be of another length.
  ['password: "hunter2hunter2"', 9, 'password: (sensitive)'],
  ['    apiKey: hunter2, and more # note', 11, '    apiKey: (sensitive) # note'],
  ["- dbPassword: 'it''s hunter2'", 13, '- dbPassword: (sensitive)'],
  [
    'input: {name: x, clientSecret: abc def, other: 1}',
    13,
    'input: {name: x, clientSecret: (sensitive), other: 1}',
  ],
  ['{"password":"a\\"b","x":[1]}', 2, '{"password":(sensitive),"x":[1]}'],
  ['password: "never closed', 9, 'password: (sensitive)'],
  // The place is in the value or behind it: columns stay.
  ['password: 08989x', 17, 'password: ******'],
  ['{token: abcdef, n: 08989}', 25, '{token: ******, n: 08989}'],
  // A tag or an anchor before it.
  ['token: !!int abcdef', 5, 'token: !!int (sensitive)'],
  ['token: &a !!str "abc def" # note', 5, 'token: &a !!str (sensitive) # note'],
  ['{token: !x abcdef, n: 1}', 2, '{token: !x (sensitive), n: 1}'],
  // Nothing to hide.
  ['token: !!str', 5, 'token: !!str'],
  ['token: *a', 5, 'token: *a'],
  ['password: ${secret.DB}', 9, 'password: ${secret.DB}'],
  ['password: true', 9, 'password: true'],
  ['password: |', 9, 'password: |'],
  ['cronExpression: "0 0 9 * * ?"', 15, 'cronExpression: "0 0 9 * * ?"'],
  ['name: x', 5, 'name: x'],
])('%s', (source, endColumn, masked) => {
  expect(maskedLine({ source, line: 1, endLine: 1, endColumn })).toBe(masked);
});
