import { localText } from '../../cron/zone/local.ts';
import type { Zone } from '../../cron/zone/zone.ts';
import { terminalJson } from '../text/escape.ts';

/** Fires of one schedule or one cron, each with the zone it is told in; epoch milliseconds. */
export type NextFire = {
  readonly at: number;
  readonly zone: Zone;
  readonly zoneId: string;
};

/** An array of moments in ISO 8601 with their offsets. */
export function nextJson(fires: readonly NextFire[]): string {
  return `${terminalJson(
    JSON.stringify(
      fires.map(({ at, zone }) => localText(zone, at)),
      null,
      2,
    ),
  )}\n`;
}
