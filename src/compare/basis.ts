import { createHash } from 'node:crypto';
import { canonicalJson, type Json, type JsonObject } from '../model/json.ts';
import type { Schedule, Tag } from '../model/schedule.ts';

/**
 * The hash of what a change was decided upon: the schedule in normal form and, for a change of tags, its tags.
 * Facts such as `updatedTime` and fields we do not know are left out: they are carried from the read before the
 * write, so a difference in them harms nothing, and servers may change them at every fire.
 */
export function basisOf(schedule: Schedule, tags?: readonly Tag[]): string {
  return hashOf({
    schedule: schedule as unknown as JsonObject,
    ...(tags === undefined ? {} : { tags: tags as unknown as Json }),
  });
}

/** SHA-256 of the canonical text of a value, in hexadecimal. */
export function hashOf(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
