import { isObject, writeJson } from '../../model/json.ts';
import type {
  CommandDocument,
  PauseFacts,
  SwitchDocument,
  SwitchEntry,
  SwitchOutcome,
} from '../documents/generated/documents.ts';
import { terminalText } from './escape.ts';
import { originText } from './origin.ts';
import { toTheSecond, typeText } from './phrases.ts';
import type { Colors, Style } from './style.ts';
import { wrap } from './wrap.ts';

// More of them are only counted: what went wrong or was left alone is never.
const listedWhole = 40;

const below = '    ';

export function renderSwitch(document: SwitchDocument, style: Style): string {
  const { action, schedules, counts, interrupted, target, record } = document;
  const { colors } = style;
  const isLong = schedules.length > listedWhole;
  const shown = schedules.filter(
    ({ outcome, manifest, changed, possiblyMissed }) =>
      !isLong ||
      (outcome !== 'done' && outcome !== 'already') ||
      manifest?.disagrees === true ||
      changed ||
      possiblyMissed !== undefined,
  );
  const past = action === 'pause' ? 'paused' : 'resumed';
  const sums = [
    `${counts.done} ${past}`,
    ...(counts.already > 0 ? [`${counts.already} already`] : []),
    ...(counts.left > 0 ? [`${counts.left} left alone`] : []),
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(counts.notRun > 0 ? [`${counts.notRun} not tried`] : []),
  ].join(', ');
  return `${[
    `${terminalText(target.url)} ${colors.dim(`(${terminalText(typeText(target))})`)}`,
    ...shown.flatMap((entry) => entryLines(entry, action, style)),
    colors.bold(`${interrupted ? 'Interrupted: ' : ''}${sums}.`),
    ...lookLines(document, style),
    ...(record === undefined ? [] : wrap(recordWords(document, record), style.width, '')),
  ].join('\n')}\n`;
}

function lookLines({ closingLook, record }: SwitchDocument, { colors, width }: Style): readonly string[] {
  if (closingLook === undefined) return [];
  const line = (text: string): readonly string[] => wrap(text, width, '');
  if (closingLook.outcome === 'failed')
    return line(`It is unknown what still runs: ${terminalText(closingLook.failure.message)}`).map(
      colors.red,
    );
  const { stillRunning } = closingLook;
  const namesOf = (ignored: boolean): string =>
    stillRunning
      .filter((one) => (one.ignored === true) === ignored)
      .map(({ name }) => terminalText(name))
      .join(', ');
  const [running, ignored] = [namesOf(false), namesOf(true)];
  if (stillRunning.length === 0) return record === undefined ? [] : ['No schedule is running now.'];
  return [
    ...(running === '' ? [] : line(`Still running: ${running}.`).map(colors.red)),
    ...(ignored === ''
      ? []
      : line(`Still running, left out by \`ignore\`: ${ignored}. --include-ignored pauses them too.`).map(
          colors.yellow,
        )),
  ];
}

function recordWords({ action, counts, schedules, problems }: SwitchDocument, record: string): string {
  const file = terminalText(record);
  const open = counts.failed + counts.notRun > 0;
  if (action === 'pause')
    return open
      ? `What was running is in ${file}. Run the same command again to pause the rest.`
      : `What was running is in ${file}: \`downbeat resume --record ${file}\` brings back exactly that.`;
  if (open) return `${file} still lists the rest. Run the same command again.`;
  const others = schedules.filter(({ otherMark }) => otherMark).length;
  if (others > 0)
    return (
      `${others === 1 ? '1 schedule is' : `${others} schedules are`} still paused by Downbeat for another record or a ` +
      'rename: resume with that record, or run apply to finish the rename.'
    );
  return problems.length > 0
    ? `${file} may not have all of it.`
    : `${file} is no longer needed; you can delete it.`;
}

function entryLines(entry: SwitchEntry, action: SwitchDocument['action'], style: Style): readonly string[] {
  const { colors, width } = style;
  const { name, outcome, before, failure, manifest } = entry;
  const line = (text: string): readonly string[] => wrap(text, width, below);
  return [
    `${paintOf(outcome, colors)(wordOf(outcome, action).padEnd(8))} ${colors.bold(terminalText(name))}`,
    ...(outcome === 'already' && action === 'resume' ? line('it was not paused') : []),
    ...(entry.owner === undefined ? [] : line(`its owner is ${terminalText(entry.owner)}`)),
    ...(entry.gone ? line('it is no longer on the server') : []),
    ...(before === undefined ? [] : line(beforeWords(before, entry, action))),
    ...(entry.possiblyMissed ?? []).flatMap((at) => line(`possibly missed: ${at}`).map(colors.yellow)),
    ...(entry.changed ? line('it changed after it was paused: check what it starts now') : []),
    ...(entry.reasonLost ? line('its reason could not be stored') : []),
    ...(failure === undefined
      ? []
      : [
          ...line(terminalText(failure.message)),
          ...(failure.hint === undefined ? [] : line(`hint: ${terminalText(failure.hint)}`)),
        ]),
    ...(manifest?.disagrees
      ? line(
          `${originText(manifest.origin)} says \`paused: ${action === 'pause' ? 'false' : 'true'}\`: the next apply ` +
            `${action === 'pause' ? 'resumes' : 'pauses'} it`,
        ).map(colors.yellow)
      : []),
  ];
}

function wordOf(outcome: SwitchOutcome, action: SwitchDocument['action']): string {
  const past = action === 'pause' ? 'paused' : 'resumed';
  return { done: past, already: 'already', left: 'left', failed: 'failed', 'not-run': 'not run' }[outcome];
}

function paintOf(outcome: SwitchOutcome, colors: Colors): (text: string) => string {
  return {
    done: colors.green,
    already: colors.dim,
    left: colors.yellow,
    failed: colors.red,
    'not-run': colors.dim,
  }[outcome];
}

function beforeWords(
  { reason, by, at }: PauseFacts,
  { outcome, otherMark }: SwitchEntry,
  action: SwitchDocument['action'],
): string {
  const who = by === undefined ? '' : ` by ${terminalText(by)}`;
  const when = at === undefined ? '' : ` at ${toTheSecond(at)}`;
  const words = reason === undefined ? 'without a reason' : terminalText(JSON.stringify(reason));
  const last = who + when === '' ? '' : `; last changed${who}${when}`;
  const head = otherMark
    ? 'Downbeat paused it for another record or a rename, so it stays paused'
    : outcome === 'left'
      ? reason === undefined
        ? // A server that stores no reasons does not show whose pause it is; a run that broke off may not have noted it.
          'it is not known who paused it, so it stays paused'
        : 'paused by somebody else, so it stays paused'
      : action === 'pause'
        ? 'it was paused before'
        : 'it was paused';
  return `${head}: ${words}${last}`;
}

export function renderCommand(
  { operation, target, answer }: CommandDocument,
  { width, colors }: Style,
): string {
  const words = {
    'pause all': 'The scheduler accepted the request to stop.',
    'resume all': 'The scheduler accepted the request to continue.',
    requeue: 'Execution records that were only partly archived are requeued',
  }[operation];
  const count = isObject(answer) ? answer['recordIds.size'] : undefined;
  const requeued = typeof count === 'number' ? `: ${count}.` : '.';
  return [
    `${terminalText(target.url)} ${colors.dim(`(${terminalText(typeText(target))})`)}`,
    ...wrap(operation === 'requeue' ? words + requeued : words, width, '').map(colors.bold),
    colors.dim(`answer: ${answer === null ? 'empty' : terminalText(writeJson(answer))}`),
    '',
  ].join('\n');
}
