import type { Cron, CronField, CronProblem } from './cron.ts';
import { parseField } from './cron-fields.ts';
import { nearest } from './edit-distance.ts';
import { piece, problemAt } from './piece.ts';
import { type Spec, specs } from './specs.ts';

export type CronParse =
  | { readonly ok: true; readonly cron: Cron }
  | { readonly ok: false; readonly problem: CronProblem };

const macros: { readonly [name: string]: string } = {
  '@yearly': '0 0 0 1 1 *',
  '@annually': '0 0 0 1 1 *',
  '@monthly': '0 0 0 1 * *',
  '@weekly': '0 0 0 * * 0',
  '@daily': '0 0 0 * * *',
  '@midnight': '0 0 0 * * *',
  '@hourly': '0 0 * * * *',
};

/** Fields that were read before, by their place and text: of a thousand crons most have a few dozen between them. */
const knownFields: readonly Map<string, CronField>[] = specs.map(() => new Map());
const mostFields = 2000;

/** Expressions that were read before: the rules, the plan and the fires of a run each ask for them. */
const knownCrons = new Map<string, CronParse>();
/** More than large fleets have different ones: of an expression that is not kept, nothing that follows from it is. */
const mostCrons = 20_000;
/** No expression that people write is nearly as long. */
const longestKnown = 200;

const space = 0x20;

/** As Java's `String.trim`, which takes off control characters too and leaves a no-break space. */
function trim(text: string): string {
  return text.slice(...trimmed(text, 0, text.length));
}

/** The part of a text between two offsets, without what `trim` takes off it. */
function trimmed(text: string, from: number, to: number): readonly [start: number, end: number] {
  let [start, end] = [from, to];
  while (start < end && text.charCodeAt(start) <= space) start += 1;
  while (end > start && text.charCodeAt(end - 1) <= space) end -= 1;
  return [start, end];
}

/**
 * Reads an expression as Spring 6.2.19's `CronExpression.parse` does: six fields between spaces, or a macro. It takes what
 * Spring takes, expressions that never fire included, but for digits of other scripts than ASCII.
 */
export function parseCron(expression: string): CronParse {
  const known = knownCrons.get(expression);
  if (known !== undefined) return known;
  const parsed = readCron(expression);
  if (knownCrons.size < mostCrons && expression.length <= longestKnown) knownCrons.set(expression, parsed);
  return parsed;
}

type SixFields = readonly [CronField, CronField, CronField, CronField, CronField, CronField];

/** What a macro stands for; undefined = the expression is none. */
function expansionOf(expression: string): string | undefined {
  if (!expression.includes('@')) return undefined;
  const macro = trim(expression).toLowerCase();
  return Object.hasOwn(macros, macro) ? macros[macro] : undefined;
}

function readCron(expression: string): CronParse {
  const expanded = expansionOf(expression);
  if (expanded !== undefined) {
    const parsed = parseCron(expanded);
    return parsed.ok ? { ok: true, cron: { ...parsed.cron, expression } } : parsed;
  }
  const words = wordsOf(expression);
  if (words.length !== specs.length) return { ok: false, problem: wrongCount(expression, words) };
  const fields: CronField[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const { text, start, end } = words[index] as Word;
    const knownHere = knownFields[index] as Map<string, CronField>;
    const known = knownHere.get(text);
    const field = known ?? parseField(specs[index] as Spec, piece(expression, start, end));
    if ('why' in field) return { ok: false, problem: field };
    if (known === undefined && knownHere.size < mostFields) knownHere.set(text, field);
    fields.push(field);
  }
  const [second, minute, hour, day, month, weekday] = fields as unknown as SixFields;
  return { ok: true, cron: { expression, second, minute, hour, day, month, weekday } };
}

/** The six fields of an expression that `parseCron` takes, as they are written; those of a macro are what it stands for. */
export function fieldTexts(expression: string): readonly string[] {
  return wordsOf(expansionOf(expression) ?? expression).map(({ text }) => text);
}

/**
 * Whether the day of month counts back beyond a month's first day: `L-28` or more. Spring 6.2.19 accepts it and then
 * answers with times of the month before, so a server would fire about every second all that day: refuse it.
 */
export function lastDayOffsetTooLarge(cron: Cron): boolean {
  return cron.day.some((rule) => rule.kind === 'last-day' && rule.before >= 28);
}

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Only a space separates; a tab or line break next to one counts as a space, too. */
function wordsOf(expression: string): readonly Word[] {
  const words: Word[] = [];
  for (let at = 0; at < expression.length; ) {
    const next = expression.indexOf(' ', at);
    const [start, end] = trimmed(expression, at, next === -1 ? expression.length : next);
    if (start < end) words.push({ text: expression.slice(start, end), start, end });
    at = next === -1 ? expression.length : next + 1;
  }
  return words;
}

function wrongCount(expression: string, words: readonly Word[]): CronProblem {
  const [first] = words;
  const last = words.at(-1);
  if (first === undefined || last === undefined)
    return {
      start: 0,
      end: expression.length,
      why: 'the expression is empty',
      hint: 'write six fields: second minute hour day-of-month month day-of-week',
    };
  const whole = piece(expression, first.start, last.end);
  if (first.text.startsWith('@')) {
    const hint = macroHint(whole.text);
    return problemAt(whole, `unknown macro "${whole.text}"`, hint);
  }
  const why = `expected six fields, found ${words.length}`;
  const joint = /\s/.exec(whole.text.replaceAll(' ', '-'));
  if (joint !== null) {
    const respaced = whole.text.trim().split(/\s+/).join(' ');
    const start = whole.start + joint.index;
    return {
      start,
      end: start + 1,
      why: `${why}: only a space separates fields, not a tab, a line break or a no-break space`,
      ...(parseCron(respaced).ok ? { hint: `write "${respaced}"` } : {}),
    };
  }
  const texts = words.map(({ text }) => text);
  const withSeconds = ['0', ...texts].join(' ');
  if (words.length === 5 && parseCron(withSeconds).ok) {
    // In crontab one of the two is enough.
    const both = texts[2] !== '*' && texts[4] !== '*';
    const caution = both ? '; here both day fields must match' : '';
    return problemAt(
      whole,
      why,
      `the first field is the seconds, which crontab does not have: write "${withSeconds}"${caution}`,
    );
  }
  const year = words[6];
  const withoutYear = texts.slice(0, 6).join(' ');
  if (words.length === 7 && year !== undefined && parseCron(withoutYear).ok) {
    const window = /^[*?]$/.test(year.text) ? '' : ', and give the schedule a start and an end time';
    const numbered = /(^|[,-])\d/.test(texts[5] ?? '');
    const caution = numbered ? '; check the day of week: 1 is Monday here and Sunday in Quartz' : '';
    const hint = `unlike in Quartz, there is no year field: write "${withoutYear}"${window}${caution}`;
    return { start: year.start, end: year.end, why, hint };
  }
  return problemAt(whole, why, 'the fields are: second minute hour day-of-month month day-of-week');
}

function macroHint(macro: string): string {
  if (/^@reboot$/i.test(macro))
    return 'servers have no such event: start the workflow manually, or set a time';
  const step = everyStep(macro);
  if (step !== undefined) return `write "${step}", which starts again at each full minute, hour or day`;
  const near = nearest(macro, Object.keys(macros));
  return near === undefined
    ? `the macros are ${Object.keys(macros).join(', ')}; for anything else, write six fields`
    : `write ${near}`;
}

/** The form with a step for `@every 5m`, when one larger unit holds the time. */
function everyStep(macro: string): string | undefined {
  const [, amount = '', unit = ''] = /^@every +(\d+)([smh])$/i.exec(macro) ?? [];
  if (Number(amount) < 1) return undefined;
  switch (unit.toLowerCase()) {
    case 's':
      return Number(amount) < 60 ? `*/${amount} * * * * *` : undefined;
    case 'm':
      return Number(amount) < 60 ? `0 */${amount} * * * *` : undefined;
    case 'h':
      return Number(amount) < 24 ? `0 0 */${amount} * * *` : undefined;
    default:
      return undefined;
  }
}
