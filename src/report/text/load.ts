import { utcText } from '../../cron/zone/utc.ts';
import { formatVersion } from '../../model/plan.ts';
import { terminalText } from './escape.ts';
import type { Style } from './style.ts';
import { wrap } from './wrap.ts';

/** Fires per minute of the UTC day. `schemas/load.schema.json` describes it. */
export interface LoadDocument {
  readonly format: typeof formatVersion;
  readonly kind: 'load';
  /** ISO 8601, midnight UTC. */
  readonly from: string;
  readonly days: number;
  /** What the server has now; only where it was asked. */
  readonly before?: LoadEntry;
  /** What the manifests make of it. */
  readonly after: LoadEntry;
}

export interface LoadEntry {
  /** Schedules that fire, and that are paused. */
  readonly active: number;
  readonly paused: number;
  /** Fires over all days. */
  readonly total: number;
  readonly perDay: number;
  /** The fullest minute of all. */
  readonly busiest?: { readonly at: string; readonly fires: number };
  /** The fullest minutes of the day, the fullest first. */
  readonly peaks: readonly PeakEntry[];
  /** Fires over all days of each of the 1,440 minutes, 00:00Z first. */
  readonly minutes: readonly number[];
}

export interface PeakEntry {
  /** `HH:MM`, UTC. */
  readonly minute: string;
  /** Mean of the days. */
  readonly perDay: number;
  /** Who fires then, the most first. */
  readonly causes: readonly { readonly name: string; readonly perDay: number }[];
}

/** What the document is made of: times in epoch milliseconds, minutes of the UTC day, fires over all days. */
export interface LoadFacts {
  readonly from: number;
  readonly days: number;
  readonly minutes: readonly number[];
  readonly total: number;
  readonly busiest?: { readonly at: number; readonly fires: number };
  readonly peaks: readonly {
    readonly minute: number;
    readonly fires: number;
    readonly causes: readonly { readonly name: string; readonly fires: number }[];
  }[];
  readonly schedules: { readonly active: number; readonly paused: number };
}

export function loadDocument(after: LoadFacts, before?: LoadFacts): LoadDocument {
  return {
    format: formatVersion,
    kind: 'load',
    from: utcText(after.from),
    days: after.days,
    ...(before === undefined ? {} : { before: loadEntry(before) }),
    after: loadEntry(after),
  };
}

function loadEntry({ days, minutes, total, busiest, peaks, schedules }: LoadFacts): LoadEntry {
  return {
    ...schedules,
    total,
    perDay: mean(total, days),
    ...(busiest === undefined ? {} : { busiest: { at: utcText(busiest.at), fires: busiest.fires } }),
    peaks: peaks.map(({ minute, fires, causes }) => ({
      minute: clock(minute),
      perDay: mean(fires, days),
      causes: causes.map((cause) => ({ name: cause.name, perDay: mean(cause.fires, days) })),
    })),
    minutes,
  };
}

/** To two digits behind the point. */
function mean(fires: number, days: number): number {
  return Math.round((fires / days) * 100) / 100;
}

/** Minute of a day as `HH:MM`. */
export function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

const bars = '▁▂▃▄▅▆▇█';
const causesShown = 3;

/** A strip for each hour, a mark for each of its minutes, then the peaks and who causes them. */
export function renderLoad({ from, days, before, after }: LoadDocument, style: Style): string {
  const { colors } = style;
  const most = Math.max(1, ...(before?.minutes ?? []), ...after.minutes);
  return [
    colors.dim(`Fires per minute of the UTC day, over ${days} days from ${from.slice(0, 10)}.`),
    '',
    ...(before === undefined
      ? entryLines(after, days, most, style)
      : [
          colors.bold('Before: the server as it is'),
          ...entryLines(before, days, most, style),
          '',
          colors.bold('After: with these manifests'),
          ...entryLines(after, days, most, style),
          '',
          `${before.perDay} fires a day → ${after.perDay}; fullest minute ${before.busiest?.fires ?? 0} → ${after.busiest?.fires ?? 0}`,
        ]),
    '',
  ].join('\n');
}

function entryLines(
  entry: LoadEntry,
  days: number,
  most: number,
  { width, colors }: Style,
): readonly string[] {
  const { minutes, busiest, peaks, perDay, active, paused } = entry;
  const sums = [
    `${perDay} fires a day of ${active} active schedules${paused > 0 ? `; ${paused} paused` : ''}.`,
  ];
  if (busiest !== undefined)
    sums.push(`Fullest minute: ${busiest.at}, ${busiest.fires} ${busiest.fires === 1 ? 'fire' : 'fires'}.`);
  return [
    colors.dim('     :00       :10       :20       :30       :40       :50'),
    ...Array.from({ length: 24 }, (_, hour) => {
      const own = minutes.slice(hour * 60, hour * 60 + 60);
      const sum = own.reduce((total, fires) => total + fires, 0);
      const strip = own.map((fires) => bar(fires, most)).join('');
      return `${String(hour).padStart(2, '0')}   ${strip} ${String(mean(sum, days)).padStart(8)}`;
    }),
    ...wrap(sums.join(' '), width, ''),
    ...peaks.flatMap(({ minute, perDay: fires, causes }) => {
      const named = causes
        .slice(0, causesShown)
        .map((cause) => `${terminalText(cause.name)} (${cause.perDay})`);
      const rest = causes.length - named.length;
      return wrap(
        `${minute}Z  ${fires} a day: ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`,
        width,
        '  ',
      );
    }),
  ];
}

/** Nothing is a blank, anything at all is a mark. */
function bar(fires: number, most: number): string {
  if (fires === 0) return ' ';
  return bars[Math.min(bars.length - 1, Math.floor((fires / most) * bars.length))] ?? ' ';
}
