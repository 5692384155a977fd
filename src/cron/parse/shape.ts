import { nextFire } from '../fire/next.ts';
import type { Zone } from '../zone/zone.ts';
import type { Cron, CronField } from './cron.ts';

/** What can be said of a cron from its fields only. */
export interface Shape {
  /** It fires in each second of the minutes that it fires in. */
  readonly takesEverySecond: boolean;
  /** Day of month and day of week are both restricted: then both must hold, not either as in crontab. */
  readonly restrictsBothDays: boolean;
  /** Fires in each hour that it fires in. */
  readonly firesPerHour: number;
}

export function shapeOf({ second, minute, day, weekday }: Cron): Shape {
  return {
    takesEverySecond: takesAll(second, 60),
    restrictsBothDays: isBoth(day, weekday),
    firesPerHour: sizeOf(second) * sizeOf(minute),
  };
}

function isBoth(day: CronField, weekday: CronField): boolean {
  return !takesAll(day, 31) && !takesAll(weekday, 7);
}

const utc: Zone = { kind: 'fixed', id: 'UTC', offset: 0 };

/**
 * Whether there is any fire later than `after` (epoch milliseconds). A clock that jumps can hide every fire of a cron only
 * when all are in one month; so the zone's own clock, which is slow to ask for the first time, is asked for those only.
 */
export function everFires(cron: Cron, zone: Zone, after: number): boolean {
  const { day, month, weekday } = cron;
  if (isPlain(day, 28) && isPlain(weekday, 7) && !isBoth(day, weekday) && takesAll(month, 12)) return true;
  return nextFire(cron, takesAll(month, 12) ? utc : zone, after) !== null;
}

/** Whether it takes some value of at most `greatest`, which every month or week has. */
function isPlain(field: CronField, greatest: number): boolean {
  return field.some((rule) => rule.kind === 'values' && (rule.values[0] ?? greatest + 1) <= greatest);
}

function sizeOf(field: CronField): number {
  const only = field.length === 1 ? field[0] : undefined;
  if (only?.kind === 'values') return only.values.length;
  return new Set(field.flatMap((rule) => (rule.kind === 'values' ? rule.values : []))).size;
}

function takesAll(field: CronField, size: number): boolean {
  return sizeOf(field) === size;
}
