import type { Origin } from '../schedule.ts';
import type { Severity } from '../severity.ts';

/** One policy as its file has it: `schemas/policies.schema.json` describes each part. */
export type PolicyEntry = {
  readonly name: string;
  readonly description?: string;
  readonly severity?: Severity;
  readonly where?: ScopeEntry;
  readonly except?: ScopeEntry;
  readonly require?: {
    readonly tags?: readonly string[];
    readonly description?: true;
    readonly zoneId?: true;
  };
  readonly match?: { readonly name: string };
  readonly limit?: { readonly every?: string; readonly firesPerMinute?: number };
  readonly forbid?: { readonly between: readonly [string, string]; readonly zone?: string };
  readonly allow?: { readonly workflows: readonly string[] };
  readonly schema?: string;
};

/** Which schedules: all that is written must fit; of several texts one. */
export type ScopeEntry = {
  readonly directory?: Texts;
  readonly name?: Texts;
  readonly workflow?: Texts;
  readonly tags?: { readonly [key: string]: Texts };
  readonly environment?: Texts;
};

export type Texts = string | readonly string[];

/** A policy and where it was written. */
export type WrittenPolicy = {
  readonly entry: PolicyEntry;
  readonly origin: Origin;
};
