import { localText } from '../../cron/zone/local.ts';
import type { Zone } from '../../cron/zone/zone.ts';
import { present } from '../../model/present.ts';
import { heading } from './entries.ts';
import type { NextDocument } from './generated/documents.ts';

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
