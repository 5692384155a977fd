import { parseTimer, type Timing } from '../cron/fire/entry-timers.ts';
import { type Fire, fires, type Span } from '../cron/fire/fires.ts';
import { type Times, timeAt, timesBefore, timesOf } from '../cron/fire/times.ts';
import { modulo } from '../cron/zone/civil.ts';
import type { Zone } from '../cron/zone/zone.ts';
import { offsetOf, steadyTimes } from './zone-stretches.ts';

/** A part of every day on the clock of a zone. Seconds of the day; `end` is exclusive, and may lie before `start`: past midnight. */
export interface HoursOfDay {
  readonly start: number;
  readonly end: number;
  readonly zone: Zone;
}

const day = 86_400;

/** The first fire of an interval in some hours of the day; undefined when there is none. Whole days are never visited in vain. */
export function firstWithin(timing: Timing, span: Span, hours: HoursOfDay): Fire | undefined {
  if (isAlwaysOutside(timing, span, hours)) return undefined;
  for (const fire of fires(timing, span)) if (isWithin(fire.at, hours)) return fire;
  return undefined;
}

function isWithin(at: number, { start, end, zone }: HoursOfDay): boolean {
  const instant = Math.floor(at / 1000);
  const clock = modulo(instant + offsetOf(zone, instant), day);
  return start < end ? clock >= start && clock < end : clock >= start || clock < end;
}

/** Whether no time of day of any timer is in those hours, on whatever day. */
function isAlwaysOutside(timing: Timing, { from, to }: Span, { start, end, zone }: HoursOfDay): boolean {
  return timing.entries.every((entry) => {
    const parsed = parseTimer(entry);
    if (parsed === undefined) return true;
    const times = timesOf(parsed.cron);
    return steadyTimes([parsed.zone, zone], from, to).every(({ offsets: [own = 0, theirs = 0] }) =>
      isFreeOf(times, modulo(start + own - theirs, day), modulo(end + own - theirs, day)),
    );
  });
}

function isFreeOf(times: Times, start: number, end: number): boolean {
  const first = timesBefore(times, start);
  if (start < end) return first === times.count || timeAt(times, first) >= end;
  return first === times.count && (times.count === 0 || timeAt(times, 0) >= end);
}
