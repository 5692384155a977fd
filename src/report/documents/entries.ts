import { utcText } from '../../cron/zone/utc.ts';
import type { Execution } from '../../model/execution.ts';
import type { JsonObject } from '../../model/json.ts';
import { formatVersion } from '../../model/plan.ts';
import type { Failure } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import type { Severity } from '../../model/severity.ts';
import type { DiagnosticCode } from '../../problems/codes.ts';
import type { Located, LocatedDiagnostic } from '../../problems/diagnostic.ts';
import { explain } from '../../problems/explain.ts';
import { explainFailure } from './failure-words.ts';
import type { PastRunEntry } from './generated/documents.ts';

export type DocumentOptions = {
  /** Shows what `lifecycle.sensitive` and the names of keys would hide. */
  readonly showSensitive: boolean;
};

export type ProblemEntry = {
  readonly severity: Severity;
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint?: string;
  /** The facts that the message is made of. */
  readonly args: JsonObject;
  readonly at?: Located;
};

/** A failed request with the words for it. */
export type FailureEntry = Failure & {
  readonly message: string;
  readonly hint?: string;
};

/** A past run, with its times in ISO 8601. */
export function pastRunEntry(run: Execution): PastRunEntry {
  const { id, schedule, scheduledTime, executionTime, ...rest } = run;
  return {
    ...present({ id }),
    schedule,
    ...present({ scheduledTime: isoTime(scheduledTime), executionTime: isoTime(executionTime) }),
    ...rest,
  };
}

/** A time (epoch milliseconds) as every document has it: ISO 8601, in UTC unless the field says otherwise. */
export function isoTime(ms: number): string;
export function isoTime(ms: number | undefined): string | undefined;
export function isoTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : utcText(ms);
}

/** A problem with the words for it. */
export function problemEntry({ diagnostic, at }: LocatedDiagnostic): ProblemEntry {
  const { message, hint } = explain(diagnostic);
  return {
    severity: diagnostic.severity,
    code: diagnostic.code,
    message,
    ...present({ hint }),
    args: diagnostic.args,
    ...present({ at }),
  };
}

export function failureEntry(failure: Failure): FailureEntry {
  const { anonymous, ...known } = failure;
  return { ...known, ...explainFailure(failure) };
}

/** What every document begins with. */
type Headed<K extends string> = { readonly format: typeof formatVersion; readonly kind: K };

export function heading<K extends string>(kind: K): Headed<K> {
  return { format: formatVersion, kind };
}
