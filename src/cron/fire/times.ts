import type { Cron, CronField } from '../parse/cron.ts';

/** The times of day of a cron in ascending order, as three sets of numbers that combine freely. Seconds of the day throughout. */
export interface Times {
  readonly count: number;
  readonly hours: Hand;
  readonly minutes: Hand;
  readonly seconds: Hand;
}

/** The values of one field, in ascending order. */
export interface Hand {
  readonly values: readonly number[];
  /** At each number, how many values are less. */
  readonly below: readonly number[];
  /** From the first value to the last. */
  readonly reach: number;
  /** The least from one value to the next; infinite where there is one. */
  readonly step: number;
}

const day = 86_400;

const known = new WeakMap<Cron, Times>();

/** The times of day at which a cron fires on a day that fits it. */
export function timesOf(cron: Cron): Times {
  const found = known.get(cron);
  if (found !== undefined) return found;
  const [hours, minutes, seconds] = [
    handOf(cron.hour, 24, ofHours),
    handOf(cron.minute, 60, ofMinutes),
    handOf(cron.second, 60, ofMinutes),
  ];
  const times = {
    count: hours.values.length * minutes.values.length * seconds.values.length,
    hours,
    minutes,
    seconds,
  };
  known.set(cron, times);
  return times;
}

/** Fields that were read from equal texts are one. */
const ofHours = new WeakMap<CronField, Hand>();
/** Of seconds, too. */
const ofMinutes = new WeakMap<CronField, Hand>();

function handOf(field: CronField, size: number, hands: WeakMap<CronField, Hand>): Hand {
  const found = hands.get(field);
  if (found !== undefined) return found;
  const read = hand(field, size);
  hands.set(field, read);
  return read;
}

function hand(field: CronField, size: number): Hand {
  const values = [...new Set(field.flatMap((rule) => (rule.kind === 'values' ? rule.values : [])))];
  const below: number[] = [0];
  for (let number = 0; number < size; number += 1)
    below.push((below[number] as number) + (values.includes(number) ? 1 : 0));
  const steps = values.slice(1).map((value, index) => value - (values[index] as number));
  const reach = (values.at(-1) ?? 0) - (values[0] ?? 0);
  return { values, below, reach, step: Math.min(...steps) };
}

/**
 * The least time from one of the times to the next, if every day has them all: within a minute, from the last of a minute to
 * the first of the next that has some, and the same for hours and days.
 */
export function leastGap({ hours, minutes, seconds }: Times): number {
  const inHour = minutes.reach * 60 + seconds.reach;
  return Math.min(
    seconds.step,
    minutes.step * 60 - seconds.reach,
    hours.step * 3600 - inHour,
    day - hours.reach * 3600 - inHour,
  );
}

/** How many of the times come before a second of the day; any number is fine. */
export function timesBefore(times: Times, second: number): number {
  if (second <= 0) return 0;
  if (second >= day) return times.count;
  const { hours, minutes, seconds } = times;
  const hour = Math.floor(second / 3600);
  const minute = Math.floor(second / 60) % 60;
  const whole = hours.below[hour] as number;
  const inHour = (hours.below[hour + 1] as number) - whole;
  const wholeMinutes = minutes.below[minute] as number;
  const inMinute = inHour * ((minutes.below[minute + 1] as number) - wholeMinutes);
  return (
    (whole * minutes.values.length + inHour * wholeMinutes) * seconds.values.length +
    inMinute * (seconds.below[second % 60] as number)
  );
}

/** The time with so many before it; the number is less than `count`. */
export function timeAt(times: Times, index: number): number {
  const { hours, minutes, seconds } = times;
  const minute = Math.floor(index / seconds.values.length);
  const hour = Math.floor(minute / minutes.values.length);
  return (
    (hours.values[hour] as number) * 3600 +
    (minutes.values[minute % minutes.values.length] as number) * 60 +
    (seconds.values[index % seconds.values.length] as number)
  );
}
