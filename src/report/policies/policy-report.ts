import { formatVersion } from '../../model/plan.ts';
import { present } from '../../model/present.ts';
import type { Severity } from '../../model/severity.ts';
import type { Located, LocatedDiagnostic } from '../../problems/diagnostic.ts';
import { type ProblemEntry, problemEntry } from '../documents/entries.ts';

/** Which policy holds for which schedule. `schemas/policy-report.schema.json` describes it. */
export interface PolicyReport {
  readonly format: typeof formatVersion;
  readonly kind: 'policy-report';
  readonly counts: {
    readonly policies: number;
    readonly schedules: number;
    /** Pairs of a policy and a schedule that it is about. */
    readonly kept: number;
    readonly broken: number;
    readonly allowed: number;
  };
  /** In the order of their file. */
  readonly policies: readonly PolicyStanding[];
  readonly problems: readonly ProblemEntry[];
}

export interface PolicyStanding {
  readonly name: string;
  readonly severity: Severity;
  readonly description?: string;
  /** A phrase for each part. */
  readonly demands: readonly string[];
  readonly at?: Pick<Located, 'file' | 'line' | 'column'>;
  /** Those that it is about, by name. */
  readonly schedules: readonly { readonly name: string; readonly state: PolicyState }[];
}

/** `allowed`: it would be broken, but a comment in the manifest allows that. */
export type PolicyState = 'kept' | 'broken' | 'allowed';

/** `schedules` counts all manifests, whether a policy is about them or not. */
export function policyReport(
  found: { readonly schedules: number; readonly policies: readonly PolicyStanding[] },
  problems: readonly LocatedDiagnostic[],
): PolicyReport {
  const states = found.policies.flatMap(({ schedules }) => schedules.map(({ state }) => state));
  const count = (wanted: PolicyState): number => states.filter((state) => state === wanted).length;
  return {
    format: formatVersion,
    kind: 'policy-report',
    counts: {
      policies: found.policies.length,
      schedules: found.schedules,
      kept: count('kept'),
      broken: count('broken'),
      allowed: count('allowed'),
    },
    policies: found.policies.map(({ at, ...policy }) => ({
      ...policy,
      ...(at === undefined
        ? {}
        : { at: { file: at.file, ...present({ line: at.line, column: at.column }) } }),
    })),
    problems: problems.map(problemEntry),
  };
}
