import type { ObservedSchedule, Schedule, Tag } from './schedule.ts';

/** Who a schedule belongs to, as it stands on the server, so that it cannot be lost with a file. */
export interface Marker {
  readonly owner: string;
  /** Never to be deleted, also when its manifest is gone. */
  readonly protected: boolean;
}

const ownerKey = 'downbeat-owner';
const protectedKey = 'downbeat-protected';

/** Tags that are ours to write; a manifest must not have them. */
export const markerKeys: readonly string[] = [ownerKey, protectedKey];

// The last line of a description, on servers without tags.
const lastLine = /(?:^|\n)\[downbeat-owner: ([^;\]\n]+)(; protected)?\]\s*$/;

/** Whether a text ends in a line that only Downbeat writes. */
export function endsInMarker(description: string): boolean {
  return lastLine.test(description);
}

/** An observed schedule with its markers taken off, and the markers: one place each server has, both if somebody moved it. */
export interface Unmarked {
  readonly observed: ObservedSchedule;
  readonly markers: readonly Marker[];
}

/** Reads both places, whatever the server: it may have been upgraded, or the schedule copied. */
export function unmarked(observed: ObservedSchedule): Unmarked {
  const { description, ...rest } = observed.schedule;
  const [text, owner, shield] = lastLine.exec(description ?? '') ?? [];
  const tagged = observed.tags?.find(({ key }) => key === ownerKey)?.value;
  const markers: Marker[] = [];
  if (owner !== undefined) markers.push({ owner: owner.trim(), protected: shield !== undefined });
  if (tagged !== undefined) {
    const isProtected =
      observed.tags?.some(({ key, value }) => key === protectedKey && value === 'true') === true;
    markers.push({ owner: tagged, protected: isProtected });
  }
  if (markers.length === 0) return { observed, markers };
  const kept = (description ?? '').slice(0, (description ?? '').length - (text ?? '').length);
  const schedule: Schedule = kept === '' ? rest : { ...rest, description: kept };
  return {
    markers,
    observed: {
      ...observed,
      schedule: text === undefined ? observed.schedule : schedule,
      ...(observed.tags === undefined
        ? {}
        : { tags: observed.tags.filter(({ key }) => !markerKeys.includes(key)) }),
    },
  };
}

/** A description with the marker as its last line. */
export function markedDescription(description: string | undefined, marker: Marker): string {
  const line = `[${ownerKey}: ${marker.owner}${marker.protected ? '; protected' : ''}]`;
  return description === undefined ? line : `${description}\n${line}`;
}

/** The tags that make the marker. */
export function markerTags({ owner, protected: isProtected }: Marker): readonly Tag[] {
  return [{ key: ownerKey, value: owner }, ...(isProtected ? [{ key: protectedKey, value: 'true' }] : [])];
}
