import { isNumber, type Json, type JsonObject } from '../../model/json.ts';
import { doubleOf } from '../../model/number.ts';
import { present } from '../../model/present.ts';
import { readTime } from '../resolve/time.ts';

/** From when to when a manifest lets its schedule fire, in epoch milliseconds. */
export interface Window {
  readonly start?: number;
  readonly end?: number;
}

/** The window of a manifest; undefined when a part of it cannot be read, which is an error of its own. */
export function windowOf({ scheduleStartTime, scheduleEndTime }: JsonObject): Window | undefined {
  const [start, end] = [moment(scheduleStartTime), moment(scheduleEndTime)];
  if (start === 'unknown' || end === 'unknown') return undefined;
  return present({ start, end });
}

function moment(written: Json | undefined): number | 'unknown' | undefined {
  if (written === undefined) return undefined;
  if (isNumber(written)) return doubleOf(written);
  const time = typeof written === 'string' ? readTime(written) : undefined;
  return time?.ok ? time.ms : 'unknown';
}
