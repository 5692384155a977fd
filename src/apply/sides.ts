import { basisOf, outcomeOf } from '../compare/basis.ts';
import type { PreviousName, Rename } from '../model/plan.ts';
import { type Outcome, succeed } from '../model/port.ts';
import { look, lookAtNewName, restsOnTags, type Seen } from './look.ts';
import type { ApplyOptions, Judging } from './options.ts';

/** Both sides of a rename; `null` = not there. */
export interface Sides {
  readonly renamed: Seen | null;
  readonly olds: ReadonlyMap<string, Seen | null>;
}

export async function readSides(change: Rename, options: ApplyOptions): Promise<Outcome<Sides>> {
  const olds = new Map<string, Seen | null>();
  for (const { name } of change.previous) {
    const old = await readOld(name, options);
    if (!old.ok) return old;
    olds.set(name, old.value);
  }
  const renamed =
    change.basis === null
      ? await lookAtNewName(change.name, false, options)
      : await look(change.name, restsOnTags(change), options);
  return renamed.ok ? succeed({ olds, renamed: renamed.value }) : renamed;
}

/** An old schedule, with its tags where they hold the marker that its delete rests on. */
export function readOld(name: string, options: ApplyOptions): Promise<Outcome<Seen | null>> {
  return look(name, options.capabilities.tags, options);
}

/** Whether both sides are as the plan saw them, or all that the plan has is done. */
export function judge(
  change: Rename,
  { renamed, olds }: Sides,
  { digestKey, capabilities }: Judging,
): 'as-seen' | 'already' | 'stale' {
  const { basis, previous, becomes } = change;
  const seen = (old: PreviousName): Seen | null => olds.get(old.name) ?? null;
  if (renamed !== null && previous.every((old) => seen(old) === null)) {
    const now = outcomeOf(renamed.observed.schedule, change, digestKey, capabilities.numbers);
    if (now === becomes) return 'already';
  }
  const newAsSeen =
    basis === null ? renamed === null : renamed !== null && isAsSeen(renamed, basis, change, digestKey);
  // An old one that is gone has been deleted for us, unless it is what the new one is to be made of.
  const oldsAsSeen = previous.every((old) => {
    const there = seen(old);
    return there === null ? !isSource(old.name, change) : isAsSeen(there, old.basis, change, digestKey);
  });
  return newAsSeen && oldsAsSeen ? 'as-seen' : 'stale';
}

/** Whether it is the schedule that the plan saw. */
export function isAsSeen(
  { observed, tags }: Seen,
  basis: string,
  change: Rename,
  digestKey: string | undefined,
): boolean {
  return basisOf(observed, change, digestKey, tags) === basis;
}

function isSource(name: string, { steps }: Rename): boolean {
  return steps.some((step) => step.kind === 'save' && step.mode === 'copy' && step.from === name);
}
