import { createHash } from 'node:crypto';
import { canonicalJson, comparableJson, type Json } from '../model/json.ts';
import { type NumberEquality, numberKey } from '../model/number.ts';
import { present } from '../model/present.ts';
import type { FieldPath, ObservedSchedule, Schedule, Tag } from '../model/schedule.ts';
import { redactSchedule } from './redact.ts';
import { same } from './same.ts';

/**
 * The hash of what a change was decided upon: the schedule in normal form and, where the change rests on them, its
 * tags. Facts and fields we do not know are left out: they are carried from the read before the write, so a difference
 * in them harms nothing, and servers may change them at every fire. Where values are masked, the time of the last
 * write stands in for them, so that the hash cannot be used to guess them.
 */
export function basisOf(
  { schedule, facts }: ObservedSchedule,
  maskedPaths: readonly FieldPath[],
  tags?: readonly Tag[],
): string {
  const shown = redactSchedule(schedule, maskedPaths);
  const hides = !same(shown, schedule, 'kind');
  return hashOfEqual(
    {
      schedule: shown,
      ...(hides ? { updatedTime: facts.updatedTime ?? null } : {}),
      ...present({ tags }),
    },
    'kind',
  );
}

/** The hash of what a schedule is to become, without what is masked: tells whether a change has been carried out already. */
export function outcomeOf(
  schedule: Schedule,
  maskedPaths: readonly FieldPath[],
  numbers: NumberEquality,
): string {
  return hashOfEqual(redactSchedule(schedule, maskedPaths), numbers);
}

/**
 * The tags that a change of tags was decided upon: the hash of each pair, sorted. With one hash of them all, tags that
 * are half way to what was planned could not be told from somebody else's change.
 */
export function tagsBasisOf(tags: readonly Tag[]): readonly string[] {
  return tags.map(({ key, value }) => hashOf([key, value])).sort();
}

/** SHA-256 of the canonical text of a value, in hexadecimal; numbers by the letter. */
export function hashOf(value: Json): string {
  return hashOfText(canonicalJson(value));
}

/** The same for values that may be written otherwise: equal ones have equal hashes. */
function hashOfEqual(value: Json, numbers: NumberEquality): string {
  return hashOfText(comparableJson(value, (number) => numberKey(number, numbers)));
}

function hashOfText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
