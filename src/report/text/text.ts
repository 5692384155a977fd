import type { StepOutcome } from '../../model/generated/report-parts.ts';
import type { Plan } from '../../model/plan.ts';
import { isRefused, noCounts } from '../../model/plan.ts';
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
import { fieldLines } from '../diff/field-lines.ts';
import type { AnyDocument } from '../documents/document.ts';
import type { ProblemEntry } from '../documents/entries.ts';
import type {
  BasePlanDocument,
  ChangeEntry,
  DriftDocument,
  DriftEntry,
  FailureDocument,
  PlanDocument,
  PullDocument,
  ResultDocument,
  StepEntry,
  ValidationDocument,
} from '../documents/generated/documents.ts';
import { changeTable, driftTable, isTable } from '../tables/change-table.ts';
import { placeText, renderProblem } from './codeframe.ts';
import { terminalText } from './escape.ts';
import { firesLines } from './fire-lines.ts';
import { renderHistory } from './history.ts';
import { renderShow } from './on-call/show.ts';
import { originText, sourceLines } from './origin.ts';
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
  unmanagedText,
  unmanagedWords,
} from './phrases.ts';
import { pullBlocks } from './pull.ts';
import { renderSettings } from './settings.ts';
import { renderStatus } from './status.ts';
import type { Style } from './style.ts';
import { renderCommand, renderSwitch } from './switch.ts';
import { errorLines, failureLines, troubleLines } from './trouble.ts';
import { wrap } from './wrap.ts';

const inner = '    ';

/** Any document as text, ending in a newline. */
export function renderDocument(document: AnyDocument, style: Style): string {
  switch (document.kind) {
    case 'plan':
    case 'base-plan':
      return renderPlan(document, style);
    case 'result':
      return renderResult(document, style);
    case 'drift':
      return renderDrift(document, style);
    case 'validation':
      return renderValidation(document, style);
    case 'settings':
      return renderSettings(document, style);
    case 'status':
      return renderStatus(document, style);
    case 'show':
      return renderShow(document, style);
    case 'history':
      return renderHistory(document, style);
    case 'switch':
      return renderSwitch(document, style);
    case 'command':
      return renderCommand(document, style);
    case 'pull':
      return renderPull(document, style);
    case 'failure':
      return renderFailure(document, style);
  }
}

/** The plan as people read it: what is there to know first, then every change, then the sums and the digest. */
export function renderPlan(document: PlanDocument | BasePlanDocument, style: Style): string {
  const { counts = noCounts, verdict, problems, changes } = document;
  const { colors } = style;
  const refused = changes.filter(isRefused).length;
  return paragraphs([
    ...(document.kind === 'plan' ? gatheredBlocks(problems, style) : newFirst(document, style)),
    ...(document.kind === 'plan'
      ? [[targetLine(document.target, style)]]
      : [[baseText(document.base, terminalText)], ...baseBlocks(document, style)]),
    ...(isTable(changes.length, style.details)
      ? [changeTable(changes, style)]
      : changes.flatMap((change) => changeBlocks(change, style))),
    ...(refused === 0 ? [] : [[colors.red(refusedText(refused))]]),
    zoneRulesLine(document, style),
    verdict === 'unknown'
      ? []
      : [
          verdict === 'nothing-to-do'
            ? colors.green(document.kind === 'plan' ? nothingToDo(counts, refused) : noChanges(document))
            : colors.bold(
                `Plan: ${counts.create} to create, ${counts.update} to update, ` +
                  `${counts.adopt > 0 ? `${counts.adopt} to adopt, ` : ''}` +
                  `${counts.horizon > 0 ? `${counts.horizon} to move on, ` : ''}` +
                  `${counts.rename > 0 ? `${counts.rename} to rename, ` : ''}${counts.delete} to delete, ` +
                  `${counts.pause} to pause, ${counts.resume} to resume; ` +
                  `${counts.unchanged} unchanged${document.kind === 'plan' ? `, ${unmanagedText(counts)}` : ''}.`,
              ),
          ...(verdict === 'blocked'
            ? [colors.red('This plan cannot be applied: see the errors above.')]
            : []),
          ...(document.kind === 'plan' ? [colors.dim(digestText(document))] : []),
        ],
    ...(document.kind === 'plan' ? [] : [wrap(noServerAsked, style.width, '').map(colors.dim)]),
  ]);
}

/** Problems that the base has too are nothing that a reviewer has to decide. */
function newFirst({ problems, base }: BasePlanDocument, style: Style): readonly (readonly string[])[] {
  if (base.state !== 'read') return gatheredBlocks(problems, style);
  const old = problems.filter(({ isNew }) => isNew !== true);
  const warnings = old.filter(({ severity }) => severity === 'warning');
  const shown = style.details === true ? old : old.filter((one) => !warnings.includes(one));
  return [
    ...gatheredBlocks(
      problems.filter(({ isNew }) => isNew === true),
      style,
    ),
    ...(shown.length === 0 ? [] : [[style.colors.dim('As in the base:')], ...problemBlocks(shown, style)]),
    ...(style.details === true || warnings.length === 0
      ? []
      : [
          wrap(
            `As in the base: ${many(warnings.length, 'warning')} (${codeCounts(warnings)}); --details shows ${warnings.length === 1 ? 'it' : 'them'}.`,
            style.width,
            '',
          ).map(style.colors.dim),
        ]),
  ];
}

/** `12 no-workflow, 1 clock-change`, the most frequent first. */
function codeCounts(problems: readonly ProblemEntry[]): string {
  return [...byCode(problems)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([code, same]) => `${same.length} ${code}`)
    .join(', ');
}

function byCode(problems: readonly ProblemEntry[]): ReadonlyMap<string, readonly ProblemEntry[]> {
  const found = new Map<string, ProblemEntry[]>();
  for (const one of problems) {
    const same = found.get(one.code);
    if (same === undefined) found.set(one.code, [one]);
    else same.push(one);
  }
  return found;
}

/** More warnings of one code than these are one, with the places of some others. */
const mostAlike = 3;
const mostPlaces = 3;

/** Problems before a plan, where many of the same kind would bury it. Errors are never gathered. */
function gatheredBlocks(problems: readonly ProblemEntry[], style: Style): readonly (readonly string[])[] {
  if (style.details === true) return problemBlocks(problems, style);
  const alike = byCode(problems.filter(({ severity }) => severity === 'warning'));
  return problems.flatMap((problem) => {
    const same = problem.severity === 'warning' ? (alike.get(problem.code) ?? []) : [];
    if (same.length <= mostAlike) return problemBlocks([problem], style);
    const [first, ...others] = same;
    if (problem !== first) return [];
    const places = [...new Set(others.flatMap(({ at }) => (at === undefined ? [] : [placeText({ ...at })])))];
    const named = places.slice(0, mostPlaces).join(', ');
    const rest = others.length - Math.min(places.length, mostPlaces);
    const where = named === '' ? '' : `, at ${named}${rest > 0 ? ` and ${rest} more` : ''}`;
    return [
      [
        renderProblem(problem, style),
        ...wrap(
          `${others.length} more ${problem.code} warnings${where}; --details shows them.`,
          style.width,
          '',
        ).map(style.colors.yellow),
      ],
    ];
  });
}

/** What the base is to the manifests here, beside the changes. */
function baseBlocks(document: BasePlanDocument, { width, colors }: Style): readonly (readonly string[])[] {
  const state = stateText(document, terminalText);
  const found = [newText(document), loadText(document)].filter((text) => text !== undefined);
  return [
    [
      ...(state === '' ? [] : wrap(state, width, '')),
      ...reasonTexts(document, terminalText).flatMap((reason) => wrap(`- ${reason}`, width, '')),
    ].map(colors.yellow),
    document.settings.map((one) => `${colors.yellow('~')} ${settingText(one, terminalText)}`),
    document.allowances
      .flatMap((one) => wrap(`newly allowed: ${allowanceText(one, terminalText)}`, width, ''))
      .map(colors.yellow),
    document.ended
      .flatMap((one) => wrap(`no longer: ${endedText(one, terminalText)}`, width, ''))
      .map(colors.dim),
    found.flatMap((text) => wrap(text, width, '')),
  ];
}

function digestText({ digest }: PlanDocument): string {
  return digest === undefined
    ? 'no digest: some secrets are not known here'
    : `digest: ${terminalText(digest)}`;
}

/** Which zone rules the fires were computed with, where one is in a zone other than UTC. */
function zoneRulesLine(
  { run, changes }: Pick<PlanDocument, 'run' | 'changes'>,
  { colors }: Style,
): readonly string[] {
  const isZoned = changes.some(({ fires }) =>
    [fires?.before, fires?.after].some((side) =>
      side?.timers.some(({ words, zoneId }) => words !== undefined && zoneId !== 'UTC'),
    ),
  );
  return run?.tz === undefined || !isZoned
    ? []
    : [colors.dim(`zone rules: tz ${terminalText(run.tz)}; the server uses its own`)];
}

/** What became of every step: one line each, with the reason below those that went wrong, and the sums. */
export function renderResult(document: ResultDocument, style: Style): string {
  const { steps, counts, requests, possiblyMissed, interrupted } = document;
  const { colors } = style;
  return paragraphs([
    ...problemBlocks(document.problems, style),
    steps.flatMap((step) => stepLines(step, style)),
    possiblyMissed.map(({ name, at }) => colors.yellow(`possibly missed: ${terminalText(name)} ${at}`)),
    notRunLines(counts.notRun, interrupted, style),
    closingLookLines(document.closingLook, style),
    [
      colors.bold(
        `${interrupted ? 'Interrupted' : 'Applied'}: ${counts.done} done, ${counts.failed} failed, ` +
          `${counts.already} already, ${counts.stale} stale, ${takenText(counts)}${counts.notRun} not run. ` +
          `${many(requests.reads, 'read')}, ${many(requests.writes, 'write')}, ${many(requests.retries, 'retry', 'retries')}.`,
      ),
    ],
  ]);
}

/** What on the server differs from its manifest; `server → manifest` in every field. */
export function renderDrift(document: DriftDocument, style: Style): string {
  const { counts, drifted, entries, stopped, overdueUnknown } = document;
  const { colors } = style;
  const found =
    `${counts.changed} changed, ${counts.missing} missing, ` +
    `${counts.renamed > 0 ? `${counts.renamed} renamed, ` : ''}${many(counts.orphan, 'orphan')}, ` +
    `${counts.overdue > 0 ? `${counts.overdue} overdue, ` : ''}${counts.paused} paused`;
  return paragraphs([
    ...gatheredBlocks(document.problems, style),
    [`${targetLine(document.target, style)}${counts.changed > 0 ? colors.dim('  server → manifest') : ''}`],
    ...(isTable(entries.length, style.details)
      ? [driftTable(entries, style)]
      : entries.map((entry) => driftBlock(entry, style))),
    stopped === undefined ? [] : wrap(stoppedText(stopped), style.width, '').map(colors.red),
    overdueUnknown === undefined
      ? []
      : [`Whether schedules are overdue is not known: ${terminalText(overdueUnknown.message)}`],
    [
      drifted
        ? colors.bold(`Drift: ${found}; ${counts.unchanged} unchanged, ${unmanagedText(counts)}.`)
        : colors.green(`No drift. ${asManifestsSay(counts.unchanged)}${unmanagedWords(counts)}.`),
    ],
  ]);
}

export function renderValidation(document: ValidationDocument, style: Style): string {
  const { counts, valid } = document;
  const { colors } = style;
  const where = manifestsText(counts);
  const found = `${many(counts.errors, 'error')}, ${many(counts.warnings, 'warning')}`;
  return paragraphs([
    ...problemBlocks(document.problems, style),
    notCheckedLines(document, style),
    [valid ? colors.green(`Valid: ${where}; ${found}.`) : colors.red(`Invalid: ${found}; ${where}.`)],
  ]);
}

/** What was brought into the files, what was not, and why. */
export function renderPull(document: PullDocument, style: Style): string {
  const { from, problems } = document;
  return paragraphs([
    ...problemBlocks(problems, style),
    [from.kind === 'server' ? targetLine(from.target, style) : terminalText(from.file)],
    ...pullBlocks(document, style),
  ]);
}

/** Why there is no plan, no result and no drift to show. */
export function renderFailure(document: FailureDocument, style: Style): string {
  const errors = document.problems.filter(({ severity }) => severity === 'error').length;
  return paragraphs([
    ...problemBlocks(document.problems, style),
    document.failure === undefined ? [] : errorLines(document.failure, style),
    notCheckedLines(document, style),
    errors === 0
      ? []
      : [
          style.colors.red(
            `${many(errors, 'error')}${document.run?.command === 'apply' ? '; nothing was written' : ''}.`,
          ),
        ],
  ]);
}

function notCheckedLines(
  { notChecked }: Pick<FailureDocument, 'notChecked'>,
  { width, colors }: Style,
): readonly string[] {
  const text = notCheckedText(notChecked);
  return text === undefined ? [] : wrap(text, width, '').map(colors.yellow);
}

function paragraphs(blocks: readonly (readonly string[])[]): string {
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function problemBlocks(problems: readonly ProblemEntry[], style: Style): readonly (readonly string[])[] {
  return problems.map((problem) => [renderProblem(problem, style)]);
}

function targetLine(target: Plan['target'], { colors }: Style): string {
  return `${terminalText(target.url)} ${colors.dim(`(${terminalText(serverText(target))})`)}`;
}

const signs: { readonly [K in ChangeEntry['kind']]: string } = {
  create: '+',
  update: '~',
  adopt: '~',
  horizon: '~',
  rename: '>',
  delete: '-',
  leave: '=',
};

/** A pause or resume is a block of its own, also when a save carries it: it must not drown in other fields. */
function changeBlocks(change: ChangeEntry, style: Style): readonly (readonly string[])[] {
  const { kind, pause } = change;
  const { colors } = style;
  const switched = pause !== undefined && pause.action !== 'stays';
  const fields = switched ? change.fields.filter((field) => !isPauseField(field.path)) : change.fields;
  const blocks: (readonly string[])[] = [];
  if (kind !== 'update' || fields.length > 0)
    blocks.push([
      headLine(
        `${signs[kind]} ${isRefused(change) ? 'refused' : kind}`,
        change,
        style,
        isRefused(change) ? colors.red : colorOf(kind, style),
      ),
      ...leftLines(change, style),
      ...(change.previous === undefined
        ? []
        : wrap(renameText(change.steps, change.previous, terminalText), style.width, inner).map(colors.dim)),
      ...(kind === 'leave' || kind === 'delete' || change.previous?.length === 0 || pause?.action === 'stays'
        ? stateLines(change, style, change.reason === 'paused-on-server')
        : []),
      ...fieldLines(fields, sidesOf[kind], style),
      ...sourceLines(change, style),
      ...firesLines(change, style),
    ]);
  if (switched)
    blocks.push([
      headLine(`! ${pause.action}`, change, style, colors.magenta),
      ...stateLines(change, style),
      ...(blocks.length === 0 ? [...sourceLines(change, style), ...firesLines(change, style)] : []),
    ]);
  return blocks;
}

/** Why a schedule is left alone; of a pause the line below speaks. */
function leftLines(change: ChangeEntry, { width }: Style): readonly string[] {
  const text = leftText(change);
  return text === '' ? [] : wrap(text, width, inner);
}

/** A schedule that runs although its manifest pauses it shows as a field; one that is paused says who and why. */
function driftBlock(entry: DriftEntry, style: Style): readonly string[] {
  const { colors } = style;
  const paint = {
    changed: colors.yellow,
    missing: colors.red,
    renamed: colors.yellow,
    orphan: colors.yellow,
    overdue: colors.red,
    paused: colors.magenta,
  };
  const head = headLine(entry.class, entry, style, paint[entry.class]);
  if (entry.class === 'missing') return [head];
  if (entry.since !== undefined) return [head, ...wrap(overdueText(entry.since), style.width, inner)];
  const { pause, ...state } = entry;
  const isPaused = pause !== undefined && pause.action !== 'pause';
  const fields = isPaused ? entry.fields.filter(({ path }) => !isPauseField(path)) : entry.fields;
  return [
    head,
    ...(entry.previous === undefined
      ? []
      : wrap(oldNameText(entry.previous, terminalText), style.width, inner).map(colors.dim)),
    ...stateLines(isPaused ? entry : state, style, entry.class === 'paused'),
    ...(entry.lacksRight ? wrap(lacksRightText, style.width, inner) : []),
    ...(isPaused && !entry.counts ? [colors.dim(`${inner}not counted as drift without --strict`)] : []),
    ...fieldLines(fields, driftSides[entry.class], style),
  ];
}

function headLine(
  start: string,
  { name, origin }: { readonly name: string; readonly origin?: Origin },
  { colors }: Style,
  paint: (text: string) => string,
): string {
  const place = origin === undefined ? '' : `  ${colors.dim(`(${originText(origin)})`)}`;
  return `${paint(start)} ${colors.bold(terminalText(name))}${place}`;
}

/** What the server says of the schedule's pause and of who wrote it last. */
function stateLines(
  { pause, lastChange, proof }: Pick<ChangeEntry, 'pause' | 'lastChange' | 'proof'>,
  { width, colors }: Style,
  /** Nothing else is said of this schedule than that it is paused. */
  silent = false,
): readonly string[] {
  const facts = [
    ...(pause === undefined ? [] : [pauseText(pause, terminalText)]),
    ...(lastChange === undefined || pause?.action === 'pause'
      ? []
      : [lastChangeText(lastChange, terminalText)]),
    ...proofTexts(proof, terminalText),
  ];
  if (facts.length === 0) return [];
  const stays =
    pause?.action === 'stays' ? `. ${silent ? 'Not set in the manifest; left' : 'Left'} paused.` : '';
  return wrap(facts.join('; ') + stays, width, inner).map((line) =>
    pause === undefined ? colors.dim(line) : line,
  );
}

function colorOf(kind: ChangeEntry['kind'], { colors }: Style): (text: string) => string {
  return {
    create: colors.green,
    update: colors.yellow,
    adopt: colors.yellow,
    horizon: colors.dim,
    rename: colors.yellow,
    delete: colors.red,
    leave: colors.dim,
  }[kind];
}

const outcomeWords: { readonly [O in StepOutcome]: string } = {
  done: 'done',
  failed: 'failed',
  already: 'already',
  stale: 'stale',
  overwritten: 'overwritten',
  lost: 'lost',
  'not-run': 'not run',
};

function stepLines(entry: StepEntry, style: Style): readonly string[] {
  const { colors } = style;
  const paint = {
    done: colors.green,
    failed: colors.red,
    already: colors.dim,
    stale: colors.yellow,
    overwritten: colors.red,
    lost: colors.red,
    'not-run': colors.dim,
  }[entry.outcome];
  const wentWell = entry.outcome === 'done' || entry.outcome === 'already';
  const place =
    entry.origin === undefined || wentWell ? '' : `  ${colors.dim(`(${originText(entry.origin)})`)}`;
  const head = `${paint(outcomeWords[entry.outcome].padEnd(7))} ${entry.step.padEnd(7)}${terminalText(entry.name)}${place}`;
  return [head, ...troubleLines(entry, style)];
}

/** Only where it happened: `2 overwritten, 1 lost, `. */
function takenText({ overwritten, lost }: ResultDocument['counts']): string {
  return `${overwritten > 0 ? `${overwritten} overwritten, ` : ''}${lost > 0 ? `${lost} lost, ` : ''}`;
}

function closingLookLines(look: ResultDocument['closingLook'], style: Style): readonly string[] {
  if (look.outcome !== 'failed') return [];
  return [
    ...wrap(noClosingLook, style.width, ''),
    ...(look.failure === undefined ? [] : failureLines(look.failure, '    ', style)),
  ];
}

function notRunLines(count: number, interrupted: boolean, { width }: Style): readonly string[] {
  return count === 0 ? [] : wrap(notRunText(count, interrupted), width, '');
}
