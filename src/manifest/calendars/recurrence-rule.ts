import ical from 'ical.js';

/** What is wrong with a recurrence rule of an all-day event; `hint` says how to write it. */
export type RuleTrouble = { readonly why: string; readonly hint?: string };

const frequencies: ReadonlySet<string> = new Set(['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']);
const timeParts: readonly string[] = ['BYHOUR', 'BYMINUTE', 'BYSECOND'];
/** Parts that are read right, by frequency; the library leaves out others without a word, or never ends. */
const readParts: { readonly [frequency: string]: readonly string[] } = {
  DAILY: ['BYDAY', 'BYMONTH'],
  WEEKLY: ['BYDAY', 'BYMONTH'],
  MONTHLY: ['BYDAY', 'BYMONTH', 'BYMONTHDAY', 'BYSETPOS'],
  YEARLY: ['BYDAY', 'BYMONTH', 'BYMONTHDAY', 'BYSETPOS', 'BYYEARDAY'],
};
const plainParts: ReadonlySet<string> = new Set(['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST']);

/** Why a rule such as `FREQ=YEARLY;BYMONTH=5` is not read; undefined = it is. */
export function troubleOfRule(rule: string): RuleTrouble | undefined {
  const parts = new Map(
    rule.split(';').map((part) => {
      const [key = '', value = ''] = part.split('=');
      return [key.trim().toUpperCase(), value.trim().toUpperCase()] as const;
    }),
  );
  const frequency = parts.get('FREQ') ?? '';
  const interval = parts.get('INTERVAL') ?? '1';
  if (!frequencies.has(frequency))
    return {
      why: frequency === '' ? 'it has no FREQ' : `an all-day event cannot recur by FREQ=${frequency}`,
      hint: 'write FREQ=DAILY, WEEKLY, MONTHLY or YEARLY',
    };
  if (!/^0*[1-9]\d*$/.test(interval)) return { why: `INTERVAL=${interval} is not a positive whole number` };
  const count = parts.get('COUNT');
  if (count !== undefined && !/^0*[1-9]\d*$/.test(count))
    return { why: `COUNT=${count} is not a positive whole number` };
  for (const [part, value] of parts) {
    if (plainParts.has(part)) continue;
    if (timeParts.includes(part)) return { why: `${part} is a time of day, and the event is all day` };
    if (!(readParts[frequency] ?? []).includes(part))
      return {
        why: `${part} is not read with FREQ=${frequency}`,
        hint: 'write it with BYDAY, BYMONTH and BYMONTHDAY, or as single dates (RDATE)',
      };
    if (part === 'BYDAY' && /\d/.test(value) && (frequency === 'DAILY' || frequency === 'WEEKLY'))
      return { why: `BYDAY=${value} counts weekdays, which needs FREQ=MONTHLY or YEARLY` };
    if (frequency === 'DAILY' && Number(interval) !== 1)
      return { why: `${part} is not read with FREQ=DAILY and INTERVAL=${interval}` };
  }
  try {
    ical.Recur.fromString(rule);
  } catch {
    return { why: 'one of its values is out of range' };
  }
  return undefined;
}
