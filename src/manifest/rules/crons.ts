import type { Cron } from '../../cron/parse/cron.ts';
import { type CronParse, lastDayOffsetTooLarge, parseCron } from '../../cron/parse/parse-cron.ts';
import { type Shape, shapeOf } from '../../cron/parse/shape.ts';
import { type NumberedWeekday, numberedWeekday } from '../../cron/parse/weekday-names.ts';
import { parseZone, type Zone, type ZoneParse } from '../../cron/zone/zone.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { present } from '../../model/present.ts';
import type { Diagnostic } from '../../problems/diagnostic.ts';

/** A cron and a zone of a manifest, both sound. */
export interface Timer {
  /** The same for the same cron in the same zone. */
  readonly id: string;
  readonly cron: Cron;
  readonly zone: Zone;
  readonly shape: Shape;
  /** Absent = its day of week is not written as a number, or it makes no difference. */
  readonly numbered?: NumberedWeekday;
  /** Where the two are: [] or an entry of `cronSchedules`. */
  readonly path: readonly string[];
}

/** Reads crons and zones, each text once. */
export interface Timers {
  cron(expression: string): CronParse;
  zone(id: string): ZoneParse;
  /** The timers that the server will run. What is unsound has an error of its own and is left out. */
  of(fields: JsonObject): readonly Timer[];
  /** Where a cron and its zone may be: at the top, and in each entry of `cronSchedules`. */
  written(fields: JsonObject): readonly WrittenTimer[];
}

/** Fields of which some are a cron and its zone, and where they are in the manifest. */
export interface WrittenTimer {
  readonly path: readonly string[];
  readonly fields: JsonObject;
}

export function timersOf(): Timers {
  const cron = remembered(parseCron);
  const zone = remembered(parseZone);
  const known = new Map<string, Map<string, readonly Timer[]>>();
  // Each rule asks for them, one after the other.
  const written = ofLast(writtenTimers);
  const of = ofLast(read);

  function sound(expression: string, zoneId: string): readonly Timer[] {
    const [read, where] = [cron(expression), zone(zoneId)];
    if (!read.ok || !where.ok || lastDayOffsetTooLarge(read.cron)) return [];
    const numbered = numberedWeekday(read.cron);
    return [
      {
        id: `${zoneId}\n${expression}`,
        cron: read.cron,
        zone: where.zone,
        shape: shapeOf(read.cron),
        ...present({ numbered }),
        path: [],
      },
    ];
  }

  function read(fields: JsonObject): readonly Timer[] {
    const all = written(fields);
    if (all.length === 1) return timersIn(fields);
    const [, ...entries] = all;
    return entries.flatMap(({ path, fields: timer }) => timersIn(timer).map((one) => ({ ...one, path })));
  }

  function timersIn({ cronExpression: expression, zoneId = 'UTC' }: JsonObject): readonly Timer[] {
    if (typeof expression !== 'string' || typeof zoneId !== 'string') return [];
    let inZone = known.get(zoneId);
    if (inZone === undefined) {
      inZone = new Map();
      known.set(zoneId, inZone);
    }
    const before = inZone.get(expression);
    if (before !== undefined) return before;
    const found = sound(expression, zoneId);
    inZone.set(expression, found);
    return found;
  }
  return { cron, zone, of, written };
}

/** The function with its last answer kept. */
function ofLast<T>(answer: (fields: JsonObject) => T): (fields: JsonObject) => T {
  let last: { readonly fields: JsonObject; readonly value: T } | undefined;
  return (fields) => {
    if (last?.fields !== fields) last = { fields, value: answer(fields) };
    return last.value;
  };
}

function writtenTimers(fields: JsonObject): readonly WrittenTimer[] {
  const entries = Array.isArray(fields.cronSchedules) ? fields.cronSchedules : [];
  if (entries.length === 0) return [{ path: [], fields }];
  return [
    { path: [], fields },
    ...entries.flatMap((entry, index) =>
      isObject(entry) ? [{ path: ['cronSchedules', String(index)], fields: entry }] : [],
    ),
  ];
}

/** What a rule says of all timers of a manifest; nearly every one has a single timer. */
export function ofAll<T>(
  timers: readonly T[],
  rule: (timer: T) => readonly Diagnostic[],
): readonly Diagnostic[] {
  return timers.length === 1 ? rule(timers[0] as T) : timers.flatMap(rule);
}

/** The function with its answers kept. */
export function remembered<T>(answer: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const value = known.get(text);
    if (value !== undefined || known.has(text)) return value as T;
    const found = answer(text);
    known.set(text, found);
    return found;
  };
}
