import { leafAt, withTexts } from '../../compare/leaves.ts';
import { redactStep } from '../../compare/redact.ts';
import { keyCheck } from '../../compare/seal.ts';
import type { Hiding } from '../../model/hiding/hiding.ts';
import { isObject, type Json } from '../../model/json.ts';
import { type Change, formatVersion, type Leave, type Plan, type Step } from '../../model/plan.ts';
import { present } from '../../model/present.ts';
import type { DesiredSchedule, FieldPath } from '../../model/schedule.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import { checksumOf, type SavedChange, type SavedPlan } from './saved-plan.ts';

/** Secrets must not be in a file, and what is masked wherever it is shown must not be either. */
export type SaveOutcome =
  | { readonly ok: true; readonly saved: SavedPlan }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** A plan that may be applied, as a file. `desired` is what it was made from: it knows which texts secrets went into. */
export function savedPlanOf(
  plan: Plan,
  desired: readonly DesiredSchedule[],
  digestKey: string | undefined,
): SaveOutcome {
  const { digest } = plan;
  if (digest === undefined || plan.verdict === 'blocked') throw new Error('such a plan cannot be saved');
  const manifests = new Map(desired.map((one) => [one.schedule.name, one]));
  const diagnostics: Diagnostic[] = [];
  const changes = plan.changes.flatMap((change): readonly SavedChange[] => {
    if (change.kind === 'leave') return [];
    const { saved, literals } = savedChange(change, manifests.get(change.name));
    diagnostics.push(
      ...literals.map((path) =>
        problem(
          'literal-in-plan',
          { name: change.name, field: path },
          change.origin === undefined ? { kind: 'nowhere' } : { kind: 'file', file: change.origin.file },
        ),
      ),
    );
    return [saved];
  });
  if (diagnostics.length > 0) return { ok: false, diagnostics };
  const file = {
    format: formatVersion,
    kind: 'saved-plan',
    target: plan.target,
    ...present({ owner: plan.owner, selection: plan.selection }),
    counts: plan.counts,
    guards: plan.guards,
    changes,
    digest,
    ...(digestKey === undefined ? {} : { digestKey: keyCheck(digestKey) }),
  } as const;
  return { ok: true, saved: { ...file, checksum: checksumOf(file) } };
}

interface Saved {
  readonly saved: SavedChange;
  /** Fields whose values are masked when they are shown, and which have more than references in them. */
  readonly literals: readonly FieldPath[];
}

function savedChange(change: Exclude<Change, Leave>, desired: DesiredSchedule | undefined): Saved {
  const { kind, name, basis, reviewed, tagsBasis, origin, sensitive, secretPaths, notSensitive } = change;
  const references = new Map(desired?.secrets?.map((use) => [pathKey(use.path), use.reference]));
  const literals: FieldPath[] = [];
  const steps = change.steps.map((step) => {
    const referring = withTexts(step, (text, path) => {
      const reference = references.get(pathKey(path));
      if (reference === undefined) return text;
      // Another text than the manifest's can only be the server's.
      if (leafAt(desired?.schedule, path) !== text) literals.push(path);
      return reference;
    });
    literals.push(
      ...literalsIn(referring, { sensitive, secretPaths: [], notSensitive }).filter(
        (path) => !references.has(pathKey(path)),
      ),
    );
    return referring;
  });
  return {
    saved: {
      kind,
      name,
      basis,
      ...present({ reviewed, tagsBasis }),
      ...(change.kind === 'rename' ? { previous: change.previous, becomes: change.becomes } : {}),
      steps,
      ...present({ origin }),
      sensitive,
      secretPaths,
      notSensitive,
    },
    literals,
  };
}

function pathKey(path: FieldPath): string {
  return JSON.stringify(path);
}

/** Where a step has a value that is masked in every other output. */
function literalsIn(step: Step, hiding: Hiding): readonly FieldPath[] {
  const literals: FieldPath[] = [];
  redactStep(step, hiding, (value, path) => {
    literals.push(...scalarsIn(value, path));
    return null;
  });
  return literals;
}

/** What is empty tells nothing. */
function scalarsIn(value: Json, path: FieldPath): readonly FieldPath[] {
  if (value === null || value === '') return [];
  if (Array.isArray(value))
    return value.flatMap((item: Json, index) => scalarsIn(item, [...path, String(index)]));
  if (isObject(value)) return Object.entries(value).flatMap(([key, item]) => scalarsIn(item, [...path, key]));
  return [path];
}
