import type { RuleSettings } from '../../model/severity.ts';
import type { RuleCode } from '../../problems/codes.ts';
import type { Diagnostic } from '../../problems/diagnostic.ts';
import type { Manifest } from '../manifest.ts';

/** Looks at one manifest by itself. */
export type Rule = (manifest: Manifest) => readonly Diagnostic[];

/** A rule that can be switched off, with the codes that it gives. */
export interface OptionalRule {
  readonly codes: readonly RuleCode[];
  readonly judge: Rule;
}

/** What the rules go by besides the manifests. */
export interface Judging {
  /** Epoch milliseconds. Absent = what depends on the day is left out. */
  readonly now?: number;
  /** The tz release of the zone rules here; absent = not known. */
  readonly tz?: string;
  /** Look for fires that changes of the clock skip or double, which costs most. */
  readonly clockChanges?: boolean;
  readonly settings: RuleSettings;
}
