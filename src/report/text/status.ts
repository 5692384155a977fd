import { utcTime } from '../../cron/zone/utc.ts';
import type { Tag } from '../../model/schedule.ts';
import type { DriftState, StatusDocument, StatusEntry } from '../documents/generated/documents.ts';
import { neverFires } from '../documents/status.ts';
import { renderProblem } from './codeframe.ts';
import { terminalText } from './escape.ts';
import { outcomeOf, runDetails } from './past-runs.ts';
import { stoppedText, toTheSecond, typeText } from './phrases.ts';
import { awayText } from './span.ts';
import type { Colors, Style } from './style.ts';
import { belowRow, type Row, tableLines } from './table.ts';
import { wrap } from './wrap.ts';

/** One line for each schedule; what needs words is below it. */
export function renderStatus(document: StatusDocument, style: Style): string {
  const { counts, schedules, manifests, target, at, asked, stopped, problems } = document;
  const { colors } = style;
  const compared = manifests === 'compared';
  const header = ['SCHEDULE', 'STATE', 'NEXT FIRE', 'LAST RUN', 'OUTCOME', ...(compared ? ['DRIFT'] : [])];
  const rows = schedules.map((entry) => rowOf(entry, utcTime(at), compared, asked !== undefined, style));
  const sums = [
    `${counts.active} active`,
    `${counts.paused} paused`,
    ...(counts.missing > 0 ? [`${counts.missing} missing`] : []),
    ...(counts.never > 0 ? [`${counts.never} will never fire`] : []),
    `${counts.failed} failed last time`,
    ...(counts.overdue > 0 ? [`${counts.overdue} overdue`] : []),
    ...(compared ? [`${counts.drifted} different from their manifests`] : []),
  ];
  return [
    ...problems.flatMap((problem) => [renderProblem(problem, style), '']),
    `${terminalText(target.url)} ${colors.dim(`(${terminalText(typeText(target))}, ${toTheSecond(at)})`)}`,
    '',
    ...(stopped === undefined ? [] : [...wrap(stoppedText(stopped), style.width, '').map(colors.red), '']),
    ...(rows.length === 0 ? ['There are no schedules.'] : tableLines(header, rows, style)),
    '',
    ...wrap(
      `${schedules.length} ${schedules.length === 1 ? 'schedule' : 'schedules'}: ${sums.join(', ')}.`,
      style.width,
      '',
    ).map(colors.bold),
    '',
  ].join('\n');
}

function rowOf(entry: StatusEntry, now: number, compared: boolean, detailed: boolean, style: Style): Row {
  const { colors } = style;
  const { state, nextFire, lastRun, lastRunUnknown, overdue, drift, tags = [] } = entry;
  const outcome = lastRun === undefined ? undefined : outcomeOf(lastRun, colors);
  return {
    cells: [
      { text: terminalText(entry.name) },
      { text: state, ...(state === 'active' ? {} : { paint: colors.magenta }) },
      neverFires(entry)
        ? { text: 'never', paint: colors.red }
        : overdue !== undefined
          ? { text: 'OVERDUE', paint: colors.red }
          : { text: nextFire === undefined ? '-' : awayText(utcTime(nextFire), now) },
      {
        text: lastRunUnknown
          ? '?'
          : lastRun?.scheduledTime === undefined
            ? '-'
            : awayText(utcTime(lastRun.scheduledTime), now),
      },
      outcome ?? { text: lastRunUnknown ? '?' : '-' },
      ...(compared ? [driftCell(drift, colors)] : []),
    ],
    below: [
      ...(overdue === undefined
        ? []
        : wrap(`should have fired at ${overdue}, ${awayText(utcTime(overdue), now)}`, style.width, belowRow)),
      ...(state === 'paused' ? wrap(pauseWords(entry), style.width, belowRow) : []),
      ...(lastRun === undefined ? [] : runDetails(lastRun, detailed, style)),
      ...(detailed && nextFire !== undefined ? [`${belowRow}next fire ${nextFire}`] : []),
      ...(detailed && tags.length > 0 ? wrap(`tags ${tagsText(tags)}`, style.width, belowRow) : []),
    ].map(colors.dim),
  };
}

/** `team=payments, env=prod` */
export function tagsText(tags: readonly Tag[]): string {
  return tags.map(({ key, value }) => terminalText(`${key}=${value}`)).join(', ');
}

function driftCell(drift: DriftState = 'unknown', colors: Colors): Row['cells'][number] {
  if (drift === 'none') return { text: '-' };
  if (drift === 'unmanaged') return { text: 'unmanaged', paint: colors.dim };
  return drift === 'unknown' ? { text: '?' } : { text: drift, paint: colors.yellow };
}

function pauseWords({ pause = {} }: StatusEntry): string {
  const why =
    pause.reason === undefined
      ? 'paused without a reason'
      : `paused: ${terminalText(JSON.stringify(pause.reason))}`;
  const who = pause.by === undefined ? '' : ` by ${terminalText(pause.by)}`;
  const when = pause.at === undefined ? '' : ` at ${toTheSecond(pause.at)}`;
  return who + when === '' ? why : `${why}; last changed${who}${when}`;
}
