import { utcTime } from '../../../cron/zone/utc.ts';
import { type Json, writeJson } from '../../../model/json.ts';
import type { DriftState, ShowDocument } from '../../documents/generated/documents.ts';
import { terminalText } from '../escape.ts';
import { calendarDayText } from '../fire-lines.ts';
import { outcomeOf, runDetails } from '../past-runs.ts';
import { serverText, toTheSecond } from '../phrases.ts';
import { awayText } from '../span.ts';
import { tagsText } from '../status.ts';
import type { Style } from '../style.ts';
import { wrap } from '../wrap.ts';

/** Titles are in a column of their own. */
const room = 11;

/** One page about one schedule: what is wrong first, then when it fires, what became of it, and whose it is. */
export function renderShow(document: ShowDocument, style: Style): string {
  const { colors } = style;
  const { name, state, target, at, overdue, next, timers, startTime, endTime, catchup } = document;
  const { workflow, runs, runsUnknown, pause, drift, owner, tags = [], description } = document;
  const paint = state === 'active' ? colors.green : colors.magenta;
  const block = (title: string, texts: readonly string[]): readonly string[] =>
    texts.flatMap((text, index) => titled(index === 0 ? title : '', text, style));
  const unread = document.nextUnknown
    ? 'not known: this Node does not know its time zone'
    : 'never: the server cannot read this';
  return [
    `${colors.bold(terminalText(name))}  ${paint(state === 'missing' ? 'not on the server' : state)}`,
    colors.dim(`${terminalText(target.url)} (${terminalText(serverText(target))}, ${toTheSecond(at)})`),
    '',
    ...(overdue === undefined
      ? []
      : block('OVERDUE', [
          `should have fired at ${overdue}, ${awayText(utcTime(overdue), utcTime(at))}; \`downbeat audit\` says why`,
        ]).map(colors.red)),
    ...(pause === undefined ? [] : block('Paused', [pauseWords(document)])),
    ...block('About', description === undefined ? [] : description.split('\n').map(terminalText)),
    ...block(
      'Fires',
      timers.map(
        ({ cronExpression, zoneId, words }) =>
          `${words ?? unread}, ${terminalText(zoneId)} (${terminalText(cronExpression)})`,
      ),
    ),
    ...block('Window', [
      ...(startTime === undefined ? [] : [`from ${startTime}`]),
      ...(endTime === undefined ? [] : [`to ${endTime}`]),
      ...(catchup ? ['catches up on fires that were missed while the server was down'] : []),
    ]),
    ...block(
      'Next',
      next.length > 0
        ? next.map((fire) => `${fire.local}  ${awayText(utcTime(fire.at), utcTime(at))}`)
        : [
            document.nextUnknown
              ? 'not known'
              : state === 'active'
                ? 'never'
                : state === 'paused'
                  ? 'none while it is paused'
                  : 'none',
          ],
    ),
    ...block('Only on', (document.kept ?? []).map(calendarDayText)),
    ...block('Not on', (document.leftOut ?? []).map(calendarDayText)),
    ...runLines(runs, runsUnknown, style),
    ...block('Workflow', [
      `${terminalText(workflow.name)}, ${workflow.version === undefined ? 'the latest version when it fires' : `version ${workflow.version}`}` +
        `${workflow.priority === 0 ? '' : `, priority ${workflow.priority}`}` +
        `${workflow.correlationId === undefined ? '' : `, correlation ID ${terminalText(workflow.correlationId)}`}`,
    ]),
    ...block('Input', inputLines(workflow.input)),
    ...block('Manifest', [manifestWords(document)]),
    ...(drift === undefined || document.manifest === undefined ? [] : block('Drift', [driftWords(drift)])),
    ...(owner === undefined
      ? []
      : block('Owner', [`${terminalText(owner)}${document.protected ? ', protected' : ''}`])),
    ...block('Tags', tags.length === 0 ? [] : [tagsText(tags)]),
    ...block('Created', byAt(document.created)),
    ...block('Changed', byAt(document.changed)),
    '',
  ].join('\n');
}

function titled(title: string, text: string, { width, colors }: Style): readonly string[] {
  const lines = text.startsWith(' ') ? [`${' '.repeat(room)}${text}`] : wrap(text, width, ' '.repeat(room));
  return lines.map((line, index) =>
    index === 0 ? `${colors.dim(title.padEnd(room))}${line.slice(room)}` : line,
  );
}

function pauseWords({ pause = {} }: ShowDocument): string {
  const why = pause.reason === undefined ? 'without a reason' : terminalText(JSON.stringify(pause.reason));
  return [why, ...byAt(pause).map((text) => `last changed ${text}`)].join('; ');
}

function byAt(facts: { readonly at?: string; readonly by?: string } | undefined): readonly string[] {
  const { at, by } = facts ?? {};
  const words = [
    ...(at === undefined ? [] : [toTheSecond(at)]),
    ...(by === undefined ? [] : [`by ${terminalText(by)}`]),
  ];
  return words.length === 0 ? [] : [words.join(' ')];
}

function runLines(runs: ShowDocument['runs'], unknown: string | undefined, style: Style): readonly string[] {
  if (unknown !== undefined) return titled('Runs', `not known: ${terminalText(unknown)}`, style);
  if (runs.length === 0) return titled('Runs', "none in the server's history", style);
  return runs.flatMap((run, index) => {
    const when = run.scheduledTime ?? '-';
    const { text, paint = String } = outcomeOf(run, style.colors);
    const id = run.workflowId === undefined ? '' : `  ${terminalText(run.workflowId)}`;
    return [
      `${style.colors.dim((index === 0 ? 'Runs' : '').padEnd(room))}${when}  ${paint(text)}${id}`,
      ...runDetails(run, false, { ...style, width: style.width - room + 4 }).map((line) =>
        style.colors.dim(`${' '.repeat(room - 2)}${line}`),
      ),
    ];
  });
}

function inputLines(input: Json): readonly string[] {
  const text = writeJson(input, 2);
  return text === '{}' ? [] : text.split('\n').map(terminalText);
}

function manifestWords({ manifest }: ShowDocument): string {
  if (manifest === undefined) return 'none';
  const { file, line, document, item } = manifest;
  const where = `${terminalText(file)}${line === undefined ? '' : `:${line}`}`;
  const which = [
    ...(document > 0 ? [`document ${document + 1}`] : []),
    ...(item === undefined ? [] : [`item ${item + 1}`]),
  ];
  return which.length === 0 ? where : `${where} (${which.join(', ')})`;
}

function driftWords(drift: DriftState): string {
  switch (drift) {
    case 'none':
      return 'none';
    case 'unknown':
      return 'not known: it cannot be compared without a secret that is not defined here';
    case 'not-adopted':
      return "none, but it has no owner's marker yet: `downbeat apply` adds it";
    case 'other-owner':
      return 'none, but it is of another owner';
    default:
      return `${drift}: \`downbeat drift\` shows it`;
  }
}
