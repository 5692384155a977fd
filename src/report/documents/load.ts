import { present } from '../../model/present.ts';
import { heading, isoTime } from './entries.ts';
import type { LoadDocument, LoadEntry, LoadPicture } from './generated/documents.ts';

/** What the document is made of: times in epoch milliseconds, minutes of the UTC day, fires over all days. */
export type LoadFacts = {
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
};

export function loadDocument(after: LoadFacts, before?: LoadFacts, tz?: string): LoadDocument {
  return { ...heading('load'), ...present({ tz }), ...loadPicture(after, before) };
}

export function loadPicture(after: LoadFacts, before?: LoadFacts): LoadPicture {
  return {
    from: isoTime(after.from),
    days: after.days,
    ...(before === undefined ? {} : { before: loadEntry(before) }),
    after: loadEntry(after),
  };
}

/** The entry of one side. */
export function loadEntry({ days, minutes, total, busiest, peaks, schedules }: LoadFacts): LoadEntry {
  return {
    ...schedules,
    total,
    perDay: mean(total, days),
    ...(busiest === undefined ? {} : { busiest: { at: isoTime(busiest.at), fires: busiest.fires } }),
    peaks: peaks.map(({ minute, fires, causes }) => ({
      minute: clock(minute),
      perDay: mean(fires, days),
      causes: causes.map((cause) => ({ name: cause.name, perDay: mean(cause.fires, days) })),
    })),
    minutes,
  };
}

/** To two digits after the point. */
export function mean(fires: number, days: number): number {
  return Math.round((fires / days) * 100) / 100;
}

/** Minute of a day as `HH:MM`. */
export function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
