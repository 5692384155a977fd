import { formatVersion } from '../../model/plan.ts';
import { present } from '../../model/present.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import { problemEntry } from '../documents/entries.ts';
import type { PolicyReport, PolicyStanding } from '../documents/generated/documents.ts';

/** `schedules` counts all manifests, whether a policy is about them or not. */
export function policyReport(
  found: { readonly schedules: number; readonly policies: readonly PolicyStanding[] },
  problems: readonly LocatedDiagnostic[],
): PolicyReport {
  const states = found.policies.flatMap(({ schedules }) => schedules.map(({ state }) => state));
  const count = (wanted: (typeof states)[number]): number =>
    states.filter((state) => state === wanted).length;
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
