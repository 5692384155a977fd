import { expect, it } from 'vitest';
import { loadManifests } from '../../../../src/manifest/desired.ts';

const lines = [
  'name: a',
  'description: |',
  '  one',
  '  two',
  '  ',
  '  three',
  'cronExpression: "0 0 3 * * ?"',
  'startWorkflowRequest:',
  '  name: w',
  '  input:',
  '    folded: >-',
  '      one',
  '      two',
  '',
  '      three',
  '    plain: one',
  '      two',
  '    quoted: "one',
  '',
  '      two"',
  "    single: 'one",
  "      two'",
  '',
].join('\n');

it('line breaks that Git changes at checkout change no value', () => {
  const of = (text: string) => {
    const { desired, diagnostics } = loadManifests([{ path: 'a.yaml', text }]);
    expect(diagnostics.filter(({ diagnostic }) => diagnostic.severity === 'error')).toEqual([]);
    return desired[0]?.schedule;
  };
  expect(of(lines.replaceAll('\n', '\r\n'))).toStrictEqual(of(lines));
});
