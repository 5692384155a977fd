import { redactSchedule, redactStep, type Seal } from '../compare/redact.ts';
import type { Change, MaskedValue } from '../model/plan.ts';
import type { FieldPath, ObservedSchedule } from '../model/schedule.ts';

/** The masked values of a plan: without a key its digest covers that they are there, and not what they are. */
export function maskedValues(
  changes: readonly Change[],
  observed: readonly ObservedSchedule[],
): readonly MaskedValue[] {
  const there = new Map(observed.map(({ schedule }) => [schedule.name, schedule]));
  return changes.flatMap((change) => {
    const found = new Map<string, FieldPath>();
    const note: Seal = (value, path) => {
      if (value !== null && value !== '') found.set(JSON.stringify(path), path);
      return null;
    };
    for (const step of change.steps) redactStep(step, change, note);
    if (change.steps.length === 0) return [];
    for (const name of [change.name, ...(change.kind === 'rename' ? change.previous : []).map(nameOf)]) {
      const schedule = there.get(name);
      if (schedule !== undefined) redactSchedule(schedule, change, note);
    }
    return [...found.values()].map((field) => ({ name: change.name, field }));
  });
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}
