import { keyKind } from '../model/hiding/credential.ts';
import { folded, foldedLayers, placedLayers } from './layers.ts';

/**
 * What a run knows of secrets, and how it keeps them out of everything that it says. Values are hidden wherever they
 * are and in whatever way they are written: as they are, in JSON, in URLs and forms, in HTML, in base64, nested,
 * wrapped, and line by line. What is learned later (a token) counts from then on.
 */
export type Masker = {
  learn(secret: string): void;
  /** The value of a header, and what is a secret in it only: after `Bearer`, in a cookie, inside of `Basic`. */
  learnHeader(name: string, value: string): void;
  /** Where more is found, asked when something is to be hidden for the first time; it takes the place of the last one. */
  learnLater(source: () => Iterable<string>): void;
  /** The text with `***` for every known value of eight characters or more. */
  hide(text: string): string;
  /**
   * The same for the words of servers and systems, which may repeat a value in part: shorter values, pieces that look
   * random and any longer stretch of a value are hidden too.
   */
  hideForeign(text: string): string;
  /** In how many places a text holds a known value. */
  count(text: string): number;
  /** Whether there is anything to hide. */
  knows(): boolean;
  /** The length of the longest known value. */
  longest(): number;
};

/** Shorter values are ordinary words too often: they would blacken half a report. */
const shortest = 8;
/** The same without white space. */
const shortestFolded = 6;
/** In what a server says there is less that could be meant by it. */
const shortestForeign = 4;
/** A stretch of a value that is as long as this, and begins where a multiple of it ends, is found wherever it is. */
const stretch = 16;

/** A value in one of the ways to write it, folded. */
type Form = { readonly text: string };
type Interval = { readonly start: number; readonly end: number };

export function masker(): Masker {
  const secrets = new Set<string>();
  const words = new Set<string>();
  let forms: Forms | undefined;
  let later: (() => Iterable<string>) | undefined;
  const fetch = (): void => {
    const source = later;
    later = undefined;
    try {
      for (const secret of source?.() ?? []) add(secrets, secret);
    } catch (error) {
      // Without them nothing may be said.
      later = source;
      throw error;
    }
  };
  const known = (): Forms => {
    forms ??= formsOf([...secrets], [...words]);
    return forms;
  };
  const add = (to: Set<string>, secret: string): void => {
    if (secret.length < shortestForeign || to.has(secret)) return;
    to.add(secret);
    forms = undefined;
  };
  const find = (text: string, isForeign: boolean): readonly Interval[] => {
    fetch();
    if (secrets.size + words.size === 0 || text.length < (isForeign ? shortestForeign : shortest)) return [];
    const all = known();
    return isAnywhere(text, all, isForeign) ? placesOf(text, all, isForeign) : [];
  };
  return {
    learn: (secret) => add(secrets, secret),
    learnHeader: (name, value) => {
      if (isPlain(name, value)) add(words, value);
      else for (const part of secretsOfHeader(value)) add(secrets, part);
    },
    hide: (text) => without(text, find(text, false)),
    hideForeign: (text) => without(text, find(text, true)),
    count: (text) => find(text, false).length,
    learnLater: (source) => {
      later = source;
    },
    knows: () => {
      fetch();
      return secrets.size > 0;
    },
    longest: () => Math.max(0, ...Array.from(secrets, ({ length }) => length)),
  };
}

/** What to look for. */
type Forms = {
  /** By length, the shortest first. */
  readonly anywhere: readonly Form[];
  readonly foreign: readonly Form[];
  /** Written with so much that folding leaves out that only the value as it is will do. */
  readonly exact: readonly string[];
  readonly stretches: ReadonlyMap<string, { readonly form: string; readonly at: number }>;
};

function formsOf(secrets: readonly string[], words: readonly string[]): Forms {
  const anywhere = new Set<string>();
  const foreign = new Set<string>(words.map(folded));
  const exact = new Set<string>();
  for (const secret of secrets) {
    const lines = secret.split(/\r\n|\r|\n/).map((line) => line.trim());
    for (const value of new Set([secret, ...lines.filter((line) => line.length >= shortest)])) {
      if (value.length >= shortest) exact.add(value);
      for (const form of waysToWrite(value))
        (form.length >= shortestFolded && value.length >= shortest ? anywhere : foreign).add(form);
    }
    for (const piece of secret.match(/[a-z0-9]{8,}/gi) ?? [])
      if (/\d|.[A-Z]/.test(piece)) foreign.add(folded(piece));
  }
  const stretches = new Map<string, { readonly form: string; readonly at: number }>();
  for (const form of anywhere)
    for (let at = 0; at + stretch <= form.length; at += stretch)
      stretches.set(form.slice(at, at + stretch), { form, at });
  return {
    anywhere: byLength(anywhere, shortestFolded),
    foreign: byLength(foreign, shortestForeign),
    exact: [...exact].filter((value) => folded(value).length < shortestFolded),
    stretches,
  };
}

function byLength(forms: ReadonlySet<string>, least: number): readonly Form[] {
  return [...forms]
    .filter(({ length }) => length >= least)
    .sort((a, b) => a.length - b.length)
    .map((text) => ({ text }));
}

/** As it is, with its own escapes undone (so that those around it do not matter), and in base64. */
function waysToWrite(value: string): ReadonlySet<string> {
  const inJson = JSON.stringify(value).slice(1, -1);
  return new Set([...foldedLayers(value), ...inBase64(value), ...(inJson === value ? [] : inBase64(inJson))]);
}

/** What base64 makes of a value in the middle of a text depends on where it begins: at each of three bytes. */
function inBase64(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // Without the letters that tell of the neighbours, too.
    const own = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return [folded(own), folded(own.replaceAll('+', '-').replaceAll('/', '_'))];
  });
}

function isAnywhere(text: string, forms: Forms, isForeign: boolean): boolean {
  // Undone escapes only make a text shorter; most texts are shorter than any secret.
  const { length } = forms.anywhere[0]?.text ?? '';
  if (!isForeign && text.length < length && forms.exact.length === 0 && !text.includes('…')) return false;
  if (forms.exact.some((value) => text.includes(value))) return true;
  return foldedLayers(text).some(
    (layer) =>
      isIn(layer, forms.anywhere) ||
      cutOff(layer, forms.anywhere).length > 0 ||
      (isForeign && (isIn(layer, forms.foreign) || hasStretch(layer, forms))),
  );
}

function isIn(layer: string, forms: readonly Form[]): boolean {
  for (const { text } of forms) {
    if (text.length > layer.length) return false;
    if (layer.includes(text)) return true;
  }
  return false;
}

function hasStretch(layer: string, { stretches }: Forms): boolean {
  for (let at = 0; at + stretch <= layer.length; at += 1)
    if (stretches.has(layer.slice(at, at + stretch))) return true;
  return false;
}

/** Sorted, and none touches another. */
function placesOf(text: string, forms: Forms, isForeign: boolean): readonly Interval[] {
  const found: Interval[] = forms.exact.flatMap((value) => occurrences(text, value));
  for (const { text: layer, starts, ends } of placedLayers(text)) {
    const own = [...forms.anywhere, ...(isForeign ? forms.foreign : [])].flatMap((form) =>
      occurrences(layer, form.text),
    );
    own.push(...cutOff(layer, forms.anywhere));
    for (const { start, end } of isForeign ? [...own, ...stretchesIn(layer, forms)] : own)
      found.push({ start: starts[start] ?? 0, end: ends[end - 1] ?? text.length });
  }
  return merged(found).map((place) => withPluses(text, place));
}

function occurrences(text: string, value: string): readonly Interval[] {
  const found: Interval[] = [];
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1))
    found.push({ start: at, end: at + value.length });
  return found;
}

/** An escape that was cut: undone escapes are whole ones. */
const halfEscape = /(?:(?:%[0-9a-f]{0,2})+|\\(?:u\{?|x)?[0-9a-f]{0,6}|&#?[a-z0-9]{0,7})$/;

/** The beginnings of values that end in an ellipsis: messages quote long texts in part. */
function cutOff(layer: string, forms: readonly Form[]): readonly Interval[] {
  const found: Interval[] = [];
  for (let end = layer.indexOf('…'); end >= 0; end = layer.indexOf('…', end + 1))
    for (const { text } of forms) {
      const head = text.slice(0, shortest);
      for (let at = layer.indexOf(head); at >= 0 && at < end; at = layer.indexOf(head, at + 1))
        if (isBeginning(layer.slice(at, end), text)) found.push({ start: at, end });
    }
  return found;
}

function isBeginning(piece: string, value: string): boolean {
  return value.startsWith(piece) || value.startsWith(piece.replace(halfEscape, ''));
}

/** As far as text and value agree around a stretch that they share. */
function stretchesIn(layer: string, { stretches }: Forms): readonly Interval[] {
  const found: Interval[] = [];
  for (let at = 0; at + stretch <= layer.length; at += 1) {
    const shared = stretches.get(layer.slice(at, at + stretch));
    if (shared === undefined) continue;
    const { form, at: inForm } = shared;
    let before = 0;
    while (before < Math.min(at, inForm) && layer[at - before - 1] === form[inForm - before - 1]) before += 1;
    let after = stretch;
    while (
      at + after < layer.length &&
      inForm + after < form.length &&
      layer[at + after] === form[inForm + after]
    )
      after += 1;
    found.push({ start: at - before, end: at + after });
  }
  return found;
}

/** Folding leaves out `+`, a space in forms, so one at an end of a value is not part of what was found. */
function withPluses(text: string, { start, end }: Interval): Interval {
  let [from, to] = [start, end];
  while (text[from - 1] === '+') from -= 1;
  while (text[to] === '+') to += 1;
  return { start: from, end: to };
}

function merged(intervals: readonly Interval[]): readonly Interval[] {
  const result: { start: number; end: number }[] = [];
  for (const { start, end } of [...intervals].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}

function without(text: string, places: readonly Interval[]): string {
  let kept = '';
  let at = 0;
  for (const { start, end } of places) {
    kept += `${text.slice(at, start)}***`;
    at = end;
  }
  return at === 0 ? text : kept + text.slice(at);
}

/** `X-Team: payments` is not a secret, and its value is in names of schedules and owners. */
function isPlain(name: string, value: string): boolean {
  return /^[a-z]+(?:[ _-][a-z]+)*$/i.test(value) && keyKind(name) === 'none';
}

function secretsOfHeader(value: string): readonly string[] {
  const parts = value.split(/[\s,;]+|=(?!=|$)/).filter((part) => part.length >= shortest);
  const basic = /^Basic\s+(\S+)$/i.exec(value.trim())?.[1] ?? '';
  const [, password = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(basic, 'base64').toString()) ?? [];
  return [value, ...parts, password];
}
