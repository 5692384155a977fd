import type { Change, Step } from '../model/plan.ts';
import { fail, type Outcome, succeed } from '../model/port.ts';
import type { ObservedSchedule, Tag } from '../model/schedule.ts';
import type { ApplyOptions } from './options.ts';

/** A schedule as it is just before a write. */
export interface Seen {
  readonly observed: ObservedSchedule;
  /** Where the write rests on them. */
  readonly tags?: readonly Tag[];
}

/** Reads a schedule, with its tags where they matter; `null` = there is none. */
export async function look(
  name: string,
  withTags: boolean,
  { reader }: Pick<ApplyOptions, 'reader'>,
): Promise<Outcome<Seen | null>> {
  const found = await reader.get(name);
  if (!found.ok) return found;
  if (found.value === null) return succeed(null);
  if (!withTags) return succeed({ observed: found.value });
  const tags = await reader.tags(name);
  return tags.ok ? succeed({ observed: found.value, tags: tags.value }) : tags;
}

/**
 * Reads the name of a schedule that is to be created. Where a list leaves out what the key may not read, a 403 means
 * that the name is taken (Orkes).
 */
export async function lookAtNewName(
  name: string,
  withTags: boolean,
  options: Pick<ApplyOptions, 'reader' | 'capabilities'>,
): Promise<Outcome<Seen | null>> {
  const found = await look(name, withTags, options);
  const hides = !found.ok && found.failure.kind === 'forbidden' && options.capabilities.hidesUnreadable;
  return hides ? fail({ ...found.failure, kind: 'hidden' }) : found;
}

/** Whether a change rests on the tags of its schedule. */
export function restsOnTags({ steps }: Pick<Change, 'steps'>): boolean {
  return steps.some(isTagStep);
}

export type TagStep = Extract<Step, { readonly kind: 'tag' | 'untag' }>;

export function isTagStep(step: Step): step is TagStep {
  return step.kind === 'tag' || step.kind === 'untag';
}
