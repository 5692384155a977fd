import type { ProblemEntry } from '../documents/entries.ts';
import type {
  BaseEntry,
  BasePlanDocument,
  LoadSums,
  SettingChange,
} from '../documents/generated/documents.ts';
import { placeText } from '../text/codeframe.ts';
import { many } from '../text/phrases.ts';

/** What a plan over another commit says beside its changes, in the words of every renderer. `show` makes text of others safe for where it goes. */
type Show = (text: string) => string;

const shortHash = 10;

/** `main at 1a2b3c4d5e → the working directory`. */
export function baseText({ ref, commit, isMergeBase }: BaseEntry, show: Show): string {
  const hash = show(commit.slice(0, shortHash));
  const what =
    isMergeBase === true
      ? `${hash}, the merge base with ${show(ref.replace(/\.\.\.$/, ''))}`
      : commit.startsWith(ref)
        ? hash
        : `${show(ref)} at ${hash}`;
  return `${what} → the working directory`;
}

/** What there is to know of the base itself. */
export function stateText({ base }: BasePlanDocument): string {
  switch (base.state) {
    case 'empty':
      return 'The base has no manifests here, so all of them are new.';
    case 'broken':
      return 'The base has errors, or no configuration for this run, so what changes is not known; these manifests are valid.';
    case 'read':
      return '';
  }
}

/** A setting that is another one: `server.url: https://a → https://b`. */
export function settingText({ setting, before, after }: SettingChange, show: Show): string {
  const text = (value: unknown): string =>
    value === undefined ? '(not set)' : show(typeof value === 'string' ? value : JSON.stringify(value));
  return `${setting}: ${text(before)} → ${text(after)}`;
}

/** Absent when nothing fires otherwise. */
export function loadText({ load }: BasePlanDocument): string | undefined {
  if (load === undefined) return undefined;
  const { before, after } = load;
  const fullest = ({ busiest }: LoadSums): string => String(busiest?.fires ?? 0);
  if (before.total === after.total && fullest(before) === fullest(after)) return undefined;
  const when = after.busiest === undefined ? '' : ` (${after.busiest.at})`;
  return `fires a day: ${rounded(before.perDay)} → ${rounded(after.perDay)}; busiest minute: ${fullest(before)} → ${fullest(after)}${when}`;
}

function rounded(fires: number): string {
  return (fires >= 10 ? Math.round(fires) : fires).toLocaleString('en-US');
}

/** A problem that is gone. */
export function endedText({ severity, code, message, at }: ProblemEntry, show: Show): string {
  const place = at === undefined ? '' : `${show(placeText(at))}: `;
  return `${place}${severity}: ${show(message)} [${code}]`;
}

/** How many of the problems are new, where the base has some, too. */
export function newText({ problems, ended, base }: BasePlanDocument): string | undefined {
  const began = problems.filter(({ isNew }) => isNew === true).length;
  if (base.state !== 'read' || (began === problems.length && ended.length === 0)) return undefined;
  return `${many(problems.length, 'problem')}: ${began} new, ${problems.length - began} as in the base; ${ended.length} no longer`;
}

/** A plan without a step. */
export function noChanges({ counts: { unchanged } }: BasePlanDocument): string {
  return `No changes: ${many(unchanged, 'schedule')} as in the base.`;
}

/** What no plan over a commit can tell. */
export const noServerAsked = 'No server was asked: what else it has is not known.';
