import { basisOf, outcomeOf } from '../compare/basis.ts';
import { maskedIn, type PreviousName, type Rename } from '../model/plan.ts';
import { type Outcome, succeed } from '../model/port.ts';
import type { ObservedSchedule, Tag } from '../model/schedule.ts';
import type { Lookup } from './freshness.ts';
import type { ApplyOptions } from './options.ts';

/** One schedule of a rename as it is now. */
export interface Read {
  readonly observed: ObservedSchedule;
  /** Where the basis rests on them. */
  readonly tags?: readonly Tag[];
}

/** Both sides of a rename; `null` = not there. */
export interface Sides {
  readonly renamed: Read | null;
  readonly olds: ReadonlyMap<string, Read | null>;
}

export async function readSides(
  change: Rename,
  options: ApplyOptions,
  lookup: Lookup,
): Promise<Outcome<Sides>> {
  const olds = new Map<string, Read | null>();
  for (const { name } of change.previous) {
    const old = await readOld(name, options);
    if (!old.ok) return old;
    olds.set(name, old.value);
  }
  if (change.basis === null) {
    const found = await lookup(change.name);
    if (!found.ok) return found;
    return succeed({ olds, renamed: found.value === null ? null : { observed: found.value } });
  }
  const tagged = change.steps.some(({ kind }) => kind === 'tag' || kind === 'untag');
  const renamed = await readWhole(change.name, tagged, options);
  return renamed.ok ? succeed({ olds, renamed: renamed.value }) : renamed;
}

/** An old schedule, with its tags where they hold the marker that its delete rests on. */
export function readOld(name: string, options: ApplyOptions): Promise<Outcome<Read | null>> {
  return readWhole(name, options.capabilities.tags, options);
}

async function readWhole(
  name: string,
  withTags: boolean,
  { reader }: ApplyOptions,
): Promise<Outcome<Read | null>> {
  const found = await reader.get(name);
  if (!found.ok) return found;
  if (found.value === null) return succeed(null);
  if (!withTags) return succeed({ observed: found.value });
  const tags = await reader.tags(name);
  return tags.ok ? succeed({ observed: found.value, tags: tags.value }) : tags;
}

/** Whether both sides are as the plan saw them, or all that the plan has is done. */
export function judge(change: Rename, { renamed, olds }: Sides): 'as-seen' | 'already' | 'stale' {
  const { basis, previous, becomes } = change;
  const seen = (old: PreviousName): Read | null => olds.get(old.name) ?? null;
  if (renamed !== null && previous.every((old) => seen(old) === null)) {
    if (outcomeOf(renamed.observed.schedule, maskedIn(change)) === becomes) return 'already';
  }
  const newAsSeen = basis === null ? renamed === null : renamed !== null && isAsSeen(renamed, basis, change);
  // An old one that is gone has been deleted for us, unless it is what the new one is to be made of.
  const oldsAsSeen = previous.every((old) => {
    const there = seen(old);
    return there === null ? !isSource(old.name, change) : isAsSeen(there, old.basis, change);
  });
  return newAsSeen && oldsAsSeen ? 'as-seen' : 'stale';
}

/** Whether it is the schedule that the plan saw. */
export function isAsSeen({ observed, tags }: Read, basis: string, change: Rename): boolean {
  return basisOf(observed, maskedIn(change), tags) === basis;
}

function isSource(name: string, { steps }: Rename): boolean {
  return steps.some((step) => step.kind === 'save' && step.mode === 'copy' && step.from === name);
}
