import { localText } from '../../cron/zone/local.ts';
import { parseZone, type Zone } from '../../cron/zone/zone.ts';
import { present } from '../../model/present.ts';
import type { FireWindow } from '../../model/timing.ts';
import { heading } from './entries.ts';
import type { AgendaDocument, DenseEntry } from './generated/documents.ts';

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
  /** Only where a calendar is written. */
  readonly events?: readonly {
    readonly name: string;
    readonly first: number;
    readonly last: number;
    readonly count: number;
    readonly zoneId?: string;
  }[];
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
    ...(facts.events === undefined
      ? {}
      : {
          events: facts.events.map(({ name, first, last, count, zoneId }) => ({
            name,
            first: localText(zone, first),
            last: localText(zone, last),
            count,
            ...(zoneId === undefined ? {} : { zoneId, local: localText(zoneOf(zoneId), first) }),
          })),
        }),
    daysOff: facts.daysOff,
    unknownAfter: facts.unknownAfter,
    paused: facts.paused,
    silent: facts.silent,
  };
}
