import type { ProblemEntry } from '../documents/entries.ts';
import type {
  AllowanceChange,
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
  const typed = ref.replace(/\.\.\.$/, '');
  const other = /^[0-9a-f]{40,64}$/.test(typed) ? typed.slice(0, shortHash) : typed;
  const what =
    isMergeBase === true
      ? commit.startsWith(typed)
        ? `${hash}, the merge base`
        : `${hash}, the merge base with ${show(other)}`
      : commit.startsWith(ref)
        ? hash
        : `${show(ref)} at ${hash}`;
  return `${what} → the working directory`;
}

/** What there is to know of the base itself. */
export function stateText({ base, run }: BasePlanDocument, show: Show): string {
  switch (base.state) {
    case 'empty':
      return 'The base has no manifests here, so all of them are new.';
    case 'moved':
      return `The base has no manifests in this directory, but some elsewhere that are gone now; if the directory moved, set \`manifests\` in downbeat.yaml, which each commit has for itself. ${notKnown}`;
    case 'unread':
      return `This checkout does not have all of the base. ${notKnown}`;
    case 'unconfigured':
      return `The base has no configuration for this run. ${notKnown}`;
    case 'broken':
      return `The base has errors. ${notKnown}`;
    case 'read':
      return base.directory === undefined
        ? ''
        : `The base has the manifests in ${show(base.directory)}, which is gone now: it is compared with ${show(run?.directory ?? 'this directory')}.`;
  }
}

const notKnown = 'What changes is not known; these manifests are valid.';

/** Each of what keeps the changes from being known. */
export function reasonTexts({ base: { reasons = [] } }: BasePlanDocument, show: Show): readonly string[] {
  return reasons.map(show);
}

/** A setting that is another one: `server.url: https://a → https://b`. */
export function settingText({ setting, before, after }: SettingChange, show: Show): string {
  const text = (value: unknown): string =>
    value === undefined ? '(not set)' : show(typeof value === 'string' ? value : JSON.stringify(value));
  return `${setting}: ${text(before)} → ${text(after)}`;
}

/** A rule or a policy that a comment allows now: `a.yaml:3:1: nightly allows never-fires because …`. */
export function allowanceText({ code, reason, before, schedule, at }: AllowanceChange, show: Show): string {
  const who = schedule === undefined ? '' : `${show(schedule)} `;
  const was = before === undefined ? '' : ` (in the base: ${show(before)})`;
  return `${show(placeText(at))}: ${who}allows ${show(code)} because ${show(reason)}${was}`;
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
export function noChanges({ counts }: BasePlanDocument): string {
  return `No changes: ${many(counts?.unchanged ?? 0, 'schedule')} as in the base.`;
}

/** What no plan over a commit can tell. */
export const noServerAsked = 'No server was asked: what else it has is not known.';
