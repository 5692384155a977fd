import { utcTime } from '../../cron/zone/utc.ts';
import type { PastRunEntry } from '../documents/generated/documents.ts';
import { terminalText } from './escape.ts';
import { spanText } from './span.ts';
import type { Colors, Style } from './style.ts';
import { belowRow, type Cell } from './table.ts';
import { wrap } from './wrap.ts';

// A run starts within a second or two of its time, so more is worth a word.
const lateMs = 10_000;

/** What became of the fire: the server knows that it started the workflow, not how that ended. */
export function outcomeOf({ state }: PastRunEntry, colors: Colors): Cell {
  if (state === 'EXECUTED') return { text: 'started', paint: colors.green };
  if (state === 'FAILED') return { text: 'failed', paint: colors.red };
  return { text: terminalText(state.toLowerCase()), paint: colors.yellow };
}

/** What is below a run: why it failed, how late it was, and with `whole` everything else. */
export function runDetails(run: PastRunEntry, whole: boolean, { width }: Style): readonly string[] {
  const { scheduledTime, executionTime, reason, workflow, workflowId } = run;
  const lateness =
    scheduledTime === undefined || executionTime === undefined
      ? 0
      : utcTime(executionTime) - utcTime(scheduledTime);
  const late = lateness >= lateMs ? [`started ${spanText(lateness)} late`] : [];
  const facts = whole
    ? [
        ...(scheduledTime === undefined ? [] : [`last run ${scheduledTime}`]),
        ...(workflow === undefined ? [] : [`workflow ${terminalText(workflow)}`]),
        ...(workflowId === undefined ? [] : [`id ${terminalText(workflowId)}`]),
      ]
    : [];
  const words = [...facts, ...late].join(', ');
  return [
    ...(reason === undefined ? [] : wrap(`failed: ${terminalText(reason)}`, width, belowRow)),
    ...(words === '' ? [] : wrap(words, width, belowRow)),
  ];
}
