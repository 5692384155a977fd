import { utcText } from '../../cron/zone/utc.ts';
import { present } from '../../model/present.ts';
import { type Headed, heading } from './entries.ts';

/** Fires per minute of the UTC day. `schemas/load.schema.json` describes it. */
export type LoadDocument = Headed<'load'> &
  LoadPicture & {
    /** Release of the time zone rules. */
    readonly tz?: string;
  };

/** The load before and after. */
export type LoadPicture = {
  /** ISO 8601, midnight UTC. */
  readonly from: string;
  readonly days: number;
  /** What the server has now; only where it was asked. */
  readonly before?: LoadEntry;
  /** What the manifests make of it. */
  readonly after: LoadEntry;
};

export type LoadEntry = {
  /** Schedules that fire, and that are paused. */
  readonly active: number;
  readonly paused: number;
  /** Fires over all days. */
  readonly total: number;
  readonly perDay: number;
  /** The busiest minute of all. */
  readonly busiest?: { readonly at: string; readonly fires: number };
  /** The busiest minutes of the day, the fullest first. */
  readonly peaks: readonly PeakEntry[];
  /** Fires over all days of each of the 1,440 minutes, 00:00Z first. */
  readonly minutes: readonly number[];
};

export type PeakEntry = {
  /** `HH:MM`, UTC. */
  readonly minute: string;
  /** Mean of the days. */
  readonly perDay: number;
  /** Who fires then, the most first. */
  readonly causes: readonly { readonly name: string; readonly perDay: number }[];
};

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
    from: utcText(after.from),
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
    ...(busiest === undefined ? {} : { busiest: { at: utcText(busiest.at), fires: busiest.fires } }),
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
