import type { CalendarDay } from '../../model/generated/report-parts.ts';
import type { Change } from '../../model/plan.ts';
import type { TimerView } from '../../model/timing.ts';
import type { FireEntry, ScheduleFiresEntry } from '../documents/change-fires.ts';
import type { ChangeFiresEntry } from '../documents/generated/documents.ts';
import { terminalText } from './escape.ts';
import type { Style } from './style.ts';
import { columns, wrap } from './wrap.ts';

const indent = '    ';
const inner = '      ';
const innermost = '        ';

/**
 * When a schedule fires, before and after where that changes: the cron in words, its zone, how often at most on a day, and
 * the next fires on its own clock and in UTC.
 */
export function firesLines(
  { kind, fires }: { readonly kind: Change['kind']; readonly fires?: ChangeFiresEntry },
  style: Style,
): readonly string[] {
  // What is deleted fires no more: a picture shows that.
  if (fires === undefined || kind === 'delete') return [];
  const { before, after, soon } = fires;
  const { colors, width } = style;
  const anew = kind === 'create' || before !== undefined;
  const hurry =
    soon === undefined ? [] : [colors.yellow(`${inner}${anew ? 'first' : 'next'} fire in ${waitText(soon)}`)];
  if (before !== undefined && !sameTimers(before, after))
    return [
      `${indent}fires:`,
      ...sideLines(before, '- ', style).map(colors.red),
      ...sideLines(after, '+ ', style).map(colors.green),
      ...hurry,
    ];
  const [only, ...others] = after.timers;
  if (only === undefined || others.length > 0)
    return [`${indent}fires:`, ...sideLines(after, '', style), ...hurry];
  const words = `fires: ${timerText(only)}${often(after)}`;
  return [
    ...wrap(words, width, indent),
    ...nextLines(after, inner, width),
    ...calendarLines(after, inner, width),
    ...hurry,
  ];
}

/** A resume or a pause only: the same timers, and the fires that go on or end. */
function sameTimers(before: ScheduleFiresEntry, after: ScheduleFiresEntry): boolean {
  return before.paused !== after.paused && timersText(before) === timersText(after);
}

function timersText({ timers }: ScheduleFiresEntry): string {
  return timers.map(timerText).join('\n');
}

function sideLines(side: ScheduleFiresEntry, sign: string, { width }: Style): readonly string[] {
  const texts = side.timers.map(timerText);
  if (texts.length === 0) texts.push('without a cron');
  const last = texts.length - 1;
  return [
    ...texts.flatMap((text, index) => {
      const [first = '', ...rest] = wrap(`${text}${index === last ? often(side) : ''}`, width - 2, inner);
      return [`${inner}${sign}${first.trimStart()}`, ...rest.map((line) => `  ${line}`)];
    }),
    ...nextLines(side, sign === '' ? inner : innermost, width),
    ...calendarLines(side, sign === '' ? inner : innermost, width),
  ];
}

function timerText({ cronExpression, zoneId, words }: TimerView): string {
  const zone = terminalText(zoneId);
  return words === undefined
    ? `never: no server can read ${terminalText(JSON.stringify(cronExpression))} in ${zone}`
    : `${words} (${zone})`;
}

function often({ paused, mostPerDay = 0 }: ScheduleFiresEntry): string {
  if (paused) return ', but it is paused';
  return mostPerDay > 1 ? `, up to ${mostPerDay} a day` : '';
}

/** As many as fit on a line, at least one. */
function nextLines(
  { paused, timers, next }: ScheduleFiresEntry,
  start: string,
  width: number,
): readonly string[] {
  if (next === undefined || paused || timers.every(({ words }) => words === undefined)) return [];
  let line = `${start}next: `;
  if (next.length === 0) return [`${line}none, it never fires`];
  for (const [index, fire] of next.entries()) {
    const text = index === 0 ? fireText(fire) : `, ${fireText(fire, next[index - 1])}`;
    if (index > 0 && columns(line) + columns(text) > width) break;
    line += text;
  }
  return [line];
}

/** The days of calendars that a schedule leaves out or keeps to, with what they are. */
export function calendarLines(
  { leftOut = [], kept = [] }: Pick<ScheduleFiresEntry, 'leftOut' | 'kept'>,
  start: string,
  width: number,
): readonly string[] {
  return [
    ...(kept.length === 0 ? [] : wrap(`only on: ${kept.map(calendarDayText).join(', ')}`, width, start)),
    ...(leftOut.length === 0 ? [] : wrap(`not on: ${leftOut.map(calendarDayText).join(', ')}`, width, start)),
  ];
}

/** Of a calendar that ends, or is not read further. */
export function unknownAfterText({
  calendar,
  date,
}: {
  readonly calendar: string;
  readonly date: string;
}): string {
  return `calendar ${terminalText(JSON.stringify(calendar))} ends on ${date}: later days off are not known`;
}

/** `2026-12-25 Christmas Day (holidays-de)` */
export function calendarDayText({ date, calendar, what }: CalendarDay): string {
  return terminalText(`${date} ${what} (${calendar})`);
}

/**
 * `2026-11-24 03:30 +01:00 (02:30Z)`, with the day in UTC where it is another one, and without the day where it is that of
 * the fire before.
 */
function fireText({ at: utc, local }: FireEntry, previous?: FireEntry): string {
  if (!utc.includes('T')) return utc;
  const date = previous !== undefined && day(previous.local) === day(local) ? '' : `${day(local)} `;
  if (local === utc) return `${date}${time(local)}Z`;
  const other = day(utc) === day(local) ? '' : `${day(utc).slice(5)} `;
  return `${date}${time(local)} ${local.slice(19)} (${other}${time(utc)}Z)`;
}

function day(text: string): string {
  return text.slice(0, 10);
}

/** Hours and minutes, and seconds where there are any. */
function time(text: string): string {
  return text.slice(17, 19) === '00' ? text.slice(11, 16) : text.slice(11, 19);
}

export function waitText(ms: number): string {
  return ms < 60_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}
