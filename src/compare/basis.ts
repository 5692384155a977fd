import { createHash } from 'node:crypto';
import { type Hiding, onlyLooks, sightOf } from '../model/hiding/hiding.ts';
import { canonicalJson, comparableJson, type Json } from '../model/json.ts';
import { type NumberEquality, numberKey } from '../model/number.ts';
import { present } from '../model/present.ts';
import type { ObservedSchedule, Schedule, Tag } from '../model/schedule.ts';
import { redact, redactSchedule } from './redact.ts';
import { sealWith } from './seal.ts';

/**
 * The hash of what a change was decided upon: the schedule in normal form and, where the change rests on them, its
 * tags. Facts and fields we do not know are left out: they are carried from the read before the write, so a difference
 * in them harms nothing, and servers may change them at every fire. Masked values enter sealed with the key.
 */
export function basisOf(
  { schedule }: Pick<ObservedSchedule, 'schedule'>,
  hiding: Hiding,
  digestKey: string | undefined,
  tags?: readonly Tag[],
): string {
  return hashOfEqual(
    {
      schedule: redactSchedule(schedule, hiding, sealWith(digestKey, 'kind')),
      ...present({ tags: tags && sealedTags(tags, digestKey) }),
    },
    'kind',
  );
}

/** The hash of what a schedule is to become: tells whether a change has been carried out already. */
export function outcomeOf(
  schedule: Schedule,
  hiding: Hiding,
  digestKey: string | undefined,
  numbers: NumberEquality,
): string {
  return hashOfEqual(redactSchedule(schedule, hiding, sealWith(digestKey, numbers)), numbers);
}

/**
 * The tags that a change of tags was decided upon: the hash of each pair, sorted. With one hash of them all, tags that
 * are half way to what was planned could not be told from somebody else's change.
 */
export function tagsBasisOf(tags: readonly Tag[], digestKey: string | undefined): readonly string[] {
  return tags.map((tag) => hashOf(sealedTags([tag], digestKey))).sort();
}

function sealedTags(tags: readonly Tag[], digestKey: string | undefined): Json {
  return redact(tags, sightOf(onlyLooks), ['tags'], sealWith(digestKey, 'kind'));
}

/** SHA-256 of the canonical text of a value, in hexadecimal; numbers by the letter. */
export function hashOf(value: Json): string {
  return hashOfText(canonicalJson(value));
}

/** The same for values that may be written otherwise: equal ones have equal hashes. */
function hashOfEqual(value: Json, numbers: NumberEquality): string {
  return hashOfText(comparableJson(value, (number) => numberKey(number, numbers)));
}

/** SHA-256 of its UTF-8, in hexadecimal. */
export function hashOfText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
