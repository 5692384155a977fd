import type { ObservedSchedule, Schedule, Tag } from '../schedule.ts';
import { shortHash } from './short-hash.ts';

/** Who a schedule belongs to, stored on the server, so that it cannot be lost with a file. */
export type Marker = {
  readonly owner: string;
  /** Never to be deleted, also when its manifest is gone. */
  readonly protected: boolean;
};

/** Where a server keeps markers: its tags, or a line of the description where it has none. */
export type MarkerPlace = 'tags' | 'description';

const ownerKey = 'downbeat-owner';
const idKey = 'downbeat-id';
const protectedKey = 'downbeat-protected';

/** Tags that are ours to write; a manifest must not have them. */
export const markerKeys: readonly string[] = [ownerKey, idKey, protectedKey];

const markerLine = /^\[downbeat-owner: ([^;\]]+)(?:; id ([0-9a-f]+))?(; protected)?\]\s*$/;

/**
 * Binds a marker to the one name that it was written for: on a schedule of another name it is a copy, which came along
 * when somebody copied the schedule, and proves nothing.
 */
function markerId(owner: string, name: string): string {
  return shortHash(`${owner}\n${name}`).slice(0, 12);
}

/** Whether a line of the text is one that only Downbeat writes. */
export function hasMarkerLine(description: string): boolean {
  return (
    description.includes(`[${ownerKey}:`) && description.split('\n').some((line) => markerLine.test(line))
  );
}

/** An observed schedule without its markers, and the markers. */
export type Unmarked = {
  readonly observed: ObservedSchedule;
  /** Those that were written for this name. */
  readonly markers: readonly Marker[];
  /** Owners whose marker is there, but was written for another name: it says nothing about this schedule. */
  readonly copiedFrom: readonly string[];
};

/** Reads the markers of a schedule from where its server keeps them; text in any other place is only text. */
export function unmarked(observed: ObservedSchedule, place: MarkerPlace): Unmarked {
  const { schedule, tags = [] } = observed;
  const found = place === 'tags' ? markersInTags(observed) : markersInLines(schedule);
  if (found === none) return { observed, markers: none.markers, copiedFrom: none.copiedFrom };
  return {
    markers: found.markers,
    copiedFrom: [...new Set(found.copiedFrom)],
    observed:
      place === 'tags'
        ? { ...observed, tags: tags.filter(({ key }) => !markerKeys.includes(key)) }
        : { ...observed, schedule: withoutLines(schedule) },
  };
}

type Found = Pick<Unmarked, 'markers' | 'copiedFrom'>;
const none: Found = { markers: [], copiedFrom: [] };

function markersInLines({ name, description = '' }: Schedule): Found {
  if (!hasMarkerLine(description)) return none;
  const markers: Marker[] = [];
  const copiedFrom: string[] = [];
  for (const line of description.split('\n')) {
    const [found, written, id, shield] = markerLine.exec(line) ?? [];
    if (found === undefined || written === undefined) continue;
    const owner = written.trim();
    if (id === markerId(owner, name)) markers.push({ owner, protected: shield !== undefined });
    else copiedFrom.push(owner);
  }
  return { markers, copiedFrom };
}

function withoutLines(schedule: Schedule): Schedule {
  const { description = '', ...rest } = schedule;
  const kept = description
    .split('\n')
    .filter((line) => !markerLine.test(line))
    .join('\n');
  return kept === '' ? rest : { ...rest, description: kept };
}

function markersInTags({ schedule: { name }, tags = [] }: ObservedSchedule): Found {
  if (!tags.some(({ key }) => markerKeys.includes(key))) return none;
  const valuesOf = (wanted: string): readonly string[] =>
    tags.flatMap(({ key, value }) => (key === wanted ? [value] : []));
  const ids = valuesOf(idKey);
  const owners = valuesOf(ownerKey);
  const isGenuine = (owner: string): boolean => ids.includes(markerId(owner, name));
  const isProtected = valuesOf(protectedKey).includes('true');
  return {
    markers: owners.filter(isGenuine).map((owner) => ({ owner, protected: isProtected })),
    copiedFrom: owners.filter((owner) => !isGenuine(owner)),
  };
}

/** The description of a schedule of this name with the marker as its last line. */
export function markedDescription(
  name: string,
  description: string | undefined,
  { owner, protected: isProtected }: Marker,
): string {
  const line = `[${ownerKey}: ${owner}; id ${markerId(owner, name)}${isProtected ? '; protected' : ''}]`;
  return description === undefined ? line : `${description}\n${line}`;
}

/** The tags that make the marker of a schedule of this name. */
export function markerTags(name: string, { owner, protected: isProtected }: Marker): readonly Tag[] {
  return [
    { key: idKey, value: markerId(owner, name) },
    { key: ownerKey, value: owner },
    ...(isProtected ? [{ key: protectedKey, value: 'true' }] : []),
  ];
}
