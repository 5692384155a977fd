import { parse } from '../../manifest/read/parse-file.ts';
import type { Policy } from '../../model/run-policy.ts';
import type { SecretPaths } from '../../plan/base/plan-from-base.ts';
import type { PlanInput } from '../../plan/plan.ts';
import type { Diagnostic, LocatedDiagnostic } from '../../problems/diagnostic.ts';
import type { Configured } from '../../settings/configure.ts';
import { type Loaded, type LoadRules, placed } from '../load-manifests.ts';
import type { Run } from '../run.ts';
import { aboutPolicies, readyPolicies } from '../team-policies.ts';

/** How both sides of a comparison are read. */
export type Reading = {
  readonly rules: Pick<LoadRules, 'missingSecrets' | 'clockChanges' | 'parseFile'>;
  /** The files that were parsed so far. */
  readonly texts: () => Iterable<string>;
};

/** Most files of the two sides are equal, and those are parsed once. */
export function reading(): Reading {
  const known = new Map<string, ReturnType<typeof parse>>();
  const texts: string[] = [];
  return {
    texts: () => texts,
    rules: {
      missingSecrets: 'unread',
      clockChanges: true,
      parseFile: (file) => {
        const key = `${file.path}\n${file.text}`;
        const before = known.get(key);
        if (before !== undefined) return before;
        const found = parse(file);
        known.set(key, found);
        texts.push(file.text);
        return found;
      },
    },
  };
}

/** One side: manifests, and what they are to come to. */
export type Side = {
  readonly configured: Configured;
  readonly loaded: Loaded;
  readonly policy: Policy;
  /** By schedule, where its values have references to secrets. */
  readonly secretsOf: SecretPaths;
};

export function isError({ diagnostic }: LocatedDiagnostic): boolean {
  return diagnostic.severity === 'error';
}

export function secretPathsOf({ desired }: Loaded): SecretPaths {
  return new Map(
    desired.map(({ schedule, secrets = [] }) => [schedule.name, secrets.map(({ path }) => path)] as const),
  );
}

/** Their texts hold references instead of values; these are compared, and are not secret. */
export function withoutSecrets(loaded: Loaded): Loaded {
  return { ...loaded, desired: loaded.desired.map(({ secrets: _secrets, ...one }) => one) };
}

type Demanding = {
  readonly value?: NonNullable<PlanInput['demanded']>;
  readonly problems: readonly LocatedDiagnostic[];
};

/** What the team demands there; a policy that cannot be used is a problem. */
export async function demandedOf(
  { now }: Run,
  files: Parameters<typeof readyPolicies>[0]['files'],
  { policies, desired, fields = [] }: Loaded,
): Promise<Demanding> {
  if (policies === undefined) return { problems: [] };
  const { judge, diagnostics } = await readyPolicies({ now, files }, policies);
  if (diagnostics.length > 0) return { problems: aboutPolicies(policies, diagnostics) };
  const byName = desired.map(({ schedule }, index) => [schedule.name, fields[index] ?? {}] as const);
  return { value: { judge, fields: new Map(byName) }, problems: [] };
}

export function allowing(loaded: Loaded): NonNullable<PlanInput['allows']> {
  return (one) => one.place.kind === 'field' && loaded.settle([one]).length === 0;
}

/** Those about a field of a manifest with the line that it is on. */
export function located(
  diagnostics: readonly Diagnostic[],
  place: Loaded['settle'],
): readonly LocatedDiagnostic[] {
  const isAtField = (one: Diagnostic): boolean => one.place.kind === 'field';
  return [...placed(diagnostics.filter((one) => !isAtField(one))), ...place(diagnostics.filter(isAtField))];
}
