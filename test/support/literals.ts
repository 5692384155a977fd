/** A text of the program with the line that it begins on, `${…}` in it as `…`. */
export type Literal = { readonly line: number; readonly text: string };

/** The texts between quotes in TypeScript source, comments and regular expressions left out. */
export function literalsIn(source: string): readonly Literal[] {
  return textsIn(source).literals;
}

/** The comments of TypeScript source without their marks, each on one line. */
export function commentsIn(source: string): readonly Literal[] {
  return textsIn(source).comments;
}

function textsIn(source: string): {
  readonly literals: readonly Literal[];
  readonly comments: readonly Literal[];
} {
  const found: Literal[] = [];
  const comments: Literal[] = [];
  let at = 0;
  let line = 1;
  const step = (count = 1): void => {
    for (let index = 0; index < count; index += 1) if (source[at + index] === '\n') line += 1;
    at += count;
  };
  /** From the opening quote to just after the closing one. */
  const literal = (quote: string): void => {
    const first = line;
    let text = '';
    step();
    while (at < source.length && source[at] !== quote) {
      if (source[at] === '\\') {
        text += source[at + 1] === 'n' ? '\n' : (source[at + 1] ?? '');
        step(2);
      } else if (quote === '`' && source.startsWith('${', at)) {
        text += '…';
        step(2);
        code('}');
        step();
      } else {
        text += source[at];
        step();
      }
    }
    step();
    found.push({ line: first, text });
  };
  const comment = (length: number): void => {
    const text = source.slice(at, at + length).replace(/^\/\*+|^\/\/|\*+\/$|\n\s*\*?/g, ' ');
    comments.push({ line, text: text.replace(/\s+/g, ' ').trim() });
    step(length);
  };
  /** Up to an unmatched closing brace, or the end. */
  const code = (end: string | undefined): void => {
    let depth = 0;
    while (at < source.length) {
      const character = source[at] ?? '';
      if (source.startsWith('//', at)) comment(lengthTo('\n'));
      else if (source.startsWith('/*', at)) comment(lengthTo('*/') + 2);
      else if (character === "'" || character === '"' || character === '`') literal(character);
      else if (
        character === '/' &&
        /[=(,:[!&|?{};+]\s*$|\breturn\s*$/.test(source.slice(Math.max(0, at - 20), at))
      )
        step(patternAt(source, at));
      else {
        if (character === '{') depth += 1;
        if (character === '}' && depth === 0 && end !== undefined) return;
        if (character === '}') depth -= 1;
        step();
      }
    }
  };
  const lengthTo = (mark: string): number => {
    const index = source.indexOf(mark, at);
    return (index < 0 ? source.length : index) - at;
  };
  code(undefined);
  return { literals: found, comments };
}

/** The length of the regular expression that begins at an offset. */
function patternAt(source: string, start: number): number {
  return /^\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/.exec(source.slice(start))?.[0].length ?? 1;
}
