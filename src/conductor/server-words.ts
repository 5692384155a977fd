/** Hides secrets in texts that come from elsewhere. A secret that is learned later (a token) is added. */
export interface Mask {
  add(secret: string): void;
  /** The value of a header: also what is a secret in it alone, as after `Bearer`, in a cookie, inside of `Basic`. */
  addHeader(value: string): void;
  /** The text on one line of at most 500 characters, without control characters and without any secret. */
  line(text: string): string;
}

const longest = 500;
/** Of a long text no more than this is looked at. */
const lookedAt = 100_000;
/** No way of writing makes more of one UTF-16 unit. */
const mostPerUnit = 12;
/** A shorter value would blacken ordinary words, and hides nothing that could not be guessed. */
const shortestSecret = 4;
/** The same for a part of a header, which more often is an ordinary word. */
const shortestPart = 8;

export function mask(): Mask {
  const secrets = new Set<string>();
  let hiding: RegExp | undefined;

  const add = (secret: string): void => {
    if (secret.length < shortestSecret) return;
    secrets.add(secret);
    // What is written in one way inside of another (JSON in a URL) still has these as they are.
    for (const piece of secret.match(/[a-z0-9]{8,}/gi) ?? []) if (looksRandom(piece)) secrets.add(piece);
    hiding = undefined;
  };
  const hide = (text: string): string => {
    if (secrets.size === 0) return text;
    // The longest first: a secret may hold another one.
    hiding ??= new RegExp(
      [...secrets]
        .sort((a, b) => b.length - a.length)
        .map(patternOf)
        .join('|'),
      'giu',
    );
    return text.replace(hiding, '***');
  };
  return {
    add,
    addHeader: (value) => {
      add(value);
      for (const part of value.split(/[\s,;]+|=(?!=|$)/)) if (part.length >= shortestPart) add(part);
      const basic = /^Basic\s+(\S+)$/i.exec(value.trim())?.[1] ?? '';
      const [, password = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(basic, 'base64').toString()) ?? [];
      add(password);
    },
    line: (text) => {
      const hidden = hide(text.slice(0, lookedAt));
      // A text that was cut may end in the middle of a secret.
      const end = text.length > lookedAt ? mostPerUnit * Math.max(0, ...lengthsOf(secrets)) : 0;
      const oneLine = hidden
        .slice(0, Math.max(0, hidden.length - end))
        .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
        .replace(/\p{Cf}/gu, '')
        .trim();
      // Once more: what was taken out may have stood in the middle of a secret.
      return clipped(hide(oneLine));
    },
  };
}

function lengthsOf(texts: Iterable<string>): readonly number[] {
  return Array.from(texts, ({ length }) => length);
}

/** Unlike a word: with a digit, or with a capital that does not begin it. */
function looksRandom(piece: string): boolean {
  return /\d|.[A-Z]/.test(piece);
}

/** Matches a secret as it is, and with any character of it written as in URLs, JSON or HTML. */
function patternOf(secret: string): string {
  return Array.from(secret, (character) =>
    /[a-z0-9]/i.test(character) ? character : `(?:${waysToWrite(character).join('|')})`,
  ).join('');
}

function waysToWrite(character: string): readonly string[] {
  const literal = character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  const bytes = [...Buffer.from(character)].map((byte) => `%${hex(byte, 2)}`).join('');
  const units = Array.from(
    { length: character.length },
    (_, at) => `\\\\u${hex(character.charCodeAt(at), 4)}`,
  );
  const codePoint = character.codePointAt(0) ?? 0;
  const named = htmlNames[character];
  return [
    `\\\\?${literal}`,
    bytes,
    units.join(''),
    `&#0*${codePoint};`,
    `&#x0*${hex(codePoint, 1)};`,
    ...(named === undefined ? [] : [`&${named};`]),
    ...(character === ' ' ? ['\\+'] : []),
  ];
}

const htmlNames: { readonly [character: string]: string } = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
};

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

function clipped(text: string): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/\p{Surrogate}$/u, '')}…`;
}
