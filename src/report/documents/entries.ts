import type { JsonObject } from '../../model/json.ts';
import { formatVersion } from '../../model/plan.ts';
import type { Failure } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import type { Severity } from '../../model/severity.ts';
import type { DiagnosticCode } from '../../problems/codes.ts';
import type { Located, LocatedDiagnostic } from '../../problems/diagnostic.ts';
import { explain } from '../../problems/explain.ts';
import { explainFailure } from './failure-words.ts';

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
