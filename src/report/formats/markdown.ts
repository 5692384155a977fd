import type { RunEntry, StepOutcome } from '../../model/generated/report-parts.ts';
import { isRefused, noCounts } from '../../model/plan.ts';
import { present } from '../../model/present.ts';
import type { Origin } from '../../model/schedule.ts';
import {
  allowanceText,
  baseText,
  endedText,
  loadText,
  newText,
  noChanges,
  noServerAsked,
  reasonTexts,
  settingText,
  stateText,
} from '../base/base-words.ts';
import { fieldDiff } from '../diff/field-diff.ts';
import { excerpt } from '../diff/field-rows.ts';
import type { RunDocument } from '../documents/document.ts';
import type { ProblemEntry } from '../documents/entries.ts';
import type {
  BasePlanDocument,
  ChangeEntry,
  DriftClass,
  DriftDocument,
  DriftEntry,
  FailureDocument,
  PlanDocument,
  ResultDocument,
  StepEntry,
  ValidationDocument,
} from '../documents/generated/documents.ts';
import { headerLines } from '../documents/header.ts';
import { placeText, renderProblem } from '../text/codeframe.ts';
import { firesLines } from '../text/fire-lines.ts';
import { originText, sourceLines } from '../text/origin.ts';
import {
  asManifestsSay,
  driftSides,
  isPauseField,
  lacksRightText,
  lastChangeText,
  leftText,
  manifestsText,
  many,
  noClosingLook,
  notCheckedText,
  nothingToDo,
  notRunText,
  oldNameText,
  overdueText,
  pauseText,
  proofTexts,
  refusedText,
  renameText,
  serverText,
  sidesOf,
  stoppedText,
  unmanagedWords,
} from '../text/phrases.ts';
import { createColors, type Style } from '../text/style.ts';
import { errorLines, troubleLines } from '../text/trouble.ts';
import { fitInto, type Group, type Item, type Layout } from './fit.ts';
import { codeBlock, codeElement, codeSpan } from './markdown-escape.ts';

/**
 * What a comment on GitHub may have. Reviews and descriptions of pull requests take 65,536 characters, comments four
 * times as many bytes; counted in bytes it is right by either measure. 100 are left for the line that seals it.
 */
export const commentLimit = 65_436;

/** What GitHub takes as the summary of one step, in bytes; a longer one is not shown at all. */
export const summaryLimit = 1_048_576;

/** Inside a block of code nothing wraps by itself. */
const style: Style = { width: 100, colors: createColors(false) };

/**
 * A document as GitHub-flavoured Markdown of at most `limit` bytes of UTF-8, for a comment, an issue or the summary of
 * a job. Its first lines are the hidden ones of `header.ts`. What is dangerous comes first; what does not fit is
 * named, then counted.
 */
export function renderMarkdown(document: RunDocument, limit: number = commentLimit): string {
  const { start, ...rest } = layoutOf(document);
  return fitInto({ ...rest, start: headerLines(document) + start }, limit);
}

/** The parts of a layout that differ by document. */
type Parts = Partial<Layout> & Pick<RunDocument, 'problems'> & { readonly lines: readonly string[] };

function layoutOf(document: RunDocument): Layout {
  const { lines, groups = [], problems, ...rest } = partsOf(document);
  const of = (severity: ProblemEntry['severity']): readonly ProblemEntry[] =>
    problems.filter((problem) => problem.severity === severity);
  return {
    end: '',
    promise: 'The JSON output has them all.',
    ...rest,
    start: lines.join('\n'),
    groups: [problemGroup('Errors', of('error')), ...groups, problemGroup('Warnings', of('warning'))],
  };
}

function partsOf(document: RunDocument): Parts {
  switch (document.kind) {
    case 'plan':
    case 'base-plan':
      return planLayout(document);
    case 'result':
      return resultLayout(document);
    case 'drift':
      return driftLayout(document);
    case 'validation':
      return validationLayout(document);
    case 'failure':
      return failureLayout(document);
  }
}

/** What is dangerous comes first. */
const planned = ['delete', 'pause', 'resume', 'adopt', 'rename', 'horizon', 'update', 'create'] as const;

function planLayout(document: PlanDocument | BasePlanDocument): Parts {
  const { counts = noCounts, changes, verdict } = document;
  const digest = document.kind === 'plan' ? document.digest : undefined;
  const guards = document.problems.filter(({ code }) => code === 'guard');
  const problems = document.problems.filter(({ code }) => code !== 'guard');
  const found = planned
    .map((what): Count => [counts[what], what === 'horizon' ? 'move on' : what])
    .filter(([count, what]) => count > 0 || what !== 'move on');
  const toDo = countWords(found.map(([count, what]) => [count, `to ${what}`]));
  const of = (kind: ChangeEntry['kind'], refuses = false): readonly Item[] =>
    changes
      .filter((change) => change.kind === kind && hasMoreThanPause(change) && isRefused(change) === refuses)
      .map((change) => changeItem(change, changes.length <= mostOpen));
  const refused = changes.filter(isRefused).length;
  return {
    problems,
    lines: [
      title(
        `Plan${verdict === 'blocked' ? ' refused' : ''}`,
        document.run,
        verdict === 'unknown' ? 'not known' : toDo === '' ? 'no changes' : toDo,
      ),
      `${planContext(document)}\n`,
      ...(verdict === 'unknown'
        ? []
        : [
            verdict === 'nothing-to-do'
              ? `${document.kind === 'plan' ? nothingToDo(counts, refused) : noChanges(document)}\n`
              : table([
                  ...found,
                  ...(document.kind === 'plan'
                    ? restOf(counts)
                    : ([[counts.unchanged, 'unchanged']] as const)),
                ]),
          ]),
      ...(document.kind === 'plan' ? [] : baseParagraphs(document)),
      ...(refused === 0 ? [] : [alert('CAUTION', [refusedText(refused)])]),
      ...(verdict === 'blocked'
        ? [
            alert('CAUTION', [
              'This plan cannot be applied.',
              ...guards.map(guardText),
              ...(countErrors(problems) === 0 ? [] : ['See the errors below.']),
            ]),
          ]
        : []),
    ],
    groups: [
      { title: 'Deletes', items: of('delete') },
      { title: 'Pauses', items: changes.filter(({ pause }) => pause?.action === 'pause').map(switchItem) },
      { title: 'Resumes', items: changes.filter(({ pause }) => pause?.action === 'resume').map(switchItem) },
      { title: 'Adopts', items: of('adopt') },
      { title: 'Renames', items: of('rename') },
      { title: 'Calendars moved on', items: of('horizon') },
      { title: 'Updates', items: of('update') },
      { title: 'Creates', items: of('create') },
      { title: 'Refused', items: of('leave', true) },
      { title: 'Left alone', items: of('leave') },
      {
        title: 'Problems that are gone',
        items: document.kind === 'plan' ? [] : document.ended.map(endedItem),
      },
    ],
    end:
      document.kind === 'base-plan'
        ? `\n${noServerAsked}\n`
        : digest === undefined
          ? '\nNo digest: some secrets are not known here.\n'
          : `\nDigest: ${codeSpan(digest)}\n`,
    promise: digest === undefined ? '' : 'The digest covers the whole plan.',
  };
}

/** What the base is to the manifests here, beside the changes. */
function baseParagraphs(document: BasePlanDocument): readonly string[] {
  const facts = [newText(document), loadText(document)].filter((text) => text !== undefined);
  return [
    ...[stateText(document, short)]
      .filter((text) => text !== '')
      .map((text) => (document.verdict === 'unknown' ? alert('WARNING', [text]) : `${text}\n`)),
    ...reasonTexts(document, short).map((reason) => `- ${reason}\n`),
    ...facts.map((text) => `${sentence(text)}.\n`),
    ...document.settings.map((one) => `- ${settingText(one, short)}\n`),
    ...document.allowances.map((one) => `- newly allowed: ${allowanceText(one, short)}\n`),
  ];
}

function endedItem(problem: ProblemEntry): Item {
  return { full: `- ${endedText(problem, short)}\n`, name: problem.code };
}

/** Names of schedules are text of others: what has some is code. The hint has none. */
function guardText({ message, hint = '' }: ProblemEntry): string {
  const [limit, ...names] = message.split(': ');
  const words = names.length === 0 ? message : `${limit}: ${short(names.join(': '))}`;
  return sentences([words, hint]).replace(/--max-[a-z-]+ \d+/, '`$&`');
}

/** A pause or resume has its own line: only what else a change does is shown with the others of its kind. */
function hasMoreThanPause({ kind, pause, fields }: ChangeEntry): boolean {
  if (kind !== 'update' || pause === undefined || pause.action === 'stays') return true;
  return fields.some(({ path }) => !isPauseField(path));
}

/** So few changes are in sight without opening anything. */
const mostOpen = 3;

function changeItem(change: ChangeEntry, isOpen: boolean): Item {
  const { kind, pause, previous } = change;
  const left = leftText(change);
  const switched = pause !== undefined && pause.action !== 'stays';
  const facts = [
    ...(left === '' ? [] : [left]),
    ...(previous === undefined ? [] : [renameText(change.steps, previous, short)]),
    ...(switched ? [`it is ${pause.action}d too, see above`] : []),
    ...(kind === 'leave' || kind === 'delete' || previous?.length === 0 || pause?.action === 'stays'
      ? factsOf(change)
      : []),
  ];
  const fields = switched ? change.fields.filter(({ path }) => !isPauseField(path)) : change.fields;
  return entryItem(change, facts, [...fieldDiff(fields, sidesOf[kind]), ...belowFields(change)], isOpen);
}

/** Who paused it, when and why must be in sight without opening anything. */
function switchItem(change: ChangeEntry): Item {
  const name = codeSpan(change.name);
  const fires = hasMoreThanPause(change) ? [] : belowFields(change);
  const below = fires.length === 0 ? '' : `\n${indented(codeBlock(fires, 'diff'))}\n`;
  return { full: `- ${name}: ${factsOf(change).join('; ')}\n${below}`, name };
}

/** Where values come from and when it fires, as on a terminal, with the sign where it colours the line. */
function belowFields(change: ChangeEntry): readonly string[] {
  let sign = '';
  return [...sourceLines(change, style), ...firesLines(change, style)].map((line) => {
    const own = /^ {6}([-+]) /.exec(line)?.[1];
    // What is further in belongs to the side before it.
    sign = own ?? (line.startsWith(' '.repeat(8)) ? sign : '');
    if (own !== undefined) return line.replace(/^ {6}[-+] /, `${own}     `);
    return sign === '' ? line.replace(/^ {4}/, '  ') : line.replace(/^ {6}/, `${sign}   `);
  });
}

function factsOf({
  pause,
  lastChange,
  proof,
}: Pick<ChangeEntry, 'pause' | 'lastChange' | 'proof'>): readonly string[] {
  return [
    ...(pause === undefined ? [] : [pauseText(pause, short)]),
    ...(lastChange === undefined || pause?.action === 'pause' ? [] : [lastChangeText(lastChange, short)]),
    ...proofTexts(proof, short),
    ...(pause?.action === 'stays' ? ['it stays paused'] : []),
  ];
}

/** A server's words can be a whole page. */
const mostTrouble = 20;

function troubleBlock(lines: readonly string[]): string {
  const rest = lines.length - mostTrouble;
  const shown = lines.slice(0, mostTrouble).map((line) => excerpt(line, 0));
  return codeBlock([...shown, ...(rest > 0 ? [`… ${many(rest, 'line')} more`] : [])], 'text');
}

/** What is outside of entries, or in sight without opening one, is never cut: so it must not be long. */
function short(text: string): string {
  return codeSpan(excerpt(text, 0));
}

/** With a diff it opens and closes; else it is a line. */
function entryItem(
  { name, origin }: { readonly name: string; readonly origin?: Origin },
  facts: readonly string[],
  diff: readonly string[],
  isOpen = false,
): Item {
  const asName = codeSpan(name);
  const prose = facts.length === 0 ? '' : `${sentences(facts)}\n\n`;
  if (diff.length === 0) {
    const place = origin === undefined ? '' : ` (${codeSpan(originText(origin))})`;
    return { full: `- ${asName}${place}${prose === '' ? '' : `: ${facts.join('; ')}`}\n`, name: asName };
  }
  const place = origin === undefined ? '' : ` in ${codeElement(originText(origin))}`;
  return {
    full: `<details${isOpen ? ' open' : ''}><summary>${codeElement(name)}${place}</summary>\n\n${prose}${codeBlock(diff, 'diff')}\n</details>\n`,
    name: asName,
  };
}

const outcomeTitles: { readonly [O in StepOutcome]: string } = {
  failed: 'Failed',
  stale: 'Stale',
  overwritten: 'Overwritten by somebody else',
  lost: 'Lost',
  'not-run': 'Not run',
  done: 'Done',
  already: 'Already as planned',
};

function resultLayout(document: ResultDocument): Parts {
  const { counts, steps, requests, interrupted, possiblyMissed, problems, digest } = document;
  const of = (outcome: StepOutcome, closed?: true): Group => ({
    title: outcomeTitles[outcome],
    items: steps.filter((step) => step.outcome === outcome).map(stepItem),
    ...present({ closed }),
  });
  const taken: readonly Count[] = [
    [counts.overwritten, 'overwritten'],
    [counts.lost, 'lost'],
  ];
  const ended: readonly Count[] = [
    [counts.stale, 'stale'],
    [counts.notRun, 'not run'],
    [counts.done, 'done'],
  ];
  const found = countWords([
    [counts.failed, 'failed'],
    ...taken,
    ...ended,
    [counts.already, 'already as planned'],
  ]);
  return {
    problems,
    lines: [
      title(
        interrupted ? 'Apply interrupted' : 'Apply',
        document.run,
        found === '' ? 'nothing to do' : found,
      ),
      ...runContext(document.run),
      table([
        [counts.failed, 'failed'],
        ...taken.filter(([count]) => count > 0),
        ...ended,
        [counts.already, 'already'],
      ]),
      ...(counts.notRun === 0 ? [] : [`${notRunText(counts.notRun, interrupted)}\n`]),
      ...(document.closingLook.outcome === 'failed' ? [`${noClosingLook}\n`] : []),
    ],
    groups: [
      of('failed'),
      of('overwritten'),
      of('lost'),
      of('stale'),
      {
        title: 'Possibly missed fires',
        items: possiblyMissed.map(({ name, at }) => ({
          full: `- ${codeSpan(name)} at ${at}\n`,
          name: codeSpan(name),
        })),
      },
      of('not-run'),
      of('done', true),
      of('already', true),
    ],
    end: `\n${many(requests.reads, 'read')}, ${many(requests.writes, 'write')}, ${many(requests.retries, 'retry', 'retries')}.${
      digest === undefined ? '' : ` Digest of the plan: ${codeSpan(digest)}`
    }\n`,
  };
}

function stepItem(entry: StepEntry): Item {
  const { step, name, origin } = entry;
  const trouble = troubleLines(entry, style, '');
  const asName = `${step} ${codeSpan(name)}`;
  const place = origin === undefined || trouble.length === 0 ? '' : ` (${codeSpan(originText(origin))})`;
  return {
    full: `- ${asName}${place}\n${trouble.length === 0 ? '' : `\n${indented(troubleBlock(trouble))}\n`}`,
    name: asName,
  };
}

const driftTitles: { readonly [C in DriftClass]: string } = {
  missing: 'Missing on the server',
  changed: 'Changed on the server',
  overdue: 'Overdue: a fire was missed',
  renamed: 'Under their old names',
  paused: 'Paused on the server',
  orphan: 'Orphans: yours, but no longer in a manifest',
};

function driftLayout(document: DriftDocument): Parts {
  const { counts, drifted, entries, problems, target, stopped, overdueUnknown } = document;
  const classes = Object.keys(driftTitles) as DriftClass[];
  const of = (wanted: DriftClass): Group => ({
    title: driftTitles[wanted],
    items: entries.filter((entry) => entry.class === wanted).map(driftItem),
  });
  const found = classes.map((one) => [counts[one], one] as const);
  const words = countWords(found).replace(/orphan$/, counts.orphan === 1 ? '$&' : '$&s');
  return {
    problems,
    lines: [
      title(drifted ? 'Drift' : 'No drift', document.run, words),
      `${context([`${short(target.url)} (${serverText(target)})`, ...placeWords(document.run)])}\n`,
      ...(stopped === undefined ? [] : [alert('CAUTION', [stoppedText(stopped)])]),
      ...(overdueUnknown === undefined
        ? []
        : [
            alert('CAUTION', [
              `Whether schedules are overdue is not known: ${short(overdueUnknown.message)}`,
            ]),
          ]),
      ...(entries.length === 0
        ? [`${asManifestsSay(counts.unchanged)}${unmanagedWords(counts)}.\n`]
        : [
            table([...found, ...restOf(counts)]),
            ...(counts.changed === 0 ? [] : ['In every diff, `-` is the server and `+` is the manifest.\n']),
          ]),
    ],
    groups: [...classes.map(of)],
  };
}

/** Of a missing schedule the manifest says it all; one that is paused says who and why. */
function driftItem(entry: DriftEntry): Item {
  const { pause, previous, class: driftClass, counts } = entry;
  if (driftClass === 'missing') return entryItem(entry, [], []);
  if (entry.since !== undefined) return entryItem(entry, [overdueText(entry.since)], []);
  const { pause: _, ...state } = entry;
  const isPaused = pause !== undefined && pause.action !== 'pause';
  const fields = isPaused ? entry.fields.filter(({ path }) => !isPauseField(path)) : entry.fields;
  return entryItem(
    entry,
    [
      ...(previous === undefined ? [] : [oldNameText(previous, short)]),
      ...factsOf(isPaused ? entry : state),
      ...(entry.lacksRight ? [lacksRightText] : []),
      ...(isPaused && !counts ? ['not counted as drift without `--strict`'] : []),
    ],
    fieldDiff(fields, driftSides[driftClass]),
  );
}

function validationLayout(document: ValidationDocument): Parts {
  const { counts, valid, problems } = document;
  const where = manifestsText(counts);
  const found = `${many(counts.errors, 'error')}, ${many(counts.warnings, 'warning')}`;
  return {
    problems,
    lines: [
      title(valid ? 'Valid' : 'Invalid', document.run, found),
      `${context([where, ...placeWords(document.run)])}\n`,
      ...notCheckedAlert(document),
    ],
  };
}

function failureLayout(document: FailureDocument): Parts {
  const { failure, problems, run } = document;
  const errors = countErrors(problems);
  return {
    problems,
    lines: [
      title(
        run === undefined ? 'Failed' : `${sentence(run.command)} failed`,
        run,
        errors === 0 ? '' : many(errors, 'error'),
      ),
      ...runContext(run),
      ...(failure === undefined ? [] : [troubleBlock(errorLines(failure, style))]),
      ...(errors > 0 && run?.command === 'apply' ? ['Nothing was written.\n'] : []),
      ...notCheckedAlert(document),
    ],
  };
}

function notCheckedAlert({ notChecked }: Pick<FailureDocument, 'notChecked'>): readonly string[] {
  const text = notCheckedText(notChecked);
  return text === undefined ? [] : [alert('WARNING', [text])];
}

/** They are shown whole before anything else is: what they say is in nothing else. */
function problemGroup(name: string, problems: readonly ProblemEntry[]): Group {
  return {
    title: name,
    isFirst: true,
    items: problems.map((problem) => ({
      full: codeBlock(renderProblem(problem, style).split('\n'), 'text'),
      name: `${problem.code}${problem.at === undefined ? '' : ` in ${codeSpan(placeText(problem.at))}`}`,
    })),
  };
}

function countErrors(problems: readonly ProblemEntry[]): number {
  return problems.filter(({ severity }) => severity === 'error').length;
}

function title(what: string, run: RunEntry | undefined, found: string): string {
  const where = run?.environment === undefined ? '' : ` for ${short(run.environment)}`;
  return `### ${what}${where}${found === '' ? '' : `: ${found}`}\n`;
}

function planContext(document: PlanDocument | BasePlanDocument): string {
  const { owner, run } = document;
  return context([
    document.kind === 'plan'
      ? `${short(document.target.url)} (${serverText(document.target)})`
      : baseText(document.base, short),
    ...placeWords(run),
    ...(owner === undefined ? [] : [`owner ${short(owner)}`]),
  ]);
}

function runContext(run: RunEntry | undefined): readonly string[] {
  const parts = [...(run?.server === undefined ? [] : [short(run.server)]), ...placeWords(run)];
  return parts.length === 0 ? [] : [`${context(parts)}\n`];
}

function context(parts: readonly string[]): string {
  return parts.join(' · ');
}

/** So many names of a selection are listed. */
const mostNames = 10;

function placeWords(run: RunEntry | undefined): readonly string[] {
  if (run === undefined) return [];
  const { directory, selection } = run;
  const only = (flag: string, values: readonly string[]): readonly string[] => {
    if (values.length === 0) return [];
    const rest = values.length - mostNames;
    const names = values.slice(0, mostNames).map(short).join(', ');
    return [`\`--${flag}\` ${names}${rest > 0 ? ` and ${rest} more` : ''}`];
  };
  return [
    `manifests in ${short(directory)}`,
    ...only('target', selection?.target ?? []),
    ...only('exclude', selection?.exclude ?? []),
    ...only('selector', selection?.selector.map(({ key, value }) => `${key}=${value}`) ?? []),
  ];
}

type Count = readonly [count: number, what: string];

function table(counts: readonly Count[]): string {
  const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |\n`;
  const names = counts.map(([, what]) => what);
  return `${row(names)}${row(names.map(() => '--:'))}${row(counts.map(([count]) => count))}`;
}

/** What is on the server and nothing is done about. */
function restOf(counts: DriftDocument['counts'] | PlanDocument['counts']): readonly Count[] {
  return [
    [counts.unchanged, 'unchanged'],
    [counts.unmanaged, 'unmanaged'],
    [counts.ofOtherOwners, 'of other owners'],
  ];
}

/** A box that is out on GitHub, and a quote elsewhere. */
function alert(kind: 'CAUTION' | 'WARNING', lines: readonly string[]): string {
  return `${[`[!${kind}]`, ...lines].map((line) => `> ${line}\n`).join('')}`;
}

/** Those that are there, as in `1 to delete, 2 to create`. */
function countWords(counts: readonly Count[]): string {
  return counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`)
    .join(', ');
}

function sentences(facts: readonly string[]): string {
  return facts.map((fact) => `${sentence(fact)}.`).join(' ');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** Inside a list item. */
function indented(block: string): string {
  return block.replace(/^(?=.)/gm, '  ');
}
