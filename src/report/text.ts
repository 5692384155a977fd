import { utcText } from '../cron/utc.ts';
import type { Diagnostic, LocatedDiagnostic } from '../model/diagnostic.ts';
import type { LeaveReason, Plan } from '../model/plan.ts';
import type { StepOutcome } from '../model/result.ts';
import { type Origin, pathText } from '../model/schedule.ts';
import { renderProblem } from './codeframe.ts';
import type {
  AnyDocument,
  ChangeEntry,
  DriftClass,
  DriftDocument,
  DriftEntry,
  FailureDocument,
  FailureEntry,
  PauseEntry,
  PlanDocument,
  ProblemEntry,
  ResultDocument,
  StepEntry,
  ValidationDocument,
} from './document.ts';
import { terminalText } from './escape.ts';
import { fieldLines, type Sides } from './fields.ts';
import { firesLines } from './fires.ts';
import { renderHistory } from './history.ts';
import { originText } from './origin.ts';
import { renderSettings } from './settings.ts';
import { renderStatus } from './status.ts';
import type { Style } from './style.ts';
import { renderCommand, renderSwitch } from './switch.ts';
import { wrap } from './wrap.ts';

const inner = '    ';

/** Any document as text, ending in a newline. */
export function renderDocument(document: AnyDocument, style: Style): string {
  switch (document.kind) {
    case 'plan':
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
    case 'history':
      return renderHistory(document, style);
    case 'switch':
      return renderSwitch(document, style);
    case 'command':
      return renderCommand(document, style);
    case 'failure':
      return renderFailure(document, style);
  }
}

/** The plan as people read it: what is there to know first, then every change, then the sums and the digest. */
export function renderPlan(document: PlanDocument, style: Style): string {
  const { counts, verdict, problems, changes } = document;
  const { colors } = style;
  return paragraphs([
    ...problemBlocks(problems, style),
    [targetLine(document.target, style)],
    ...changes.flatMap((change) => changeBlocks(change, style)),
    verdict === 'nothing-to-do'
      ? [colors.green(`No changes. ${asManifestsSay(counts.unchanged)}${unmanagedWords(counts.unmanaged)}.`)]
      : [
          colors.bold(
            `Plan: ${counts.create} to create, ${counts.update} to update, ` +
              `${counts.adopt > 0 ? `${counts.adopt} to adopt, ` : ''}` +
              `${counts.rename > 0 ? `${counts.rename} to rename, ` : ''}${counts.delete} to delete, ` +
              `${counts.pause} to pause, ${counts.resume} to resume; ` +
              `${counts.unchanged} unchanged, ${counts.unmanaged} unmanaged.`,
          ),
          ...(verdict === 'blocked'
            ? [colors.red('This plan cannot be applied: see the errors above.')]
            : []),
          colors.dim(
            document.digest === undefined
              ? 'no digest: secrets are not known here, so this is no promise'
              : `digest: ${terminalText(document.digest)}`,
          ),
        ],
  ]);
}

/** What became of every step: one line each, with the reason below those that went wrong, and the sums. */
export function renderResult(document: ResultDocument, style: Style): string {
  const { steps, counts, requests, possiblyMissed, interrupted } = document;
  const { colors } = style;
  return paragraphs([
    ...problemBlocks(document.problems, style),
    steps.flatMap((step) => stepLines(step, style)),
    possiblyMissed.map(({ name, at }) =>
      colors.yellow(`possibly missed: ${terminalText(name)} ${utcText(at)}`),
    ),
    notRunLines(counts.notRun, interrupted, style),
    [
      colors.bold(
        `${interrupted ? 'Interrupted' : 'Applied'}: ${counts.done} done, ${counts.failed} failed, ` +
          `${counts.already} already, ${counts.stale} stale, ${counts.notRun} not run. ` +
          `${many(requests.reads, 'read')}, ${many(requests.writes, 'write')}, ${many(requests.retries, 'retry', 'retries')}.`,
      ),
    ],
  ]);
}

/** What on the server is not as its manifest says; `server → manifest` in every field. */
export function renderDrift(document: DriftDocument, style: Style): string {
  const { counts, drifted, entries } = document;
  const { colors } = style;
  const found =
    `${counts.changed} changed, ${counts.missing} missing, ` +
    `${counts.renamed > 0 ? `${counts.renamed} renamed, ` : ''}${many(counts.orphan, 'orphan')}, ` +
    `${counts.paused} paused`;
  return paragraphs([
    ...problemBlocks(document.problems, style),
    [`${targetLine(document.target, style)}${counts.changed > 0 ? colors.dim('  server → manifest') : ''}`],
    ...entries.map((entry) => driftBlock(entry, style)),
    [
      drifted
        ? colors.bold(
            `Drift: ${found}; ${counts.unchanged} as their manifests say, ${counts.unmanaged} unmanaged.`,
          )
        : colors.green(`No drift. ${asManifestsSay(counts.unchanged)}${unmanagedWords(counts.unmanaged)}.`),
    ],
  ]);
}

export function renderValidation(document: ValidationDocument, style: Style): string {
  const { counts, valid } = document;
  const { colors } = style;
  const where = `${many(counts.manifests, 'manifest')} in ${many(counts.files, 'file')}`;
  const found = `${many(counts.errors, 'error')}, ${many(counts.warnings, 'warning')}`;
  return paragraphs([
    ...problemBlocks(document.problems, style),
    [valid ? colors.green(`Valid: ${where}; ${found}.`) : colors.red(`Invalid: ${found}; ${where}.`)],
  ]);
}

/** Why there is no plan, no result and no drift to show. */
export function renderFailure(document: FailureDocument, style: Style): string {
  const errors = document.problems.filter(({ severity }) => severity === 'error').length;
  return paragraphs([
    ...problemBlocks(document.problems, style),
    document.failure === undefined ? [] : failureLines(document.failure, '', style),
    errors === 0
      ? []
      : [style.colors.red(`${many(errors, 'error')}: nothing was compared, nothing was written.`)],
  ]);
}

function paragraphs(blocks: readonly (readonly string[])[]): string {
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function problemBlocks(problems: readonly ProblemEntry[], style: Style): readonly (readonly string[])[] {
  return problems.map((problem) => [renderProblem(located(problem), style)]);
}

/** The diagnostic that the entry was made of; only its place before it was located is not kept. */
function located({ code, severity, args, at }: ProblemEntry): LocatedDiagnostic {
  const diagnostic = { code, severity, args, place: { kind: 'nowhere' } } as unknown as Diagnostic;
  return { diagnostic, ...(at === undefined ? {} : { at }) };
}

function targetLine({ url, behaviour, version }: Plan['target'], { colors }: Style): string {
  const server = version === undefined ? behaviour : `${behaviour}, version ${version}`;
  return `${terminalText(url)} ${colors.dim(`(${terminalText(server)})`)}`;
}

const signs: { readonly [K in ChangeEntry['kind']]: string } = {
  create: '+',
  update: '~',
  adopt: '~',
  rename: '>',
  delete: '-',
  leave: '=',
};

const sidesOf: { readonly [K in ChangeEntry['kind']]: Sides } = {
  create: 'after',
  update: 'both',
  adopt: 'both',
  rename: 'both',
  delete: 'before',
  leave: 'both',
};

/** A pause or resume is a block of its own, also when a save carries it: it must not drown in other fields. */
function changeBlocks(change: ChangeEntry, style: Style): readonly (readonly string[])[] {
  const { kind, pause } = change;
  const switched = pause !== undefined && pause.action !== 'stays';
  const fields = switched ? change.fields.filter((field) => !isPauseField(field.path)) : change.fields;
  const blocks: (readonly string[])[] = [];
  if (kind !== 'update' || fields.length > 0)
    blocks.push([
      headLine(`${signs[kind]} ${kind}`, change, style, colorOf(kind, style)),
      ...(change.reason === undefined ? [] : leftLines(change.reason, style)),
      ...(change.previous === undefined ? [] : renameLines(change.steps, change.previous, style)),
      ...(kind === 'leave' || kind === 'delete' || change.previous?.length === 0 || pause?.action === 'stays'
        ? stateLines(change, style, change.reason === 'paused-on-server')
        : []),
      ...fieldLines(fields, sidesOf[kind], style),
      ...firesLines(change, style),
    ]);
  if (switched)
    blocks.push([
      headLine(`! ${pause.action}`, change, style, style.colors.magenta),
      ...stateLines(change, style),
      ...(blocks.length === 0 ? firesLines(change, style) : []),
    ]);
  return blocks;
}

/** Why a schedule is left alone; of a pause the line below speaks. */
function leftLines(reason: LeaveReason, { width }: Style): readonly string[] {
  const words: { readonly [R in LeaveReason]: string } = {
    'paused-on-server': '',
    'needs-prune': 'no manifest names it any more: would delete (needs --prune)',
    protected:
      'no manifest names it any more, and it is protected: never deleted before a commit takes the protection off',
    'needs-adopt': 'it carries no marker and differs from its manifest: would change (needs --adopt)',
    'foreign-owner': 'it carries the marker of another owner (needs --take-over)',
    'rename-refused': 'still there under its old name: see the error above',
  };
  return words[reason] === '' ? [] : wrap(words[reason], width, inner);
}

/** What happens to which of the names, in order. */
function renameLines(
  steps: ChangeEntry['steps'],
  previous: readonly string[],
  { width, colors }: Style,
): readonly string[] {
  const olds = previous.map((name) => terminalText(JSON.stringify(name))).join(', ');
  const waits = steps.at(-1) !== 'delete';
  const begins = steps[0] === 'save' ? `it is saved${waits ? ', paused' : ''}; then ` : '';
  const words =
    previous.length === 0
      ? 'a rename of it broke off: the old one is gone, this one is paused and does not fire until it is resumed'
      : `${begins}${olds} ${previous.length > 1 ? 'are' : 'is'} deleted${waits ? ', and this one resumed' : ''}`;
  return wrap(words, width, inner).map(colors.dim);
}

function isPauseField(path: readonly string[]): boolean {
  return path.length === 1 && (path[0] === 'paused' || path[0] === 'pausedReason');
}

const driftSides: { readonly [C in DriftClass]: Sides } = {
  changed: 'both',
  missing: 'after',
  renamed: 'both',
  orphan: 'before',
  paused: 'both',
};

/** A schedule that runs although its manifest pauses it shows as a field; one that is paused says who and why. */
function driftBlock(entry: DriftEntry, style: Style): readonly string[] {
  const { colors } = style;
  const paint = {
    changed: colors.yellow,
    missing: colors.red,
    renamed: colors.yellow,
    orphan: colors.yellow,
    paused: colors.magenta,
  };
  const head = headLine(entry.class, entry, style, paint[entry.class]);
  if (entry.class === 'missing') return [head];
  const { pause, ...state } = entry;
  const isPaused = pause !== undefined && pause.action !== 'pause';
  const fields = isPaused ? entry.fields.filter(({ path }) => !isPauseField(path)) : entry.fields;
  return [
    head,
    ...(entry.previous === undefined ? [] : oldNameLines(entry.previous, style)),
    ...stateLines(isPaused ? entry : state, style, entry.class === 'paused'),
    ...(isPaused && !entry.counts ? [colors.dim(`${inner}not counted as drift without --strict`)] : []),
    ...fieldLines(fields, driftSides[entry.class], style),
  ];
}

function oldNameLines(previous: readonly string[], { width, colors }: Style): readonly string[] {
  const olds = previous.map((name) => terminalText(JSON.stringify(name))).join(', ');
  const words =
    previous.length === 0 ? 'a rename of it broke off: it is paused' : `still on the server as ${olds}`;
  return wrap(words, width, inner).map(colors.dim);
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
  { pause, lastChange }: Pick<ChangeEntry, 'pause' | 'lastChange'>,
  { width, colors }: Style,
  /** Nothing else is said of this schedule than that it is paused. */
  silent = false,
): readonly string[] {
  const facts = [
    ...(pause === undefined ? [] : [pauseText(pause)]),
    ...(lastChange === undefined || pause?.action === 'pause' ? [] : [lastChangeText(lastChange)]),
  ];
  if (facts.length === 0) return [];
  const stays =
    pause?.action === 'stays'
      ? `. ${silent ? 'The manifest does not speak of it, so it' : 'It'} stays paused.`
      : '';
  return wrap(facts.join('; ') + stays, width, inner).map((line) =>
    pause === undefined ? colors.dim(line) : line,
  );
}

function pauseText({ action, reason }: PauseEntry): string {
  const words = reason === undefined ? undefined : terminalText(JSON.stringify(reason));
  if (action === 'pause') return words === undefined ? 'without a reason' : `reason: ${words}`;
  return words === undefined ? 'paused on the server without a reason' : `paused on the server: ${words}`;
}

function lastChangeText({ by, at }: NonNullable<ChangeEntry['lastChange']>): string {
  const who = by === undefined ? '' : ` by ${terminalText(by)}`;
  return `last changed${who}${at === undefined ? '' : ` at ${utcText(at - (at % 1000))}`}`;
}

function colorOf(kind: ChangeEntry['kind'], { colors }: Style): (text: string) => string {
  return {
    create: colors.green,
    update: colors.yellow,
    adopt: colors.yellow,
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
  'not-run': 'not run',
};

function stepLines(entry: StepEntry, style: Style): readonly string[] {
  const { colors, width } = style;
  const paint = {
    done: colors.green,
    failed: colors.red,
    already: colors.dim,
    stale: colors.yellow,
    'not-run': colors.dim,
  }[entry.outcome];
  const wentWell = entry.outcome === 'done' || entry.outcome === 'already';
  const place =
    entry.origin === undefined || wentWell ? '' : `  ${colors.dim(`(${originText(entry.origin)})`)}`;
  const head = `${paint(outcomeWords[entry.outcome].padEnd(8))}${entry.step.padEnd(7)}${terminalText(entry.name)}${place}`;
  const below: string[] = [];
  if (entry.failure !== undefined) below.push(...failureLines(entry.failure, inner, style));
  if (entry.notKept !== undefined)
    below.push(
      ...wrap(
        `the server answered with success and did not keep ${entry.notKept.map((path) => terminalText(pathText(path))).join(', ')}`,
        width,
        inner,
      ),
      ...hintLines(
        'this server does not know these fields, or somebody wrote at the same moment: plan again to see which',
        inner,
        style,
      ),
    );
  if (entry.note !== undefined) below.push(...wrap(terminalText(entry.note), width, inner));
  if (entry.outcome === 'stale')
    below.push(
      ...wrap('it is no longer as the plan saw it, so it was not written', width, inner),
      ...hintLines('plan again to see what changed on the server', inner, style),
    );
  return [head, ...below];
}

function failureLines(failure: FailureEntry, indent: string, style: Style): readonly string[] {
  const effect = failure.effect === 'unknown' ? '; it is not known whether the server took it' : '';
  const request = `${failure.method} ${failure.url}`;
  const attempts = `${many(failure.attempts, 'attempt')}${effect}`;
  return [
    ...wrap(terminalText(failure.message), style.width, indent).map(
      indent === '' ? style.colors.red : (line) => line,
    ),
    ...wrap(terminalText(`${request}, ${attempts}`), style.width, indent).map(style.colors.dim),
    ...(failure.hint === undefined ? [] : hintLines(failure.hint, indent, style)),
  ];
}

function hintLines(hint: string, indent: string, { width, colors }: Style): readonly string[] {
  return wrap(`hint: ${terminalText(hint)}`, width, indent).map(colors.cyan);
}

function notRunLines(count: number, interrupted: boolean, { width }: Style): readonly string[] {
  if (count === 0) return [];
  const why = interrupted ? 'the run was stopped' : 'something before failed or was stale';
  return wrap(`${many(count, 'step')} not run, because ${why}: plan again to see what is left.`, width, '');
}

function asManifestsSay(count: number): string {
  return count === 1 ? '1 schedule is as its manifest says' : `${count} schedules are as their manifests say`;
}

function unmanagedWords(count: number): string {
  return count === 0 ? '' : `; ${count} unmanaged`;
}

function many(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}
