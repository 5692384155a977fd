import { utcTime } from '../../cron/zone/utc.ts';
import type { Tag } from '../../model/schedule.ts';
import type { DriftState, StatusDocument, StatusEntry } from '../documents/generated/documents.ts';
import { neverFires } from '../documents/status.ts';
import { renderProblem } from './codeframe.ts';
import { terminalText } from './escape.ts';
import { outcomeOf, runDetails } from './past-runs.ts';
import { pauseWords, stoppedText, toTheSecond, typeText, unmanagedText } from './phrases.ts';
import { awayText } from './span.ts';
import type { Colors, Style } from './style.ts';
import { belowRow, fits, type Row, tableLines } from './table.ts';
import { wrap } from './wrap.ts';

/** One line for each schedule; what needs words is below it. */
export function renderStatus(document: StatusDocument, style: Style): string {
  const { counts, schedules, manifests, owner, target, at, asked, stopped, problems } = document;
  const { colors } = style;
  const { unmanaged = 0, ofOtherOwners = 0 } = counts;
  const compared = manifests === 'compared';
  const whose = owner === undefined ? '' : `, owner ${terminalText(owner)}`;
  const header = ['SCHEDULE', 'STATE', 'NEXT FIRE', 'LAST RUN', 'OUTCOME', ...(compared ? ['DRIFT'] : [])];
  const rows = schedules.map((entry) => rowOf(entry, utcTime(at), compared, asked !== undefined, style));
  const table = ownedTable(document, header, rows, style);
  const sums = [
    `${counts.active} active`,
    `${counts.paused} paused`,
    ...(counts.missing > 0 ? [`${counts.missing} missing`] : []),
    ...(counts.never > 0 ? [`${counts.never} will never fire`] : []),
    `${counts.failed} failed last time`,
    ...(counts.overdue > 0 ? [`${counts.overdue} overdue`] : []),
    ...(compared ? [`${counts.drifted} different from their manifests`] : []),
    ...(unmanaged + ofOtherOwners > 0 ? [unmanagedText({ unmanaged, ofOtherOwners })] : []),
  ];
  return [
    ...problems.flatMap((problem) => [renderProblem(problem, style), '']),
    `${terminalText(target.url)} ${colors.dim(`(${terminalText(typeText(target))}, ${toTheSecond(at)}${whose})`)}`,
    '',
    ...(stopped === undefined ? [] : [...wrap(stoppedText(stopped), style.width, '').map(colors.red), '']),
    ...(rows.length === 0 ? ['There are no schedules.'] : table),
    '',
    ...wrap(
      `${schedules.length} ${schedules.length === 1 ? 'schedule' : 'schedules'}: ${sums.join(', ')}.`,
      style.width,
      '',
    ).map(colors.bold),
    '',
  ].join('\n');
}

// With less, most names would have a line of their own.
const roomForNames = 24;

/**
 * The table with the owner of each schedule, if one has any: in a column where the terminal has room for it, else below
 * the schedules that belong to somebody else.
 */
function ownedTable(
  { schedules, owner: own }: StatusDocument,
  header: readonly string[],
  rows: readonly Row[],
  style: Style,
): readonly string[] {
  const owners = schedules.map(ownerText);
  if (owners.every((text) => text === '-')) return tableLines(header, rows, style);
  const wideHeader = [...header, 'OWNER'];
  const wide = rows.map((row, at) => ({ ...row, cells: [...row.cells, { text: owners[at] ?? '-' }] }));
  if (fits(wideHeader, wide, roomForNames, style)) return tableLines(wideHeader, wide, style);
  const narrow = rows.map((row, at): Row => {
    const text = owners[at] ?? '-';
    const isSaid = text !== '-' && schedules[at]?.owner !== (own ?? '');
    return isSaid
      ? { ...row, below: [style.colors.dim(`${belowRow}owner ${text}`), ...(row.below ?? [])] }
      : row;
  });
  return tableLines(header, narrow, style);
}

function ownerText({ owner, ownerUnknown }: StatusEntry): string {
  return owner === undefined ? (ownerUnknown ? '?' : '-') : terminalText(owner);
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
          : {
              text:
                nextFire === undefined
                  ? entry.nextFireUnknown
                    ? '?'
                    : '-'
                  : awayText(utcTime(nextFire), now),
            },
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
      ...(state === 'paused' ? wrap(pauseWords(entry.pause), style.width, belowRow) : []),
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
  if (drift === 'other-owner') return { text: 'other owner', paint: colors.dim };
  if (drift === 'not-adopted') return { text: 'not adopted', paint: colors.dim };
  if (drift === 'unmanaged' || drift === 'ignored') return { text: drift, paint: colors.dim };
  return drift === 'unknown' ? { text: '?' } : { text: drift, paint: colors.yellow };
}
