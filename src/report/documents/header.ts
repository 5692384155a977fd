import { canonicalJson } from '../../model/json.ts';
import { shortHash } from '../../model/marks/short-hash.ts';
import type { RunEntry } from '../../model/run-entry.ts';
import type { RunDocument } from './document.ts';

/** A longer key would take the room of changes; then its hash has to do. */
const longestKey = 1000;

/**
 * The first line of a comment or issue, invisible there: equal for two documents exactly when they are of the same
 * run (tool, command, server, environment, directory, selection), whatever came out of it. Nothing in it can end the
 * comment that it stands in.
 */
export function headerOf(run: RunEntry | undefined): string {
  const key = inComment(canonicalJson(run ?? {}));
  return `<!-- downbeat ${key.length > longestKey ? `fnv1a:${shortHash(key)}` : key} -->`;
}

/** The second line, for programs: the digest of the plan that is shown. */
export function digestLine(digest: string): string {
  return `<!-- downbeat-digest ${inComment(digest)} -->`;
}

/** The digest of the plan that a comment shows, when it is the comment of this run and there is one. */
export function digestIn(text: string, run: RunEntry): string | undefined {
  const [first, second = ''] = text.split(/\r?\n/, 2);
  if (first !== headerOf(run)) return undefined;
  return /^<!-- downbeat-digest ([0-9a-f]+) -->$/.exec(second)?.[1];
}

/** Both lines. */
export function headerLines(document: RunDocument): string {
  const digest = document.kind === 'plan' ? document.digest : undefined;
  return `${headerOf(document.run)}\n${digest === undefined ? '' : `${digestLine(digest)}\n`}`;
}

/** JSON text of the same value, in letters that mean nothing to HTML, Markdown, mentions or a runner. */
function inComment(json: string): string {
  return json.replace(
    /[^\w ./:,{}[\]"\\]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
