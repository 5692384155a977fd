import {
  type Marker,
  type MarkerPlace,
  markedDescription,
  type Unmarked,
  unmarked,
} from '../model/marks/marker.ts';
import { type NotePlace, unfinished } from '../model/marks/renaming.ts';
import type { NumberEquality } from '../model/number.ts';
import type { Capabilities, Kept } from '../model/port.ts';
import { present } from '../model/present.ts';
import type { Policy } from '../model/run-policy.ts';
import type { DesiredSchedule, ObservedSchedule, Schedule } from '../model/schedule.ts';

/** How this server keeps what is ours (the owner's marker, and the note of an unfinished rename) and numbers. */
export interface Places {
  readonly marker: MarkerPlace;
  /** Whether it keeps the kinds of numbers apart. */
  readonly numbers: NumberEquality;
  readonly note: NotePlace;
  readonly pauseReason: Kept;
}

export function placesOf({
  tags,
  pauseReason,
  numbers,
}: Pick<Capabilities, 'tags' | 'pauseReason' | 'numbers'>): Places {
  return {
    marker: tags ? 'tags' : 'description',
    note: pauseReason === 'kept' ? 'reason' : 'description',
    numbers,
    pauseReason,
  };
}

/** A schedule as it is, and (`observed`) as it is without markers and note. */
export interface OnServer extends Unmarked {
  readonly raw: ObservedSchedule;
  /** The old name, when its rename has not been finished: then `observed` runs, as it will in the end. */
  readonly renamedFrom?: string;
}

export function onServer(raw: ObservedSchedule, places: Pick<Places, 'marker'>): OnServer {
  const { observed, markers, copiedFrom } = unmarked(raw, places.marker);
  const note = unfinished(observed.schedule);
  if (note === undefined) return { raw, observed, markers, copiedFrom };
  return {
    raw,
    observed: { ...observed, schedule: note.schedule },
    markers,
    copiedFrom,
    renamedFrom: note.from,
  };
}

export function isOurs({ markers }: Unmarked, { owner }: Policy): boolean {
  return owner !== undefined && markers.length > 0 && markers.every((marker) => marker.owner === owner);
}

/** Without an owner of this run, any marker is somebody else's. */
export function hasOtherOwner(one: Unmarked, policy: Policy): boolean {
  return one.markers.length > 0 && !isOurs(one, policy);
}

export function markerOf({ lifecycle }: DesiredSchedule, { owner }: Policy): Marker | undefined {
  return owner === undefined ? undefined : { owner, protected: lifecycle.protect };
}

/**
 * The schedule as it is written, with its marker where the description has to hold it. Over a schedule with the same
 * description and marker it keeps the text that is there: the place of the marker's line in it does not matter.
 */
export function described(
  schedule: Schedule,
  marker: Marker | undefined,
  { marker: place }: Places,
  over?: OnServer,
): Schedule {
  if (place !== 'description') return schedule;
  if (
    over !== undefined &&
    over.observed.schedule.description === schedule.description &&
    isMarked(over, marker)
  ) {
    const { description } = over.raw.schedule;
    if (description === schedule.description) return schedule;
    const { description: _description, ...rest } = schedule;
    return { ...rest, ...present({ description }) };
  }
  if (marker === undefined) return schedule;
  return { ...schedule, description: markedDescription(schedule.name, schedule.description, marker) };
}

/** Whether a schedule carries just this marker; without an owner, whether no marker is asked for. */
function isMarked({ markers, copiedFrom, renamedFrom }: OnServer, marker: Marker | undefined): boolean {
  if (renamedFrom !== undefined) return false;
  if (marker === undefined) return markers.length === 0;
  return (
    copiedFrom.length === 0 &&
    markers.length > 0 &&
    markers.every((one) => one.owner === marker.owner && one.protected === marker.protected)
  );
}
