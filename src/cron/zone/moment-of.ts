import { dayNumber } from './civil.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Epoch milliseconds of a time in a document, which is ISO 8601 with an offset; undefined for what a server stored instead. */
export function momentOf(iso: string): number | undefined {
  const parts =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?(?:Z|([+-])(\d\d):(\d\d)(?::(\d\d))?)$/.exec(
      iso,
    );
  if (parts === null) return undefined;
  const [
    ,
    year,
    month,
    day,
    hour,
    minute,
    second,
    fraction = '0',
    sign,
    hours = 0,
    minutes = 0,
    seconds = 0,
  ] = parts;
  const days = dayNumber({ year: Number(year), month: Number(month), day: Number(day) });
  const local = days * dayMs + Number(hour) * hourMs + Number(minute) * 60_000 + Number(second) * 1000;
  const offset = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * (sign === '-' ? -1 : 1);
  return local + Number(fraction.padEnd(3, '0')) - offset * 1000;
}
