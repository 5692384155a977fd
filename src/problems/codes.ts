import type { RuleSettings, Severity } from '../model/severity.ts';
import { calendarProblems } from './calendar-problems.ts';
import { configurationProblems } from './configuration-problems.ts';
import type { Definition, Entry, Family, NoArgs } from './family.ts';
import { fileProblems } from './file-problems.ts';
import { ownershipProblems } from './ownership-problems.ts';
import { planProblems } from './plan-problems.ts';
import { policyProblems } from './policy-problems.ts';
import { renameProblems } from './rename-problems.ts';
import { scheduleProblems } from './schedule-problems.ts';
import { serverProblems } from './server-problems.ts';
import { syntaxProblems } from './syntax-problems.ts';
import { timingProblems } from './timing-problems.ts';
import { valueProblems } from './value-problems.ts';
import { workflowProblems } from './workflow-problems.ts';

type Families = readonly [
  typeof fileProblems,
  typeof syntaxProblems,
  typeof valueProblems,
  typeof configurationProblems,
  typeof scheduleProblems,
  typeof timingProblems,
  typeof workflowProblems,
  typeof policyProblems,
  typeof calendarProblems,
  typeof ownershipProblems,
  typeof renameProblems,
  typeof serverProblems,
  typeof planProblems,
];

/** All of them, in the order of the documentation. */
export const families: Families = [
  fileProblems,
  syntaxProblems,
  valueProblems,
  configurationProblems,
  scheduleProblems,
  timingProblems,
  workflowProblems,
  policyProblems,
  calendarProblems,
  ownershipProblems,
  renameProblems,
  serverProblems,
  planProblems,
];

/** Does not compile when an entry lacks a part. */
const complete: readonly Family[] = families;

type Intersection<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void
  ? I
  : never;

type Table = Intersection<Families[number]>;

export type DiagnosticCode = keyof Table;

type Taking<A> = { readonly words: (facts: A) => unknown } | { readonly message: (facts: A) => unknown };

/** The facts of each code. */
export type DiagnosticArgs = {
  readonly [C in DiagnosticCode]: Table[C] extends Taking<infer A> ? A : NoArgs;
};

/** The codes that are a matter of judgment. */
export type RuleCode = {
  [C in DiagnosticCode]: Table[C] extends { readonly fix: string } ? C : never;
}[DiagnosticCode];

/** Every code with what it means, its severity and its words. */
export const definitions = Object.fromEntries(
  complete.flatMap(Object.entries).map(([code, entry]: [string, Entry]) => [code, withSeverity(entry)]),
) as { readonly [C in DiagnosticCode]: Definition };

function withSeverity(entry: Entry): Definition {
  return { severity: entry.fix === undefined ? 'error' : 'warning', ...entry };
}

export const ruleCodes: readonly RuleCode[] = (Object.keys(definitions) as DiagnosticCode[]).filter(isRule);

export function isRule(code: string): code is RuleCode {
  return Object.hasOwn(definitions, code) && 'fix' in definitions[code as DiagnosticCode];
}

/** The severity that a rule has under these settings. */
export function severityOf(code: RuleCode, settings: RuleSettings): Severity | 'off' {
  return settings[code] ?? settings.all ?? definitions[code].severity;
}

/** The same problems by these settings: without those whose rule is off, the others with the severity of theirs. */
export function bySettings<D extends { readonly code: string; readonly severity: Severity }>(
  diagnostics: readonly D[],
  settings: RuleSettings,
): readonly D[] {
  return diagnostics.flatMap((diagnostic) => {
    if (!isRule(diagnostic.code)) return [diagnostic];
    const severity = severityOf(diagnostic.code, settings);
    if (severity === 'off') return [];
    return severity === diagnostic.severity ? [diagnostic] : [{ ...diagnostic, severity }];
  });
}
