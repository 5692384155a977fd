import type { FieldPath, Origin } from './schedule.ts';

/**
 * A problem as data: what it is (`code`), the facts (`args`) and where. The words and hints for every code stand in
 * `report/explain.ts`; a code without words does not compile.
 */
export interface DiagnosticArgs {
  // Reading the directory
  readonly 'no-directory': { readonly path: string };
  readonly 'not-a-directory': { readonly path: string };
  readonly unreadable: { readonly path: string; readonly why: string };
  readonly 'no-manifests': { readonly path: string };
  // Text → value
  readonly 'yaml-syntax': { readonly why: string; readonly hint?: string };
  readonly 'json-syntax': { readonly why: string };
  readonly 'duplicate-key': { readonly key: string };
  readonly 'unknown-tag': { readonly tag: string };
  readonly 'alias-bomb': { readonly limit: number };
  readonly 'not-a-manifest': { readonly found: string };
  readonly 'number-range': { readonly text: string };
  // Value → manifest
  readonly 'unknown-key': { readonly key: string; readonly nearest?: string; readonly parent: FieldPath };
  readonly 'server-field': { readonly key: string };
  readonly 'missing-key': { readonly key: string; readonly parent: FieldPath };
  readonly 'wrong-type': { readonly field: FieldPath; readonly expected: string; readonly found: string };
  readonly 'wrong-value': { readonly field: FieldPath; readonly expected: string; readonly found: string };
  readonly 'bad-time': { readonly field: FieldPath; readonly text: string };
  // Manifest → schedule
  readonly 'duplicate-name': { readonly name: string; readonly other: string };
  readonly 'bad-name': { readonly name: string; readonly why: string };
  readonly 'no-cron': { readonly name: string };
  readonly 'two-crons': { readonly name: string };
  readonly 'bad-cron': { readonly expression: string; readonly why: string; readonly hint?: string };
  readonly 'bad-zone': { readonly zone: string; readonly why: string; readonly nearest?: string };
  readonly 'reason-without-pause': { readonly name: string };
  readonly 'bad-tag': { readonly key: string; readonly why: string };
  // Manifests against a server
  readonly 'tags-not-kept': { readonly names: readonly string[] };
  readonly 'reason-not-kept': { readonly names: readonly string[] };
}

export type DiagnosticCode = keyof DiagnosticArgs;
export type Severity = 'error' | 'warning';

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

export type Diagnostic = {
  readonly [C in DiagnosticCode]: {
    readonly code: C;
    readonly severity: Severity;
    readonly args: DiagnosticArgs[C];
    readonly place: Place;
  };
}[DiagnosticCode];

/** Line and column count from 1; columns count code points. `end` is exclusive. */
export interface Located {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  /** The source line that `line` names, for the code frame. */
  readonly source?: string;
}

export interface LocatedDiagnostic {
  readonly diagnostic: Diagnostic;
  readonly at?: Located;
}

export function problem<C extends DiagnosticCode>(
  code: C,
  args: DiagnosticArgs[C],
  place: Place,
  severity: Severity = 'error',
): Diagnostic {
  return { code, severity, args, place } as Diagnostic;
}
