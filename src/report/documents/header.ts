import type { RunEntry } from '../../model/generated/report-parts.ts';
import { canonicalJson } from '../../model/json.ts';
import { shortHash } from '../../model/marks/short-hash.ts';
import type { RunDocument } from './document.ts';

/** A longer key would take the room of changes; then its hash has to do. */
const longestKey = 1000;

/**
 * The first line of a comment or issue, invisible there: equal for two documents exactly when they are of the same
 * run (command and identity of the target), whatever came out of it. Nothing in it can end the
 * comment that it is in.
 */
export function headerOf(run: RunEntry | undefined): string {
  const key = inComment(
    canonicalJson(run === undefined ? {} : { command: run.command, target: run.identity }),
  );
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

/** A text with a line of its own after the hidden first ones. */
export function withSeal(text: string, seal: string): string {
  const lines = text.split('\n');
  const at = lines[1]?.startsWith('<!-- downbeat-digest ') ? 2 : 1;
  return [...lines.slice(0, at), sealLine(seal), ...lines.slice(at)].join('\n');
}

/** The seal of a text and the text without it; undefined when there is none in its place. */
export function sealIn(text: string): { readonly seal: string; readonly text: string } | undefined {
  const lines = text.split(/\r?\n/);
  const at = lines[1]?.startsWith('<!-- downbeat-digest ') ? 2 : 1;
  const seal = /^<!-- downbeat-seal ([0-9a-f]+) -->$/.exec(lines[at] ?? '')?.[1];
  return seal === undefined ? undefined : { seal, text: lines.toSpliced(at, 1).join('\n') };
}

function sealLine(seal: string): string {
  return `<!-- downbeat-seal ${inComment(seal)} -->`;
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
