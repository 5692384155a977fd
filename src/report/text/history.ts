import { utcText, utcTime } from '../../cron/zone/utc.ts';
import type { HistoryDocument } from '../documents/generated/documents.ts';
import { terminalText } from './escape.ts';
import { outcomeOf, runDetails } from './past-runs.ts';
import { typeText } from './phrases.ts';
import type { Style } from './style.ts';
import { belowRow, type Row, tableLines } from './table.ts';
import { columns, wrap } from './wrap.ts';

const whyIncomplete = {
  repeats: 'the server repeats its pages',
  'too-many': 'there are too many; use --since and --until',
};

/** One line for each run, with the reason below those that failed. */
export function renderHistory(document: HistoryDocument, style: Style): string {
  const { runs, more, incomplete, target, asked = [] } = document;
  const isOne = asked.length === 1 && !asked[0]?.includes('*');
  const { colors } = style;
  const header = ['TIME', 'STATE', ...(isOne ? [] : ['SCHEDULE']), 'WORKFLOW ID'];
  const rows = runs.map((run): Row => {
    const { scheduledTime, schedule, workflowId } = run;
    return {
      cells: [
        { text: scheduledTime ?? '-' },
        outcomeOf(run, colors),
        ...(isOne ? [] : [{ text: terminalText(schedule) }]),
        { text: workflowId === undefined ? '-' : terminalText(workflowId) },
      ],
      below: runDetails(run, false, style).map(colors.dim),
    };
  });
  const count = `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`;
  const found = runs.length === 0 ? 'No run found' : `The first ${count}`;
  const sums =
    incomplete !== undefined
      ? `${found}; there are more, and they could not be read: ${whyIncomplete[incomplete]}.`
      : runs.length === 0
        ? "No runs in the server's history."
        : more
          ? `${found}; there are more: ${olderText(document)}.`
          : `${count}.`;
  return [
    `${terminalText(target.url)} ${colors.dim(`(${terminalText(typeText(target))})`)}`,
    '',
    ...(runs.length === 0 ? [] : [...tableLines(...narrowed(header, rows, style), style), '']),
    ...wrap(sums, style.width, '').map(colors.bold),
    '',
  ].join('\n');
}

/**
 * How to see what is left: older ones by their time, which stays right whatever runs in the meantime; its own are shown
 * again, so a page with one time only would lead to itself.
 */
function olderText({ runs, sort }: HistoryDocument): string {
  const last = runs.at(-1)?.scheduledTime;
  const isNewestFirst = /^scheduledTime:desc$/i.test(sort);
  return isNewestFirst && last !== undefined && last !== runs[0]?.scheduledTime
    ? `--until ${utcText(utcTime(last) + 1)} shows older ones`
    : 'a larger --limit shows them';
}

/** Where the line would be too long, the workflow's id moves below it: it is what people copy. */
function narrowed(
  header: readonly string[],
  rows: readonly Row[],
  { width, colors }: Style,
): [readonly string[], readonly Row[]] {
  const total = header
    .map((title, at) => Math.max(columns(title), ...rows.map(({ cells }) => columns(cells[at]?.text ?? ''))))
    .reduce((sum, one) => sum + one + 2, -2);
  if (total <= width) return [header, rows];
  return [
    header.slice(0, -1),
    rows.map(({ cells, below = [] }) => {
      const id = cells.at(-1)?.text ?? '-';
      return {
        cells: cells.slice(0, -1),
        below: [...(id === '-' ? [] : [colors.dim(`${belowRow}workflow id ${id}`)]), ...below],
      };
    }),
  ];
}
