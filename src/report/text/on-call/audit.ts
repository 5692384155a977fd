import type { AuditDocument, AuditEntry, AuditEntryGroup } from '../../documents/generated/documents.ts';
import { firesOf, hasFindings } from '../../documents/on-call/audit.ts';
import { terminalText } from '../escape.ts';
import { many, pauseWords, serverText, stoppedText, whyUnread } from '../phrases.ts';
import { spanText } from '../span.ts';
import type { Colors, Style } from '../style.ts';
import { belowRow, type Cell, type Row, tableLines } from '../table.ts';
import { wrap } from '../wrap.ts';

/** Groups of one schedule, where there are many schedules. */
const fewGroups = 5;

/** A line for each schedule that has something to tell, with what did not run below it. */
export function renderAudit(document: AuditDocument, style: Style): string {
  const { target, from, to, by, schedules, counts, asked } = document;
  const { colors, width } = style;
  const detailed = asked !== undefined;
  const told = detailed ? schedules : schedules.filter(hasFindings);
  const quiet = schedules.length - told.length;
  const isEmpty = (key: 'due' | 'unexpected'): boolean => counts[key] === 0;
  const optional = (['due', 'unexpected'] as const).filter((key) => !isEmpty(key));
  const header = ['SCHEDULE', 'FIRES', 'RAN', 'LATE', 'FAILED', 'MISSED', 'UNKNOWN'];
  const lines = [
    `${terminalText(target.url)} ${colors.dim(`(${terminalText(serverText(target))})`)}`,
    ...wrap(
      `${from} to ${to}, fires by ${by === 'server' ? "the server's own schedules" : 'the manifests'}`,
      width,
      '',
    ).map(colors.dim),
    '',
    ...stoppedLines(document, style),
    ...(told.length === 0
      ? []
      : [
          ...tableLines(
            [...header, ...optional.map((key) => key.toUpperCase())],
            told.map((entry) =>
              rowOf(entry, optional, detailed ? Number.POSITIVE_INFINITY : fewGroups, style),
            ),
            style,
          ),
          '',
        ]),
    ...(quiet === 0
      ? []
      : [
          `${told.length === 0 ? '' : 'Nothing to report of '}${many(quiet, told.length === 0 ? 'schedule' : 'other schedule')}${told.length === 0 ? ', nothing to report' : ''}.`,
          '',
        ]),
    ...noteLines(document, style),
    ...wrap(sumsOf(document), width, '').map(colors.bold),
    '',
  ];
  return lines.join('\n');
}

function rowOf(
  entry: AuditEntry,
  optional: readonly ('due' | 'unexpected')[],
  most: number,
  style: Style,
): Row {
  const { colors, width } = style;
  const { name, counts, groups, left = 0 } = entry;
  const number = (count: number, paint?: Cell['paint']): Cell => ({
    text: String(count),
    ...(count > 0 && paint ? { paint } : {}),
  });
  const shown = groups.slice(-most);
  const hidden = groups.length - shown.length + left;
  const notes = [...timerWords(entry), ...stateWords(entry), ...earlierWords(entry)];
  return {
    cells: [
      { text: terminalText(name) },
      number(firesOf(counts)),
      number(counts.ran),
      number(counts.late, colors.yellow),
      number(counts.failed, colors.red),
      number(counts.missed, colors.red),
      number(counts.unknown, colors.yellow),
      ...optional.map((key) => number(counts[key], colors.yellow)),
    ],
    below: [
      ...notes.flatMap((note) => wrap(note, width, belowRow)),
      ...(hidden === 0
        ? []
        : [
            `${belowRow}${many(hidden, 'earlier line')} left out${left > 0 ? '' : ': name the schedule to see them'}`,
          ]),
      ...shown.flatMap((group) => wrap(groupWords(group), width, belowRow).map(paintOf(group, colors))),
    ],
  };
}

function paintOf({ class: kind }: AuditEntryGroup, colors: Colors): (line: string) => string {
  return kind === 'missed' || kind === 'failed' ? colors.red : colors.dim;
}

const neverWords = 'will never fire: its cron cannot be read or matches no date, or its end has passed';

/** What an entry's timer that waits, or has nothing to wait for, means. */
export function timerWords({ overdue, never }: Pick<AuditEntry, 'overdue' | 'never'>): readonly string[] {
  if (overdue === undefined) return never ? [neverWords] : [];
  const why = {
    server: 'nothing fires on this server',
    schedule: 'other schedules fire, so its timer is gone: `downbeat audit --repair` sets a new one',
    unknown: 'no other schedule was due since then, so the server may be the cause',
  }[overdue.cause];
  return [`overdue since ${overdue.since}: ${why}`];
}

/** Why a schedule that is not active does not fire. */
export function stateWords({ state, pause, pausedByManifest, skipped }: AuditEntry): readonly string[] {
  if (state === 'missing') return ['not on the server, but there is a manifest for it'];
  if (state === 'active') return [];
  const since =
    skipped === undefined
      ? ''
      : `; ${skipped === 0 ? 'no fire' : many(skipped, 'fire')} skipped in this interval`;
  return [`${pauseWords(pause)}${pausedByManifest ? '; its manifest says so' : ''}${since}`];
}

/** Past runs that prove nothing of the schedule as it is. */
export function earlierWords({ state, earlier = 0 }: AuditEntry): readonly string[] {
  if (earlier === 0) return [];
  const from =
    state === 'missing'
      ? 'of this interval, when it still was there'
      : 'from before the last change of this schedule';
  return [`${many(earlier, 'run')} ${from}: not judged`];
}

/** One group in words: `missed 3: 02:00:00Z to 04:00:00Z`. */
export function groupWords({
  class: kind,
  count,
  first,
  last,
  why,
  lateMs,
  reason,
  workflowId,
}: AuditEntryGroup): string {
  const when = count === 1 ? first : `${count} from ${first} to ${last}`;
  const facts = [
    ...(lateMs === undefined
      ? []
      : [
          lateMs.least === lateMs.most
            ? `by ${spanText(lateMs.most)}`
            : `by ${spanText(lateMs.least)} to ${spanText(lateMs.most)}`,
        ]),
    ...(reason === undefined ? [] : [terminalText(reason)]),
    ...whyWords(why),
    ...(workflowId === undefined || kind === 'late' ? [] : [`workflow ${terminalText(workflowId)}`]),
  ];
  return `${kind} ${when}${facts.length === 0 ? '' : `: ${facts.join('; ')}`}`;
}

/** A start is told by the second in text; the document has its milliseconds. */
function toTheSecond(time = ''): string {
  return time.replace(/\.\d+Z$/, 'Z');
}

function whyWords(why: AuditEntryGroup['why']): readonly string[] {
  switch (why?.kind) {
    case undefined:
      return [];
    case 'behind':
      return [
        `the run of ${why.run} started only at ${toTheSecond(why.at)}; a server skips the fires in between`,
      ];
    case 'changed':
      return [
        why.at === undefined
          ? 'the server does not say when the schedule was last changed'
          : `the schedule was changed at ${why.at}, and its earlier form is not known`,
      ];
    case 'history':
      return ['the server may have cut its history'];
    case 'other-moment':
      return [`it ran at ${why.at}: the server has other rules for its time zone`];
    case 'state':
      return [`its run is in the state ${terminalText(why.state ?? '')}`];
    case 'runaway':
      return ['the fires of this cron cannot be computed'];
    case 'again':
      return ['a second run for the same time'];
    case 'not-on-server':
      return ['the schedule is not on the server'];
    case 'paused-on-server':
      return ['the schedule is paused on the server'];
  }
}

function stoppedLines({ stopped }: AuditDocument, { width, colors }: Style): readonly string[] {
  if (stopped === undefined) return [];
  return [...wrap(stoppedText(stopped), width, '').map(colors.red), ''];
}

function noteLines({ readFrom, outcomes }: AuditDocument, { width, colors }: Style): readonly string[] {
  const notes = [
    ...(readFrom === undefined ? [] : [`Past runs before ${readFrom} could not be read: ${whyUnread}.`]),
    ...(outcomes === undefined || outcomes.left === 0
      ? []
      : [
          `Workflow outcomes were read for the newest ${many(outcomes.asked, 'run')}, not for ${outcomes.left} older ones.`,
        ]),
  ];
  return notes.length === 0 ? [] : [...notes.flatMap((note) => wrap(note, width, '')).map(colors.dim), ''];
}

function sumsOf({ counts, usual, requests }: AuditDocument): string {
  const parts = [
    `${counts.ran} ran`,
    `${counts.late} late`,
    `${counts.failed} failed`,
    `${counts.missed} missed`,
    ...(counts.due > 0 ? [`${counts.due} due`] : []),
    ...(counts.unknown > 0 ? [`${counts.unknown} unknown`] : []),
    ...(counts.unexpected > 0 ? [`${counts.unexpected} unexpected runs`] : []),
    ...(counts.overdue > 0 ? [`${counts.overdue} overdue`] : []),
    ...(counts.never > 0 ? [`${counts.never} will never fire`] : []),
    ...(counts.missing > 0 ? [`${counts.missing} not on the server`] : []),
    ...(counts.paused > 0 ? [pausedText(counts)] : []),
  ];
  const median =
    usual.medianMs === undefined ? '' : ` Runs usually start ${medianWords(usual.medianMs)} their time.`;
  return `${many(counts.fires, 'fire')} of ${many(counts.schedules, 'schedule')}: ${parts.join(', ')}.${median} ${many(requests, 'read')}.`;
}

/** `2 paused (13 fires skipped)` */
export function pausedText({ paused, skipped }: Pick<AuditDocument['counts'], 'paused' | 'skipped'>): string {
  return `${paused} paused${skipped === 0 ? '' : ` (${many(skipped, 'fire')} skipped)`}`;
}

function medianWords(medianMs: number): string {
  if (Math.abs(medianMs) < 1000) return 'within a second of';
  return `${spanText(medianMs)} ${medianMs < 0 ? 'before' : 'after'}`;
}
