import { present } from '../../model/present.ts';
import type { Origin } from '../../model/schedule.ts';
import { allowanceText, reasonTexts, stateText } from '../base/base-words.ts';
import type { RunDocument } from '../documents/document.ts';
import type { ProblemEntry } from '../documents/entries.ts';
import type {
  BasePlanDocument,
  DriftEntry,
  PlanDocument,
  ResultDocument,
} from '../documents/generated/documents.ts';
import { terminalText } from '../text/escape.ts';
import {
  lacksRightText,
  lastChangeText,
  many,
  notCheckedText,
  overdueText,
  pauseText,
} from '../text/phrases.ts';
import { createColors } from '../text/style.ts';
import { troubleLines } from '../text/trouble.ts';

type Level = 'error' | 'warning' | 'notice';

/** Texts are as they came; they are escaped where the line is written. */
interface Annotation {
  readonly level: Level;
  readonly title: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** GitHub shows so many of each level for one step; the runner keeps the first ones. */
const mostShown = 10;

/**
 * What deserves attention as GitHub's workflow commands, a line each: problems where they are, planned deletes as
 * warnings, pauses and resumes as notices. Empty when there is nothing to say. Where there are more of a level than
 * GitHub shows, the last one that it shows counts the others, which follow for the log only.
 */
export function renderAnnotations(document: RunDocument): string {
  return linesOf(annotationsOf(document));
}

/** The same for nothing but problems. */
export function renderProblemAnnotations(problems: readonly ProblemEntry[]): string {
  return linesOf(problems.map(ofProblem));
}

function linesOf(all: readonly Annotation[]): string {
  return (['error', 'warning', 'notice'] as const)
    .flatMap((level) => limited(all.filter((one) => one.level === level)))
    .map(commandOf)
    .join('');
}

function annotationsOf(document: RunDocument): readonly Annotation[] {
  const problems = [...document.problems.map(ofProblem), ...ofNotChecked(document)];
  switch (document.kind) {
    case 'plan':
      return [...problems, ...document.changes.flatMap(ofChange)];
    case 'base-plan':
      return [
        ...ofBranch(document).map(ofProblem),
        ...ofBase(document),
        ...document.changes.flatMap(ofChange),
      ];
    case 'result':
      return [...problems, ...document.steps.flatMap(ofStep), ...ofMissed(document)];
    case 'drift':
      return [...problems, ...document.entries.map(ofDrift)];
    case 'validation':
      return problems;
    case 'failure': {
      const { failure } = document;
      if (failure === undefined) return problems;
      return [...problems, { level: 'error', title: 'Request failed', message: withHint(failure) }];
    }
  }
}

function ofNotChecked(document: RunDocument): readonly Annotation[] {
  const message = 'notChecked' in document ? notCheckedText(document.notChecked) : undefined;
  return message === undefined ? [] : [{ level: 'notice', title: 'Not checked', message }];
}

/** Without warnings that the base has too, in files that no change is in. */
function ofBranch({ base, changes, problems }: BasePlanDocument): readonly ProblemEntry[] {
  if (base.state !== 'read') return problems;
  const files = new Set(changes.map(({ origin }) => origin?.file));
  return problems.filter(
    ({ severity, isNew, at }) =>
      severity === 'error' || isNew === true || at === undefined || files.has(at.file),
  );
}

/** Without changes on the list, no line would say that they are not known. */
function ofBase(document: BasePlanDocument): readonly Annotation[] {
  const message = [stateText(document, terminalText), ...reasonTexts(document, terminalText)].join('\n');
  return [
    ...(document.verdict === 'unknown'
      ? [{ level: 'warning', title: 'Changes not known', message } as const]
      : []),
    ...document.allowances.map(
      (one): Annotation => ({
        level: 'notice',
        title: 'Newly allowed',
        message: allowanceText(one, terminalText),
        ...one.at,
      }),
    ),
  ];
}

function ofProblem(problem: ProblemEntry): Annotation {
  const { severity, code, at } = problem;
  return {
    level: severity,
    title: code,
    message: withHint(problem),
    ...present({ file: at?.file, line: at?.line, column: at?.column }),
  };
}

function withHint({ message, hint }: { readonly message: string; readonly hint?: string }): string {
  return `${terminalText(message)}${hint === undefined ? '' : `\nhint: ${terminalText(hint)}`}`;
}

/** A delete has no manifest any more, so it has no place either. */
function ofChange({
  kind,
  name,
  origin,
  pause,
  previous,
  lastChange,
}: PlanDocument['changes'][number]): readonly Annotation[] {
  const who = lastChange === undefined ? '' : `; ${lastChangeText(lastChange, terminalText)}`;
  const deleted = kind === 'delete' ? [name] : kind === 'rename' ? (previous ?? []) : [];
  return [
    ...deleted.map(
      (old): Annotation => ({
        level: 'warning',
        title: 'Deletes a schedule',
        message:
          kind === 'delete'
            ? `${quoted(old)} is deleted: it is no longer in a manifest${who}`
            : `${quoted(old)} is deleted: it is ${quoted(name)} now`,
        ...placeOf(origin),
      }),
    ),
    ...(pause === undefined || pause.action === 'stays'
      ? []
      : [
          {
            level: 'notice',
            title: pause.action === 'pause' ? 'Pauses a schedule' : 'Resumes a schedule',
            message: `${quoted(name)} is ${pause.action}d; ${pauseText(pause, terminalText)}${pause.action === 'resume' ? who : ''}`,
            ...placeOf(origin),
          } as const,
        ]),
  ];
}

const plain = { width: Number.POSITIVE_INFINITY, colors: createColors(false) };

const stepTitles: { readonly [outcome: string]: string } = {
  failed: 'A step failed',
  stale: 'Stale',
  overwritten: 'Overwritten by somebody else',
  lost: 'Lost',
};

function ofStep(entry: ResultDocument['steps'][number]): readonly Annotation[] {
  const { name, step, outcome, origin } = entry;
  const title = stepTitles[outcome];
  if (title === undefined) return [];
  return [
    {
      level: outcome === 'stale' ? 'warning' : 'error',
      title,
      message: [`${step} ${quoted(name)}`, ...troubleLines(entry, plain, '')].join('\n'),
      ...placeOf(origin),
    },
  ];
}

function ofMissed({ possiblyMissed }: ResultDocument): readonly Annotation[] {
  return possiblyMissed.map(({ name, at }) => ({
    level: 'warning',
    title: 'Possibly missed a fire',
    message: `${quoted(name)} at ${at}`,
  }));
}

const driftTitles: { readonly [C in DriftEntry['class']]: string } = {
  changed: 'Changed on the server',
  missing: 'Missing on the server',
  renamed: 'Still under its old name',
  orphan: 'No longer in a manifest',
  overdue: 'Missed a fire',
  paused: 'Paused on the server',
};

function ofDrift({
  class: driftClass,
  counts,
  name,
  origin,
  pause,
  lastChange,
  since,
  lacksRight,
}: DriftEntry): Annotation {
  const facts = [
    quoted(name),
    ...(pause === undefined || pause.action === 'pause' ? [] : [pauseText(pause, terminalText)]),
    ...(since === undefined ? [] : [overdueText(since)]),
    ...(lacksRight ? [lacksRightText] : []),
    ...(lastChange === undefined ? [] : [lastChangeText(lastChange, terminalText)]),
  ];
  return {
    level: counts ? 'warning' : 'notice',
    title: driftTitles[driftClass],
    message: facts.join('; '),
    ...placeOf(origin),
  };
}

/** The line of the manifest is not known here. */
function placeOf(origin: Origin | undefined): Pick<Annotation, 'file'> {
  return origin === undefined ? {} : { file: origin.file };
}

function quoted(name: string): string {
  return terminalText(JSON.stringify(name));
}

function limited(annotations: readonly Annotation[]): readonly Annotation[] {
  const [first] = annotations;
  if (first === undefined || annotations.length <= mostShown) return annotations;
  const rest = annotations.length - mostShown + 1;
  return [
    ...annotations.slice(0, mostShown - 1),
    {
      level: first.level,
      title: `${rest} more`,
      message: `${many(rest, first.level)} more: see the log of this step; GitHub shows at most ${mostShown} here`,
    },
    ...annotations.slice(mostShown - 1),
  ];
}

function commandOf({ level, title, message, file, line, column }: Annotation): string {
  const properties = [
    ...(file === undefined ? [] : [`file=${property(file)}`]),
    ...(line === undefined ? [] : [`line=${line}`]),
    ...(column === undefined ? [] : [`col=${column}`]),
    `title=${property(title)}`,
  ];
  return `::${level} ${properties.join(',')}::${data(message)}\n`;
}

/** The runner turns these back, and nothing else. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(terminalText(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
