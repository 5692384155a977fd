import { type Marker, markedDescription, type Unmarked, unmarked } from '../model/marker.ts';
import { type NotePlace, unfinished } from '../model/renaming.ts';
import type { Policy } from '../model/run-policy.ts';
import type { DesiredSchedule, ObservedSchedule, Schedule } from '../model/schedule.ts';

/** Where this server keeps what is ours: the owner's marker, and the note of an unfinished rename. */
export interface Places {
  readonly marker: 'tags' | 'description';
  readonly note: NotePlace;
}

/** A schedule as it is, and (`observed`) as it is without markers and note. */
export interface There extends Unmarked {
  readonly raw: ObservedSchedule;
  /** The old name, when its rename has not been finished: then `observed` runs, as it will in the end. */
  readonly renamedFrom?: string;
}

export function thereOf(raw: ObservedSchedule): There {
  const bare = unmarked(raw);
  const note = unfinished(bare.observed.schedule);
  if (note === undefined) return { raw, ...bare };
  const observed = { ...bare.observed, schedule: note.schedule };
  return { raw, markers: bare.markers, observed, renamedFrom: note.from };
}

export function isOurs({ markers }: Unmarked, { owner }: Policy): boolean {
  return owner !== undefined && markers.length > 0 && markers.every((marker) => marker.owner === owner);
}

export function markerOf({ lifecycle }: DesiredSchedule, { owner }: Policy): Marker | undefined {
  return owner === undefined ? undefined : { owner, protected: lifecycle.protect };
}

/** The schedule as it is written, with its marker where the description has to hold it. */
export function described(
  schedule: Schedule,
  marker: Marker | undefined,
  { marker: place }: Places,
): Schedule {
  if (marker === undefined || place !== 'description') return schedule;
  return { ...schedule, description: markedDescription(schedule.description, marker) };
}
