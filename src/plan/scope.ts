import type { Selection } from '../model/generated/report-parts.ts';
import type { DesiredSchedule, ObservedSchedule, Tag } from '../model/schedule.ts';

/** The part of both sides that a run is about. */
export interface Scope {
  readonly desired: readonly DesiredSchedule[];
  readonly observed: readonly ObservedSchedule[];
  /** Targets that neither side has. */
  readonly unknown: readonly string[];
}

/**
 * Narrows both sides alike. A schedule is in when either side matches, so that one whose tag is about to change is
 * compared as a whole; with its other side left out it would look new, or gone.
 */
export function narrow(
  desired: readonly DesiredSchedule[],
  observed: readonly ObservedSchedule[],
  selection: Selection | undefined,
): Scope {
  if (selection === undefined) return { desired, observed, unknown: [] };
  const { target, exclude, selector } = selection;
  const names = new Set([
    ...desired.filter(({ tags }) => matches(tags, selector)).map(({ schedule }) => schedule.name),
    ...observed.filter(({ tags }) => matches(tags, selector)).map(({ schedule }) => schedule.name),
  ]);
  // Unmanaged tags move along with a rename: what the old schedule has, the new one will have.
  for (const { schedule, tags, lifecycle } of desired)
    if (tags === undefined && lifecycle.previousNames.some((old) => names.has(old))) names.add(schedule.name);
  const all = new Set([...desired, ...observed].map(({ schedule }) => schedule.name));
  const chosen = (name: string): boolean =>
    names.has(name) && (target.length === 0 || target.includes(name)) && !exclude.includes(name);
  return {
    desired: desired.filter(({ schedule }) => chosen(schedule.name)),
    observed: observed.filter(({ schedule }) => chosen(schedule.name)),
    unknown: [...target, ...exclude].filter((name) => !all.has(name)),
  };
}

function matches(tags: readonly Tag[] | undefined, selector: readonly Tag[]): boolean {
  return selector.every(
    (wanted) => tags?.some(({ key, value }) => key === wanted.key && value === wanted.value) === true,
  );
}
