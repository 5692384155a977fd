import type { Severity } from '../model/severity.ts';

/** A problem in words: what is wrong, and what to do about it. Not escaped: that is for whoever prints it. */
export interface Words {
  readonly message: string;
  readonly hint: string;
}

/** One code of a family: its severity, its row in the documentation, and its words for the facts of one case. */
export type Definition = AlwaysError | Rule;

interface AlwaysError {
  readonly severity: 'error';
  /** With backticks around code; not a sentence. */
  readonly means: string;
  // biome-ignore lint/suspicious/noExplicitAny: the facts differ by code; `DiagnosticArgs` has them.
  readonly words: (args: any) => Words;
}

/**
 * A matter of judgment: the manifest is valid, and what a server makes of it is most likely not what was meant. A
 * configuration sets its severity or turns it off, and a comment in a manifest allows it.
 */
interface Rule extends Omit<AlwaysError, 'severity'> {
  readonly isRule: true;
  /** Unless a configuration says otherwise. */
  readonly severity: Severity;
  /** What to do, as the documentation has it. */
  readonly fix: string;
}

/** The facts of a code that has none. */
export type NoArgs = { readonly [key: string]: never };

/** Codes that belong together. */
export type Family = { readonly [code: string]: Definition };
