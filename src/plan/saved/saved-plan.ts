import { hashOf } from '../../compare/basis.ts';
import type { Hiding } from '../../model/hiding/hiding.ts';
import type { Change, formatVersion, Leave, Plan, Rename } from '../../model/plan.ts';

/**
 * A plan as a file that is carried out later, perhaps elsewhere; `schemas/saved-plan.schema.json` describes it. It has the
 * steps and the hashes of what they rest on, and no value that a server has (but tags) or that a secret stands for: at a change's
 * `secretPaths` its steps have references, `Bearer ${secret.TOKEN}`.
 */
export type SavedPlan = {
  readonly format: typeof formatVersion;
  readonly kind: 'saved-plan';
  readonly target: Plan['target'];
  readonly owner?: string;
  readonly selection?: NonNullable<Plan['selection']>;
  readonly counts: Plan['counts'];
  readonly guards: Plan['guards'];
  /** In the order in which they run. */
  readonly changes: readonly SavedChange[];
  /** Of the plan: what `plan` prints. */
  readonly digest: string;
  /** Of the key that masked values were sealed with; absent = they were not. */
  readonly digestKey?: string;
  /** Of everything else in the file. */
  readonly checksum: string;
};

/** A change that writes something. */
export type SavedChange = Pick<
  Exclude<Change, Leave>,
  'kind' | 'name' | 'basis' | 'reviewed' | 'tagsBasis' | 'steps' | 'origin' | keyof Hiding
> &
  /** Of a rename only. */
  Partial<Pick<Rename, 'previous' | 'becomes'>>;

/** SHA-256, in hexadecimal. It detects an edit, not a forgery: there is no key in it. */
export function checksumOf(saved: Omit<SavedPlan, 'checksum'>): string {
  return hashOf(saved);
}
