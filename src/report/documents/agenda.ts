import { localText } from '../../cron/zone/local.ts';
import { parseZone, type Zone } from '../../cron/zone/zone.ts';
import { present } from '../../model/present.ts';
import type { FireWindow } from '../../model/timing.ts';
import { type Headed, heading } from './entries.ts';

/** What fires in an interval. `schemas/agenda.schema.json` describes it; every time is ISO 8601 with its offset. */
export type AgendaDocument = Headed<'agenda'> & {
  /** Release of the time zone rules. */
  readonly tz?: string;
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
  /** The zone that the text is laid out in. */
  readonly zone: string;
  readonly fires: readonly AgendaEntry[];
  /** Schedules with more fires than one an hour. */
  readonly dense: readonly DenseEntry[];
  readonly daysOff: readonly DayOffEntry[];
  readonly unknownAfter: readonly { readonly calendar: string; readonly date: string }[];
  readonly paused: readonly string[];
  readonly silent: readonly string[];
};

export type AgendaEntry = {
  /** In the zone that was asked for. */
  readonly at: string;
  readonly name: string;
  readonly zoneId: string;
  /** The same time in the schedule's own zone. */
  readonly local: string;
};

/** A day of a calendar, in the zone of each schedule that does not fire on it. */
export type DayOffEntry = {
  readonly date: string;
  readonly calendar: string;
  readonly what: string;
  readonly names: readonly string[];
};

export type DenseEntry = {
  readonly name: string;
  readonly count: number;
  readonly mostPerDay: number;
  readonly first: string;
  readonly last: string;
  /** Its fires with those at most an hour apart drawn together. */
  readonly windows: readonly WindowEntry[];
};

/** Several fires from the first to the last of them. */
export type WindowEntry = { readonly first: string; readonly last: string; readonly count: number };

/** What the document is made of: times in epoch milliseconds. */
export type AgendaFacts = {
  readonly from: number;
  readonly to: number;
  readonly fires: readonly { readonly at: number; readonly name: string; readonly zoneId: string }[];
  readonly dense: readonly (Omit<DenseEntry, 'first' | 'last' | 'windows'> & {
    readonly first: number;
    readonly last: number;
    readonly windows: readonly FireWindow[];
  })[];
} & Pick<AgendaDocument, 'tz' | 'daysOff' | 'unknownAfter' | 'paused' | 'silent'>;

/** `id` names `zone`. */
export function agendaDocument(facts: AgendaFacts, zone: Zone, id: string): AgendaDocument {
  const zones = new Map<string, Zone>();
  const zoneOf = (zoneId: string): Zone => {
    const parsed = parseZone(zoneId);
    const own = zones.get(zoneId) ?? (parsed.ok ? parsed.zone : zone);
    zones.set(zoneId, own);
    return own;
  };
  return {
    ...heading('agenda'),
    ...present({ tz: facts.tz }),
    from: localText(zone, facts.from),
    to: localText(zone, facts.to),
    zone: id,
    fires: facts.fires.map(({ at, name, zoneId }) => ({
      at: localText(zone, at),
      name,
      zoneId,
      local: localText(zoneOf(zoneId), at),
    })),
    dense: facts.dense.map(({ name, count, mostPerDay, first, last, windows }) => ({
      name,
      count,
      mostPerDay,
      first: localText(zone, first),
      last: localText(zone, last),
      windows: windows.map((window) => ({
        first: localText(zone, window.first),
        last: localText(zone, window.last),
        count: window.count,
      })),
    })),
    daysOff: facts.daysOff,
    unknownAfter: facts.unknownAfter,
    paused: facts.paused,
    silent: facts.silent,
  };
}
