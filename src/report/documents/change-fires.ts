import { present } from '../../model/present.ts';
import type { ChangeFires, FireView, FireWindow, ScheduleFires, Timeline } from '../../model/timing.ts';
import { isoTime } from './entries.ts';
import type { ChangeFiresEntry, FireWindowEntry, TimelineEntry } from './generated/documents.ts';

/** When a schedule fires, as `ScheduleFires`, with times in ISO 8601. */
export type ScheduleFiresEntry = Omit<ScheduleFires, 'next'> & { readonly next?: readonly FireEntry[] };

/** A fire in UTC, and in the zone of its timer with the offset. */
export type FireEntry = { readonly at: string; readonly local: string };

export function changeFiresEntry({ before, after, soon, timeline }: ChangeFires): ChangeFiresEntry {
  return {
    ...(before === undefined ? {} : { before: scheduleFiresEntry(before) }),
    after: scheduleFiresEntry(after),
    ...present({ soon }),
    ...(timeline === undefined ? {} : { timeline: timelineEntry(timeline) }),
  };
}

function scheduleFiresEntry(fires: ScheduleFires): ScheduleFiresEntry {
  const { timers, paused, next, ...rest } = fires;
  return { timers, paused, ...present({ next: next?.map(fireEntry) }), ...rest };
}

export function fireEntry({ at, local }: FireView): FireEntry {
  return { at: isoTime(at), local };
}

function timelineEntry({ from, to, before, after }: Timeline): TimelineEntry {
  return {
    from: isoTime(from),
    to: isoTime(to),
    ...(before === undefined ? {} : { before: before.map(windowEntry) }),
    after: after.map(windowEntry),
  };
}

function windowEntry({ first, last, count }: FireWindow): FireWindowEntry {
  return { first: isoTime(first), last: isoTime(last), count };
}
