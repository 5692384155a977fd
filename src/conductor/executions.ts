import type { Capabilities, ExecutionFilter } from '../model/port.ts';
import type { ServerTypeRow } from './server-types.ts';

export type SaidQuery =
  /** Absent = the filter asks for everything. */
  | { readonly ok: true; readonly query?: string }
  /** The grammar cannot express this name. */
  | { readonly ok: false; readonly name: string };

/**
 * A filter in a server's grammar of past runs. `clauses` is that of OSS v3.32.1 (SchedulerSearchQuery) and Orkes:
 * clauses joined by ` AND `, and any that is none of the known ones is one literal name. `equations` is that of the
 * published Python description, which shows one name and a status; the rest is left to the caller.
 */
export function executionQuery(
  { names, failed = false, after, before }: ExecutionFilter,
  grammar: Capabilities['executionQuery'],
): SaidQuery {
  const clauses: string[] = [];
  if (grammar === 'equations') {
    const [name, ...others] = names ?? [];
    if (name?.includes("'")) return { ok: false, name };
    if (name !== undefined && others.length === 0) clauses.push(`scheduleName='${name}'`);
    if (failed) clauses.push("status='FAILED'");
  } else {
    const listed = (names ?? []).filter(fitsList);
    if (listed.length > 0) clauses.push(`scheduleName IN (${listed.join(',')})`);
    for (const name of names ?? []) {
      if (fitsList(name)) continue;
      if (!fitsClause(name)) return { ok: false, name };
      clauses.push(name);
    }
    if (failed) clauses.push('state IN (FAILED)');
    if (after !== undefined) clauses.push(`scheduledTime>${after}`);
    if (before !== undefined) clauses.push(`scheduledTime<${before}`);
  }
  return clauses.length === 0 ? { ok: true } : { ok: true, query: clauses.join(' AND ') };
}

/**
 * The first clause of a query that looks as if it asked for something and would be taken for the name of a schedule;
 * undefined = there is none. An OSS server finds nothing for such a query and says no word about it.
 */
export function misreadClause(query: string): string | undefined {
  return query
    .split(' AND ')
    .map((clause) => clause.trim())
    .find((clause) => !isKnownClause(clause) && /[=<>'"]|\b(?:IN|OR|NOT|LIKE|and|or|in)\b/.test(clause));
}

function isKnownClause(clause: string): boolean {
  return /^(?:(?:scheduleName|state) IN \(.*\)|scheduledTime[<>].*|(?:workflowName|executionId)=.*)$/s.test(
    clause,
  );
}

/** The list is split at commas, its items are trimmed. */
function fitsList(name: string): boolean {
  return !/[,()]/.test(name) && fitsClause(name);
}

/** A clause is trimmed and must not look like a known one. */
function fitsClause(name: string): boolean {
  return (
    name !== '' &&
    name === name.trim() &&
    !name.includes(' AND ') &&
    !/^(?:(?:scheduleName|state) IN \(|scheduledTime[<>]|(?:workflowName|executionId)=)/.test(name)
  );
}

/** `field:DIRECTION,…` with the server's names of the fields. */
export function translateSort(sort: string, words: ServerTypeRow['pastRuns']['sortFields']): string {
  return sort
    .split(',')
    .map((part) => {
      const [field = '', ...direction] = part.split(':');
      return [words[field] ?? field, ...direction].join(':');
    })
    .join(',');
}
