import { type Cron, type CronParse, lastDayOffsetTooLarge, parseCron } from '../cron/parse.ts';
import { parseZone, type Zone, type ZoneParse } from '../cron/zone.ts';
import { isObject, type JsonObject } from '../model/json.ts';

/** A cron and a zone of a manifest, both sound. */
export interface Timer {
  /** The same for the same cron in the same zone. */
  readonly id: string;
  readonly cron: Cron;
  readonly zone: Zone;
  /** Where the two stand: [] or an entry of `cronSchedules`. */
  readonly path: readonly string[];
}

/** Reads crons and zones, each text once. */
export interface Timers {
  cron(expression: string): CronParse;
  zone(id: string): ZoneParse;
  /** The timers that the server will run. What is unsound has an error of its own and is left out. */
  of(fields: JsonObject): readonly Timer[];
}

export function timersOf(): Timers {
  const cron = remembered(parseCron);
  const zone = remembered(parseZone);
  return {
    cron,
    zone,
    of: (fields) => {
      const [top, ...entries] = writtenTimers(fields);
      return (entries.length > 0 ? entries : top === undefined ? [] : [top]).flatMap(({ path, fields }) => {
        const { cronExpression: expression, zoneId: id = 'UTC' } = fields;
        if (typeof expression !== 'string' || typeof id !== 'string') return [];
        const [read, where] = [cron(expression), zone(id)];
        if (!read.ok || !where.ok || lastDayOffsetTooLarge(read.cron)) return [];
        return [{ id: `${id}\n${expression}`, cron: read.cron, zone: where.zone, path }];
      });
    },
  };
}

/** Where a cron and its zone may stand: at the top, and in each entry of `cronSchedules`. */
export function writtenTimers(
  fields: JsonObject,
): readonly { readonly path: readonly string[]; readonly fields: JsonObject }[] {
  const entries = Array.isArray(fields.cronSchedules) ? fields.cronSchedules : [];
  return [
    { path: [], fields },
    ...entries.flatMap((entry, index) =>
      isObject(entry) ? [{ path: ['cronSchedules', String(index)], fields: entry }] : [],
    ),
  ];
}

/** The function with its answers kept. */
function remembered<T>(answer: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    let value = known.get(text);
    if (value === undefined) {
      value = answer(text);
      known.set(text, value);
    }
    return value;
  };
}
