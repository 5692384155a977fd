import { localText } from '../../cron/zone/local.ts';
import type { Zone } from '../../cron/zone/zone.ts';
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
};

/** A fire with the zone that it is told in; epoch milliseconds. */
export type NextFire = {
  readonly at: number;
  readonly zone: Zone;
  readonly zoneId: string;
};

export function nextDocument(
  facts: Omit<NextDocument, 'format' | 'kind' | 'fires'>,
  fires: readonly NextFire[],
): NextDocument {
  return {
    ...heading('next'),
    ...facts,
    fires: fires.map(({ at, zone, zoneId }) => ({ at: localText(zone, at), zoneId })),
  };
}
