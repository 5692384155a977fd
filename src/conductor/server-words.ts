import type { Masker } from '../masking/masker.ts';

const longest = 500;
/** Of a long text no more than this is looked at. */
const lookedAt = 100_000;
/** No way of writing makes more of one UTF-16 unit. */
const mostPerUnit = 12;

/**
 * What a server or the system says, on one line of at most 500 characters, without control characters. Secrets are
 * hidden first: afterwards one that was cut or joined would not be known again.
 */
export function wordsOnOneLine(text: string, masker: Masker): string {
  const looked = text.slice(0, lookedAt);
  const hidden = masker.hideForeign(looked);
  // A text that was cut may end in the middle of a secret.
  const end = text.length > lookedAt ? mostPerUnit * masker.longest() : 0;
  const oneLine = hidden
    .slice(0, Math.max(0, hidden.length - end))
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .trim();
  return clipped(oneLine);
}

function clipped(text: string): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/\p{Surrogate}$/u, '')}…`;
}
