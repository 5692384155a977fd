import { type Times, timeAt, timesOf } from '../fire/times.ts';
import type { Cron, CronField, CronRule } from '../parse/cron.ts';

const weekdayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const daysOfMonth = 31;
// A list of more times than these is told as a rhythm, or by its hours.
const fewTimes = 6;
const fewMinutes = 4;

type Values = readonly number[];
type DayRule = Exclude<CronRule, { readonly kind: 'values' }>;

/**
 * A cron in English, without a capital and a full stop: `at 09:00, Monday to Friday`. Told from what was understood and
 * not from what was written, so equal words mean equal fires. That it never fires is not among them.
 */
export function cronWords(cron: Cron): string {
  const time = timeWords(timesOf(cron));
  const date = dateWords(cron);
  const daily = /^at \d\d:/.test(time) && (date === '' || date.startsWith(' in '));
  return `${time}${daily ? ' every day' : ''}${date}`;
}

function timeWords(times: Times): string {
  const [hours, minutes, seconds] = [times.hours.values, times.minutes.values, times.seconds.values];
  if (seconds.length > 1) return secondsWords(times);
  const [second = 0] = seconds;
  if (minutes.length > 1) {
    const scattered = !isRange(hours) || !isCycle(minutes, 60);
    if (hours.length < 24 && times.count <= (scattered ? fewTimes : fewMinutes)) return listTimes(times);
    const rhythm = rhythmWords(minutes, 'minute');
    if (hours.length < 24 && !scattered) return `every ${stepWords(minutes, 'minute')}${fromTo(times)}`;
    const atSecond = second === 0 ? '' : ` at second ${second}`;
    const everyHour = hours.length === 24 && isCycle(minutes, 60);
    return `${rhythm}${atSecond}${everyHour ? '' : ` of ${partWords(hours, 'hour')}`}`;
  }
  const [minute = 0] = minutes;
  const parts = [
    ...(minute === 0 ? [] : [`minute ${minute}`]),
    ...(second === 0 ? [] : [`second ${second}`]),
  ];
  const offset = parts.length === 0 ? '' : ` at ${parts.join(', ')}`;
  if (isCycle(hours, 24) && hours[0] === 0 && hours.length > 2)
    return `every ${stepWords(hours, 'hour')}${offset}`;
  if (isProgression(hours)) return `every ${stepWords(hours, 'hour')}${fromTo(times)}`;
  if (hours.length <= fewTimes) return listTimes(times);
  return `at minute ${minute}${second === 0 ? '' : `, second ${second}`} of ${partWords(hours, 'hour')}`;
}

function secondsWords(times: Times): string {
  const [hours, minutes, seconds] = [times.hours.values, times.minutes.values, times.seconds.values];
  const [allHours, allMinutes] = [hours.length === 24, minutes.length === 60];
  const rhythm = rhythmWords(seconds, 'second');
  if (isCycle(seconds, 60)) {
    if (allMinutes && allHours) return rhythm;
    if ((allMinutes && isRange(hours)) || (hours.length === 1 && isRange(minutes)))
      return `every ${stepWords(seconds, 'second')}${fromTo(times)}`;
  }
  const ofHours = allMinutes && allHours ? '' : ` of ${partWords(hours, 'hour')}`;
  return `${rhythm} of ${partWords(minutes, 'minute')}${ofHours}`;
}

/** `every 5 minutes`, `every 20 minutes from minute 5`, `every 7 minutes from minute 0 to 56`, `at minutes 0 to 9 and 30`. */
function rhythmWords(values: Values, unit: string): string {
  const [first = 0] = values;
  const step = `every ${stepWords(values, unit)}`;
  if (isCycle(values, 60)) return first === 0 ? step : `${step} from ${unit} ${first}`;
  if (isProgression(values) && values.length > fewMinutes)
    return `${step} from ${unit} ${first} to ${values.at(-1)}`;
  return `at ${partWords(values, unit)}`;
}

/** `minute`, `5 minutes`: how far one value is from the next. */
function stepWords([first = 0, second = 0]: Values, unit: string): string {
  return second - first === 1 ? unit : `${second - first} ${unit}s`;
}

/** `every hour`, `hour 9`, `hours 9 to 17 and 20`, `every 2nd hour from 0 to 22`. */
function partWords(values: Values, unit: string): string {
  if (values.length === (unit === 'hour' ? 24 : 60)) return `every ${unit}`;
  const [first = 0, second = 0] = values;
  if (isProgression(values) && values.length > fewMinutes && second - first > 1)
    return `every ${ordinal(second - first)} ${unit} from ${first} to ${values.at(-1)}`;
  return `${unit}${values.length === 1 ? '' : 's'} ${join(ranges(values, String))}`;
}

function listTimes(times: Times): string {
  return `at ${join(Array.from({ length: times.count }, (_, index) => clock(times, index)))}`;
}

function fromTo(times: Times): string {
  return ` from ${clock(times, 0)} to ${clock(times, times.count - 1)}`;
}

/** `09:00`, with seconds where some time has them. */
function clock(times: Times, index: number): string {
  const time = timeAt(times, index);
  const parts = [Math.floor(time / 3600), Math.floor(time / 60) % 60];
  if (times.seconds.values.some((second) => second !== 0)) parts.push(time % 60);
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/** Begins with a space or a comma; empty for every day of the year. */
function dateWords({ day, month, weekday }: Cron): string {
  const months = valuesOf(month, 12);
  const names = join(ranges(months, (value) => monthNames[value - 1] as string));
  const inMonths = months.length === 12 ? '' : ` in ${names}`;
  const ofMonths = months.length === 12 ? 'the month' : names;
  const someDays = valuesOf(day, daysOfMonth).length < daysOfMonth;
  const onDays = someDays ? ` on the ${join(dayItems(day))} of ${ofMonths}` : '';
  if (valuesOf(weekday, 7).length === 7) return onDays === '' ? inMonths : onDays;
  const counted = rulesOf(weekday).length > 0;
  const rest = counted ? ` of ${someDays ? 'the month' : ofMonths}` : someDays ? '' : inMonths;
  const items = weekdayItems(weekday);
  const [only = ''] = items;
  const plain = items.length === 1 && only.includes(' to ');
  const onWeekdays = `${plain ? only : `on ${join(items)}`}${rest}`;
  if (someDays) return `${onDays}, but only ${onWeekdays}`;
  return plain ? `, ${onWeekdays}` : ` ${onWeekdays}`;
}

function dayItems(field: CronField): readonly string[] {
  const values = valuesOf(field, daysOfMonth);
  const [first = 0, second = 0] = values;
  const step = second - first;
  const spaced =
    isProgression(values) && values.length > fewMinutes && step > 1
      ? [`${ordinal(first)} and every ${ordinal(step)} day after it up to the ${ordinal(values.at(-1) ?? 0)}`]
      : ranges(values, ordinal);
  return [...spaced, ...rulesOf(field).map(dayRuleWords)];
}

function weekdayItems(field: CronField): readonly string[] {
  const single = (value: number): string => weekdayNames[value - 1] as string;
  const items = ranges(valuesOf(field, 7), single);
  return [
    ...items.map((item) => (item.includes(' to ') ? item : `${item}s`)),
    ...rulesOf(field).map((rule) => `the ${dayRuleWords(rule)}`),
  ];
}

function dayRuleWords(rule: DayRule): string {
  switch (rule.kind) {
    case 'last-day':
      return rule.before === 0 ? 'last day' : `${ordinal(rule.before)} day before the last day`;
    case 'last-workday':
      return 'last workday';
    case 'workday-near':
      return `workday nearest to the ${ordinal(rule.day)}`;
    case 'last-weekday':
      return `last ${weekdayNames[rule.weekday - 1]}`;
    case 'nth-weekday':
      return `${ordinal(rule.nth)} ${weekdayNames[rule.weekday - 1]}`;
  }
}

/** The values of a field, ascending; a field that takes all of them has no other rule that counts. */
function valuesOf(field: CronField, size: number): Values {
  const values = new Set(field.flatMap((rule) => (rule.kind === 'values' ? rule.values : [])));
  const all = Array.from({ length: size }, (_, index) => index + 1);
  return all.filter((value) => values.has(value));
}

function rulesOf(field: CronField): readonly DayRule[] {
  return field.flatMap((rule) => (rule.kind === 'values' ? [] : [rule]));
}

/** Whether the values are equally far apart, and at least three. */
function isProgression(values: Values): boolean {
  const [first = 0, second = 0] = values;
  return values.length > 2 && values.every((value, index) => value === first + index * (second - first));
}

/** Whether the values go on in one step through the end of the larger unit. */
function isCycle(values: Values, size: number): boolean {
  const [first = 0, second = 0] = values;
  const even = values.length === 2 || isProgression(values);
  return even && values.length * (second - first) === size;
}

function isRange(values: Values): boolean {
  return (values.at(-1) ?? 0) - (values[0] ?? 0) === values.length - 1;
}

/** Three or more in a row become `from to`. */
function ranges(values: Values, name: (value: number) => string): readonly string[] {
  const items: string[] = [];
  for (let index = 0; index < values.length; ) {
    let end = index;
    while (values[end + 1] === (values[end] as number) + 1) end += 1;
    if (end - index < 2) end = index;
    const first = name(values[index] as number);
    items.push(end === index ? first : `${first} to ${name(values[end] as number)}`);
    index = end + 1;
  }
  return items;
}

function join(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

function ordinal(number: number): string {
  const tens = number % 100;
  const suffix = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${suffix}`;
}
