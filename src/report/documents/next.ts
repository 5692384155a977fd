import { localText } from '../../cron/zone/local.ts';
import type { Zone } from '../../cron/zone/zone.ts';
import { present } from '../../model/present.ts';
import type { CalendarDay } from '../../model/timing.ts';
import { type Headed, heading } from './entries.ts';

/** The next fires of a schedule or a cron. `schemas/next.schema.json` describes it. */
export type NextDocument = Headed<'next'> & {
  readonly tz?: string;
  readonly by: 'downbeat' | 'server';
  readonly name?: string;
  readonly cron?: string;
  /** Its manifest pauses it. */
  readonly paused?: true;
  /** In order of time; `at` is ISO 8601 with the offset of the zone. */
  readonly fires: readonly { readonly at: string; readonly zoneId: string }[];
  /** Of a schedule that leaves out days of calendars: those among these fires. */
  readonly leftOut?: readonly CalendarDay[];
  /** Of one that keeps to days of calendars: those of these fires. */
  readonly kept?: readonly CalendarDay[];
};

/** A fire with the zone that it is told in; epoch milliseconds. */
export type NextFire = {
  readonly at: number;
  readonly zone: Zone;
  readonly zoneId: string;
};

export function nextDocument(
  { leftOut, kept, ...facts }: Omit<NextDocument, 'format' | 'kind' | 'fires'>,
  fires: readonly NextFire[],
): NextDocument {
  return {
    ...heading('next'),
    ...facts,
    fires: fires.map(({ at, zone, zoneId }) => ({ at: localText(zone, at), zoneId })),
    ...present({ leftOut, kept }),
  };
}
