import { utcText } from '../../cron/zone/utc.ts';
import type { HistoryDocument } from '../documents/history.ts';
import { terminalText } from './escape.ts';
import { outcomeOf, runDetails } from './past-runs.ts';
import type { Style } from './style.ts';
import { belowRow, type Row, tableLines } from './table.ts';
import { columns } from './wrap.ts';

/** One line for each run, with the reason below those that failed. */
export function renderHistory(document: HistoryDocument, style: Style): string {
  const { runs, more, target, name } = document;
  const { colors } = style;
  const header = ['TIME', 'STATE', ...(name === undefined ? ['SCHEDULE'] : []), 'WORKFLOW ID'];
  const rows = runs.map((run): Row => {
    const { scheduledTime, schedule, workflowId } = run;
    return {
      cells: [
        { text: scheduledTime === undefined ? '-' : utcText(scheduledTime) },
        outcomeOf(run, colors),
        ...(name === undefined ? [{ text: terminalText(schedule) }] : []),
        { text: workflowId === undefined ? '-' : terminalText(workflowId) },
      ],
      below: runDetails(run, false, style).map(colors.dim),
    };
  });
  const count = `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`;
  const sums = more ? `The first ${count}; there are more: --limit shows them.` : `${count}.`;
  return [
    `${terminalText(target.url)} ${colors.dim(`(${terminalText(target.serverType)})`)}`,
    '',
    ...(runs.length === 0 ? [] : [...tableLines(...narrowed(header, rows, style), style), '']),
    colors.bold(runs.length === 0 ? "No runs in the server's history." : sums),
    '',
  ].join('\n');
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
