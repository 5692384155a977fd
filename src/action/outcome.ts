import { type ExitCode, exitCodes } from '../model/exit.ts';
import { noCounts } from '../model/plan.ts';
import type { AnyDocument } from '../report/documents/document.ts';
import type { BasePlanDocument, PlanDocument } from '../report/documents/generated/documents.ts';

/** The outputs of the Action; every one is set by every run. `action.yml` and docs/github.md are checked against this. */
export const actionOutputs = {
  'has-changes':
    'true when the plan has changes, or when there is drift; unknown when the base of a plan cannot be read, and the counts are empty then',
  'to-create': 'schedules that the plan creates',
  'to-update': 'schedules that it changes, including adoptions and renames',
  'to-delete': 'schedules that it deletes',
  'to-pause': 'schedules that it pauses',
  'to-resume': 'schedules that it resumes',
  overdue: 'for drift: schedules with a missed fire',
  digest: 'hash of exactly the planned changes; empty when there is no plan, or secrets are not known',
  'failure-reason':
    'why the job failed: invalid, guard, policy, owner, plan-changed, superseded, stale, partial, unreachable; else empty',
} as const;

export type ActionOutputs = { readonly [N in keyof typeof actionOutputs]: string };

/**
 * Why a run failed.
 * - `invalid`: manifests, configuration, inputs, or the event
 * - `guard`, `policy`, `owner`: the plan is refused
 * - `plan-changed`: the plan is not the reviewed one; nothing was written
 * - `superseded`: the commit is not the newest of its branch any more; nothing was written
 * - `stale`: the server moved while it was written; nothing was written
 * - `partial`: not every step was carried out
 * - `unreachable`: no usable answer from the server, or from GitHub where one is needed
 */
export type FailureReason =
  | 'invalid'
  | 'guard'
  | 'policy'
  | 'owner'
  | 'plan-changed'
  | 'superseded'
  | 'stale'
  | 'partial'
  | 'unreachable';

/** Against a server, or over a commit. */
export type Planned = PlanDocument | BasePlanDocument;

/** What the last command ended with; a wrong command line leaves no document. */
export function reasonOf(code: ExitCode, document: AnyDocument | undefined): FailureReason | undefined {
  if (code === exitCodes.fine || code === exitCodes.changes) return undefined;
  // Refused before the first write there is the plan, afterwards a result.
  if (code === exitCodes.stale) return document?.kind === 'result' ? 'stale' : 'plan-changed';
  if (code === exitCodes.refused && (document?.kind === 'plan' || document?.kind === 'base-plan')) {
    const errors = document.problems.filter(({ severity }) => severity === 'error');
    if (errors.some((problem) => problem.code === 'guard')) return 'guard';
    return errors.some((problem) => problem.code.startsWith('policy-')) ? 'policy' : 'owner';
  }
  if (code === exitCodes.refused && document?.kind === 'result') return 'owner';
  if (document?.kind === 'failure' && document.failure !== undefined) return 'unreachable';
  if (document?.kind === 'result') return 'partial';
  return code === exitCodes.interrupted ? 'partial' : 'invalid';
}

export function outputsOf(
  reason: FailureReason | undefined,
  plan: Planned | undefined,
  { drifted = false, overdue = 0 }: { readonly drifted?: boolean; readonly overdue?: number } = {},
): ActionOutputs {
  const isUnknown = plan?.verdict === 'unknown';
  const { create, update, adopt, rename, pause, resume, delete: deleted } = plan?.counts ?? noCounts;
  const count = (value: number): string => (isUnknown ? '' : String(value));
  const hasChanges = drifted || (plan !== undefined && plan.verdict !== 'nothing-to-do');
  return {
    'has-changes': isUnknown ? 'unknown' : String(hasChanges),
    'to-create': count(create),
    'to-update': count(update + adopt + rename),
    'to-delete': count(deleted),
    'to-pause': count(pause),
    'to-resume': count(resume),
    overdue: String(overdue),
    digest: plan?.kind === 'plan' ? (plan.digest ?? '') : '',
    'failure-reason': reason ?? '',
  };
}
