import { dayNumber, weekdayOf } from '../../cron/zone/civil.ts';
import { localText } from '../../cron/zone/local.ts';
import { parseZone, type Zone } from '../../cron/zone/zone.ts';
import { formatVersion } from '../../model/plan.ts';
import { terminalText } from './escape.ts';
import type { Style } from './style.ts';
import { columns, wrap } from './wrap.ts';

/** What fires in an interval. `schemas/agenda.schema.json` describes it; every moment is ISO 8601 with its offset. */
export interface AgendaDocument {
  readonly format: typeof formatVersion;
  readonly kind: 'agenda';
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
  /** The zone that the text is laid out in. */
  readonly zone: string;
  readonly fires: readonly AgendaEntry[];
  /** Schedules with more fires than one an hour. */
  readonly dense: readonly DenseEntry[];
  readonly paused: readonly string[];
  readonly silent: readonly string[];
}

export interface AgendaEntry {
  /** In the zone that was asked for. */
  readonly at: string;
  readonly name: string;
  readonly zoneId: string;
  /** The same moment in the schedule's own zone. */
  readonly local: string;
}

export interface DenseEntry {
  readonly name: string;
  readonly count: number;
  readonly mostPerDay: number;
  readonly first: string;
  readonly last: string;
}

/** What the document is made of: times in epoch milliseconds. */
export interface AgendaFacts {
  readonly from: number;
  readonly to: number;
  readonly fires: readonly { readonly at: number; readonly name: string; readonly zoneId: string }[];
  readonly dense: readonly {
    readonly name: string;
    readonly count: number;
    readonly mostPerDay: number;
    readonly first: number;
    readonly last: number;
  }[];
  readonly paused: readonly string[];
  readonly silent: readonly string[];
}

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
    format: formatVersion,
    kind: 'agenda',
    from: localText(zone, facts.from),
    to: localText(zone, facts.to),
    zone: id,
    fires: facts.fires.map(({ at, name, zoneId }) => ({
      at: localText(zone, at),
      name,
      zoneId,
      local: localText(zoneOf(zoneId), at),
    })),
    dense: facts.dense.map(({ name, count, mostPerDay, first, last }) => ({
      name,
      count,
      mostPerDay,
      first: localText(zone, first),
      last: localText(zone, last),
    })),
    paused: facts.paused,
    silent: facts.silent,
  };
}

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** Day by day, then what is too dense to list, and who does not fire at all. */
export function renderAgenda(document: AgendaDocument, { width, colors }: Style): string {
  const { fires, dense, paused, silent, zone } = document;
  const lines = [colors.dim(`${document.from} to ${document.to}, times in ${terminalText(zone)}`), ''];
  const nameWidth = Math.min(40, Math.max(0, ...fires.map(({ name }) => columns(terminalText(name)))));
  let day = '';
  for (const { at, name, local, zoneId } of fires) {
    const date = at.slice(0, 10);
    if (date !== day) {
      if (day !== '') lines.push('');
      lines.push(colors.bold(`${dayName(date)} ${date}`));
      day = date;
    }
    const own =
      local.slice(0, 19) === at.slice(0, 19)
        ? ''
        : colors.dim(`${ownTime(local, date)} ${terminalText(zoneId)}`);
    lines.push(
      `  ${at.slice(11, 19)}  ${terminalText(name).padEnd(own === '' ? 0 : nameWidth)}${own === '' ? '' : `  ${own}`}`,
    );
  }
  if (fires.length === 0) lines.push(dense.length === 0 ? 'Nothing fires.' : 'Nothing but this fires:');
  if (dense.length > 0) {
    lines.push('', colors.bold('More than once an hour'));
    for (const { name, count, mostPerDay, first, last } of dense)
      lines.push(
        ...wrap(
          `${terminalText(name)}: ${count} fires, at most ${mostPerDay} a day, from ${first} to ${last}`,
          width,
          '  ',
        ),
      );
  }
  if (paused.length > 0) lines.push('', ...wrap(`Paused: ${paused.map(terminalText).join(', ')}`, width, ''));
  if (silent.length > 0)
    lines.push('', ...wrap(`Without a fire: ${silent.map(terminalText).join(', ')}`, width, ''));
  return `${lines.join('\n')}\n`;
}

/** The time of day, with the date when that is another one. */
function ownTime(local: string, date: string): string {
  return local.slice(0, 10) === date ? local.slice(11, 19) : local.slice(0, 19).replace('T', ' ');
}

function dayName(date: string): string {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return weekdays[weekdayOf(dayNumber({ year, month, day })) - 1] ?? '';
}
