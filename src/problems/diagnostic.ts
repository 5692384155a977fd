import type { Origin } from '../model/schedule.ts';
import type { Severity } from '../model/severity.ts';
import { type DiagnosticArgs, type DiagnosticCode, definitions } from './codes.ts';

/** Where a problem is, before its line and column are known. */
export type Place =
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'file'; readonly file: string }
  /** Offsets are UTF-16 code units from the start of the file. */
  | { readonly kind: 'span'; readonly file: string; readonly start: number; readonly end: number }
  | {
      readonly kind: 'field';
      readonly origin: Origin;
      /** Within the manifest; array items by their index as text. */
      readonly path: readonly string[];
      readonly at: 'key' | 'value';
      /** Offsets inside the scalar's text, when only a part of it is meant. */
      readonly within?: { readonly start: number; readonly end: number };
    };

/**
 * A problem as data: what it is (`code`), the facts (`args`) and where. The families of codes (`*-problems.ts`) have the
 * facts, the severity, the words and the row of the documentation for each; the types are made from them.
 */
export type Diagnostic = {
  readonly [C in DiagnosticCode]: {
    readonly code: C;
    readonly severity: Severity;
    readonly args: DiagnosticArgs[C];
    readonly place: Place;
  };
}[DiagnosticCode];

/** Line and column count from 1; columns count code points. `end` is exclusive. */
export type Located = {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  /** The source line that `line` names, for the code frame. */
  readonly source?: string;
};

export type LocatedDiagnostic = {
  readonly diagnostic: Diagnostic;
  readonly at?: Located;
};

/** A problem with the severity of its code. */
export function problem<C extends DiagnosticCode>(
  code: C,
  args: DiagnosticArgs[C],
  place: Place,
): Diagnostic {
  return { code, severity: definitions[code].severity, args, place } as unknown as Diagnostic;
}
