import { utcText } from '../cron/zone/utc.ts';
import type { Numbers, Texts, Words } from './family.ts';
import { didYouMean, quoted } from './quote.ts';

/** Fires of one local date that a change of the clock skips or doubles. */
export type ClockShift = {
  readonly kind: 'skipped' | 'doubled';
  /** `2027-03-14`. */
  readonly date: string;
  /** Local time of the first of them: `02:30`, with seconds only when there are any. */
  readonly time: string;
  /** How many local times. */
  readonly count: number;
};

/** Crons, zones and windows. Times are epoch milliseconds. */
export const timingProblems = {
  'no-cron': {
    means: 'neither `cronExpression` nor `cronSchedules`',
    message: ({ name }: Texts<'name'>): string =>
      `${name === '' ? 'the schedule' : `the schedule ${quoted(name)}`} has no cron expression`,
    hint: 'add `cronExpression: "0 0 6 * * *"` (second, minute, hour, day, month, day of week), or `cronSchedules`',
  },
  'two-crons': {
    means: 'both `cronExpression` and `cronSchedules`; the server would read only the second',
    message: ({ name }: Texts<'name'>): string =>
      `${name === '' ? 'the schedule' : `the schedule ${quoted(name)}`} has both cronExpression and cronSchedules, and the server reads only the second`,
    hint: 'keep one of the two: cronExpression can become another entry of cronSchedules',
  },
  'bad-cron': {
    means: 'a cron expression that the server stores but never runs',
    remedy: 'write six fields: second, minute, hour, day of month, month, day of week',
    words: ({ expression, why, hint }: Texts<'expression' | 'why', 'hint'>): Words => ({
      message: `invalid cron ${quoted(expression)}: ${why}`,
      hint:
        hint ??
        'six fields: second, minute, hour, day of month, month, day of week; as in "0 0 6 * * MON-FRI"',
    }),
  },
  /** `L-28` and beyond in day of month. */
  'runaway-cron': {
    means: '`L-28` and beyond, which makes Spring return times in the past',
    message: ({ expression }: Texts<'expression'>): string =>
      `the cron ${quoted(expression)} counts back more than 27 days, which short months do not have`,
    hint: 'in those months the server would fire about every second all day: write the day itself, 1, 2 or 3',
  },
  /** While the clock of the zone goes back to the middle of an hour; `from` and `to`: the first such time. */
  'runaway-hour': {
    severity: 'error',
    means:
      'within 400 days, a clock that goes back to the middle of an hour makes Spring return times in the past; only `validate` and `plan --base` check this',
    fix: 'use UTC, or a time that no clock change affects',
    words: ({ expression, zone, from, to }: Texts<'expression' | 'zone' | 'from' | 'to'>): Words => ({
      message: `the cron ${quoted(expression)} in ${zone} makes the server fire about every second from ${from} to ${to}`,
      hint: 'Spring returns times in the past there, as the clock goes back to the middle of an hour: use UTC, a fixed offset such as +10:30, or another time of day',
    }),
  },
  'bad-zone': {
    means: "a time zone that the server's Java does not know",
    remedy: 'use an IANA name such as `Europe/Berlin`, or an offset such as `+02:00`',
    words: ({ zone, why, nearest }: Texts<'zone' | 'why', 'nearest'>): Words => ({
      message: `\`zoneId\` must be an IANA time zone, not ${quoted(zone)}: ${why}`,
      hint:
        didYouMean(nearest) ??
        'use an IANA name such as Europe/Berlin, in exactly that spelling, or an offset such as +02:00',
    }),
  },
  'time-in-seconds': {
    means: 'a start or an end below 10^11, which was most likely meant in seconds',
    fix: 'write milliseconds, or ISO 8601',
    words: ({ field, value }: { readonly field: string; readonly value: number }): Words => ({
      message: `${field} counts milliseconds, so ${value} is ${utcText(value)}`,
      hint: `if these are seconds, write ${value * 1000}, or "${utcText(value * 1000)}"`,
    }),
  },
  'end-at-zero': {
    means: '`scheduleEndTime: 0` is 1970, not "no end"',
    message: 'scheduleEndTime 0 is January 1, 1970, so the schedule would never fire',
    hint: 'for a schedule without an end, leave scheduleEndTime out',
  },
  /** No date that the cron wants exists, or the clock of its zone skips each of them. */
  'never-fires': {
    severity: 'error',
    means:
      'the cron asks for a date that does not exist, such as February 30, or that a clock change always skips',
    fix: 'correct the day and month; to stop it from firing, write `paused: true`',
    message: ({ expression, zone }: Texts<'expression' | 'zone'>): string =>
      `the cron ${quoted(expression)} in ${zone} never fires: the date does not exist, or a clock change skips it`,
    hint: 'check the day and month: 30 FEB, 31 APR and a fifth or sixth weekday may not exist; to stop a schedule from firing, write `paused: true`',
  },
  /** The field of the seconds takes all sixty. */
  'every-second': {
    means: 'the seconds are `*`, so it fires sixty times in each matching minute',
    fix: 'write 0 in the first field',
    words: ({ expression, suggestion }: Texts<'expression' | 'suggestion'>): Words => ({
      message: `the cron ${quoted(expression)} fires every second of each matching minute: the first field is the seconds`,
      hint: `to fire once in each of them, write ${quoted(suggestion)}`,
    }),
  },
  /** Day of month and day of week are both restricted. */
  'both-days': {
    means: 'day of month and day of week are both restricted; unlike in crontab, both must match',
    fix: 'use two entries of `cronSchedules`',
    message: ({ expression }: Texts<'expression'>): string =>
      `the cron ${quoted(expression)} restricts day of month and day of week, and both must match`,
    hint: 'in crontab either is enough: for that, write two entries of cronSchedules, each with * in one of the two',
  },
  /** A number as day of week: the day that it is here and the one in Quartz; `suggestion` is the field with names. */
  'numbered-weekday': {
    means: 'a day of week as a number: 1 is Monday here and Sunday in Quartz',
    fix: 'write `MON`',
    words: ({
      number,
      day,
      quartz,
      suggestion,
    }: Texts<'day', 'quartz' | 'suggestion'> & Numbers<'number'>): Words => ({
      message: `day of week ${number} is ${day} here${quartz === undefined ? '' : ` and ${quartz} in Quartz`}`,
      hint:
        suggestion === undefined ? 'use the names of the days: MON to SUN' : `write ${quoted(suggestion)}`,
    }),
  },
  /** Two entries of `cronSchedules` that fire at one instant, or are the same. */
  'crons-meet': {
    means: 'two entries of `cronSchedules` are equal or fire at the same time, which starts two workflows',
    fix: 'move one of them',
    words: ({ entry, other, at }: Numbers<'entry' | 'other'> & Texts<never, 'at'>): Words =>
      at === undefined
        ? {
            message: `entry ${entry} of cronSchedules is the same as entry ${other}, and each starts its own workflow`,
            hint: 'remove one of them',
          }
        : {
            message: `entries ${other} and ${entry} of cronSchedules both fire at ${at}, and each starts its own workflow`,
            hint: 'move one of them, or exclude the shared times from one',
          },
  },
  /** Local dates on which changes of the clock skip or double fires. */
  'clock-change': {
    means:
      'within 400 days, a clock change skips or doubles a fire; only `validate` and `plan --base` check this',
    fix: 'choose a time that no clock change affects, or UTC',
    words: ({
      zone,
      shifts,
      days,
      safeFrom,
    }: {
      readonly zone: string;
      readonly shifts: readonly ClockShift[];
      /** How many days ahead were looked at. */
      readonly days: number;
      /** The local time from which on no change of that clock is in the way: `03:00`. */
      readonly safeFrom: string;
    }): Words => ({
      message: `in the next ${days} days, clock changes in ${zone} ${shiftsText(shifts)}`,
      hint: `a time from ${safeFrom} on is not affected; UTC has no clock changes`,
    }),
  },
  'old-zone': {
    means: 'a deprecated zone name, such as `US/Pacific`',
    fix: 'use the current name',
    words: ({ zone, now }: Texts<'zone' | 'now'>): Words => ({
      message: `${quoted(zone)} is a deprecated zone name`,
      hint: `write ${quoted(now)}; both work, but the server treats them as different`,
    }),
  },
  /** `release` changed the zone, or added it; `tz` is the release of the rules here, absent = not known. */
  'zone-rules-changed': {
    means: 'the rules of the zone changed after tz 2024a, for times in the next 400 days',
    fix: "update the server's Java, or use a zone with a fixed offset",
    words: ({
      zone,
      release,
      isNew,
      tz,
    }: Texts<'zone' | 'release', 'tz'> & { readonly isNew: boolean }): Words => {
      const isOld = tz !== undefined && tz < release;
      const here = isOld ? `; Downbeat uses tz ${tz}, so its own times may be wrong` : '';
      return {
        message: isNew
          ? `${quoted(zone)} is new in tz ${release}: a server with older rules does not know it`
          : `the rules of ${quoted(zone)} changed in tz ${release}: a server with older rules fires at other times${here}`,
        hint: `make sure that the server's Java has tz ${release} or later${isOld ? ', and run Downbeat on a Node that has it' : ''}`,
      };
    },
  },
  'idle-zone': {
    means: '`zoneId` next to `cronSchedules`, where the server ignores it',
    fix: 'move it into the entries',
    message: ({ zone }: Texts<'zone'>): string =>
      `zoneId ${quoted(zone)} has no effect next to cronSchedules`,
    hint: 'put zoneId into each entry of cronSchedules: an entry without one uses UTC',
  },
  /** `once`: the time of the only fire; absent when it has passed or there is none. */
  'window-upside-down': {
    severity: 'error',
    means: 'the end is not after the start: it never fires, or exactly once, just after the start',
    fix: 'swap the two',
    message: ({ start, end, once }: Texts<'start' | 'end', 'once'>): string =>
      `scheduleEndTime ${end} is not after scheduleStartTime ${start}: ${once === undefined ? 'it never fires' : `it fires only once, at ${once}`}`,
    hint: 'the end must be after the start: swap the two, or leave one out',
  },
  /** The first fire from the start on, or none, and the end before it. */
  'window-without-fire': {
    severity: 'error',
    means: 'the first fire after the start comes after the end; the server may still run it',
    fix: 'move one of the two',
    message: ({ first, end }: { readonly first?: string; readonly end: string }): string =>
      first === undefined
        ? `nothing fires after scheduleStartTime, so nothing fires before scheduleEndTime ${end}`
        : `the first fire after scheduleStartTime is ${first}, after scheduleEndTime ${end}`,
    hint: 'the server does not check the end for the first run, so it may still run once: move the end or the start',
  },
  /** No fire is left before the end. */
  'window-over': {
    means: 'the end has passed, or no fire is left before it',
    fix: 'remove the manifest, or move the end',
    message: ({ end, isPast }: { readonly end: string; readonly isPast: boolean }): string =>
      isPast
        ? `scheduleEndTime ${end} has passed: it no longer fires`
        : `no fire is left before scheduleEndTime ${end}`,
    hint: 'remove the manifest, or move the end',
  },
  'catchup-ignores-window': {
    severity: 'error',
    means:
      'with `runCatchupScheduleInstances` the server ignores start and end: it fires at once and without end',
    fix: 'use only one of them',
    words: ({ field }: { readonly field: 'scheduleStartTime' | 'scheduleEndTime' }): Words => ({
      message: `${field} has no effect with runCatchupScheduleInstances: true, which fires at once and without end`,
      hint: `remove ${field}, or the catch-up`,
    }),
  },
  'catchup-burst': {
    means: 'catch-up with 12 fires an hour or more: after an outage they all start at once',
    fix: 'remove the catch-up',
    message: ({ expression, firesPerHour }: Texts<'expression'> & Numbers<'firesPerHour'>): string =>
      `the cron ${quoted(expression)} with runCatchupScheduleInstances starts ${firesPerHour.toLocaleString('en-US')} workflows for each hour that the server was down`,
    hint: 'remove the catch-up, unless each of them is needed',
  },
} as const;

/** At most so many dates are written out. */
const shownShifts = 4;

function shiftsText(shifts: readonly ClockShift[]): string {
  const shown = shifts.slice(0, shownShifts).map(({ kind, date, time, count }) => {
    const what = count === 1 ? `the ${time} fire` : `${count} fires from ${time}`;
    return `${kind === 'skipped' ? 'skip' : 'double'} ${what} on ${date}`;
  });
  const more = shifts.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
