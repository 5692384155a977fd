import { encoded } from './url.ts';

/** Hides secrets in texts that come from elsewhere. A secret that is learned later (a token) is added. */
export interface Mask {
  add(secret: string): void;
  /** The text on one line of at most 500 characters, without control characters and without any secret. */
  line(text: string): string;
}

const longest = 500;
/** Of a long text no more than this is looked at. */
const lookedAt = 20_000;
/** A shorter value would blacken ordinary words, and hides nothing that could not be guessed. */
const shortestSecret = 4;

export function mask(): Mask {
  const secrets = new Set<string>();
  return {
    add: (secret) => {
      for (const form of [secret, encoded(secret), JSON.stringify(secret).slice(1, -1)])
        if (form.length >= shortestSecret) secrets.add(form);
    },
    line: (text) => {
      // The longest first: a secret may hold another one.
      const hidden = [...secrets]
        .sort((a, b) => b.length - a.length)
        .reduce((shown, secret) => shown.replaceAll(secret, '***'), text.slice(0, lookedAt));
      return clipped(
        hidden
          .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
          .replace(/\p{Cf}/gu, '')
          .trim(),
      );
    },
  };
}

function clipped(text: string): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/\p{Surrogate}$/u, '')}…`;
}
