import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeReferences, type Part, partsOf } from '../../../src/manifest/resolve/references.ts';

function shortly(parts: readonly Part[]): readonly string[] {
  return parts.map((part) =>
    part.kind === 'text'
      ? `text ${part.text}`
      : part.kind === 'reference'
        ? `${part.of} ${part.name} ${part.start}-${part.end}`
        : `malformed ${part.text} ${part.start}-${part.end}`,
  );
}

test.each<readonly [text: string, parts: readonly string[]]>([
  ['', []],
  ['plain', ['text plain']],
  ['${var.a}', ['var a 0-8']],
  ['x${env.B_1}y${secret.C-d}', ['text x', 'env B_1 1-11', 'text y', 'secret C-d 12-25']],
  ['${var.a}${var.b}', ['var a 0-8', 'var b 8-16']],
  // Conductor's own
  ['${workflow.input.x}', ['text ${workflow.input.x}']],
  [
    '${variable.x} ${VAR.x} ${ var.x} $var.x {var.x}',
    ['text ${variable.x} ${VAR.x} ${ var.x} $var.x {var.x}'],
  ],
  ['$${workflow.input.x}', ['text $${workflow.input.x}']],
  // Literals
  ['$${var.a}', ['text ${var.a}']],
  ['$$${var.a}', ['text $${var.a}']],
  ['a$${var.', ['text a${var.']],
  ['$${var.a}${var.b}', ['text ${var.a}', 'var b 9-17']],
  ['5$ ${var.a}', ['text 5$ ', 'var a 3-11']],
  // Mistakes
  ['${var.}', ['malformed ${var.} 0-7']],
  ['${var.a b}c', ['malformed ${var.a b} 0-10', 'text c']],
  ['${env.output.x}', ['malformed ${env.output.x} 0-15']],
  ['${env.HOME:-x}', ['malformed ${env.HOME:-x} 0-14']],
  ['${var.1}', ['malformed ${var.1} 0-8']],
  ['a${var.b', ['text a', 'malformed ${var.b 1-8']],
  ['${var.a ${var.b}c', ['malformed ${var.a ${var.b} 0-16', 'text c']],
])('%s', (text, parts) => {
  expect(shortly(partsOf(text))).toEqual(parts);
});

describe('an escaped text', () => {
  const piece = fc.oneof(
    fc.constantFrom('$', '{', '}', '.', 'var', 'env', 'secret', '${var.', '${secret.X}', '$${env.Y}', 'a'),
    fc.string({ maxLength: 3 }),
  );
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

  test('means itself', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(partsOf(escapeReferences(value))).toEqual(value === '' ? [] : [{ kind: 'text', text: value }]);
      }),
      { numRuns: 3000 },
    );
  });

  test('is unchanged if there is nothing to escape', () => {
    expect(escapeReferences('${workflow.input.x} $${x} costs 5$')).toBe('${workflow.input.x} $${x} costs 5$');
  });
});
