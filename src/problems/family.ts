import type { Severity } from '../model/severity.ts';

/** A problem in words: what is wrong, and what to do about it. Not escaped: that is for whoever prints it. */
export type Words = {
  readonly message: string;
  readonly hint: string;
};

/** Facts of one type: `Facts<T, 'name', 'nearest'>` always has a name, and perhaps a nearest one. */
type Facts<T, Always extends string, Perhaps extends string> = {
  readonly [K in Always]: T;
} & { readonly [K in Perhaps]?: T };

export type Texts<Always extends string, Perhaps extends string = never> = Facts<string, Always, Perhaps>;
export type Numbers<Always extends string, Perhaps extends string = never> = Facts<number, Always, Perhaps>;

/**
 * One code of a family: its row in the documentation, and its words for the facts of one case. A code with a `fix` is a
 * rule, a matter of judgment: the manifest is valid, and what a server makes of it is most likely not what was meant. A
 * configuration sets a rule's severity or turns it off, and a comment in a manifest allows it.
 */
export type Entry = Wording & {
  /** With backticks around code; not a sentence. */
  readonly means: string;
  /** The page of docs/ that helps, with its anchor. */
  readonly page?: string;
  /** Unless a configuration says otherwise. Absent = an error, or of a rule a warning. */
  readonly severity?: Severity;
};

/**
 * `words` where the hint depends on the facts. What to do in general is the `fix` of a rule, the `remedy` of an error, or
 * the `hint` that is the same in each case.
 */
type Wording =
  // biome-ignore lint/suspicious/noExplicitAny: the facts differ by code; `DiagnosticArgs` has them.
  | ({ readonly words: (facts: any) => Words } & (
      | { readonly fix: string; readonly remedy?: never }
      | { readonly fix?: never; readonly remedy: string }
    ))
  | {
      // biome-ignore lint/suspicious/noExplicitAny: as above
      readonly message: string | ((facts: any) => string);
      readonly hint: string;
      readonly fix?: string;
      readonly remedy?: string;
    };

/** An entry with the severity that its problems have by themselves. */
export type Definition = Entry & { readonly severity: Severity };

/** The facts of a code that has none. */
export type NoArgs = { readonly [key: string]: never };

/** Codes that belong together. */
export type Family = { readonly [code: string]: Entry };
