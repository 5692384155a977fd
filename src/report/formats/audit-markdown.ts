import type { AuditDocument, AuditEntry } from '../documents/generated/documents.ts';
import { firesOf } from '../documents/on-call/audit.ts';
import { earlierWords, groupWords, pausedText, stateWords, timerWords } from '../text/on-call/audit.ts';
import { many } from '../text/phrases.ts';
import { codeSpan } from './markdown-escape.ts';

const mostRows = 200;
const mostGroups = 5;

/** The audit as a table for a comment, a ticket or a job's summary: schedules with something to look into first. */
export function renderAuditMarkdown(document: AuditDocument): string {
  const { counts, schedules, from, to, stopped, target, tz } = document;
  const troubled = [...schedules]
    .filter(
      ({ counts: own, overdue, never, state }) =>
        firesOf(own) + own.unexpected > own.ran || overdue !== undefined || never || state !== 'active',
    )
    .sort((a, b) => b.counts.missed + b.counts.failed - (a.counts.missed + a.counts.failed));
  const shown = troubled.slice(0, mostRows);
  const lines = [
    `### Downbeat audit: ${counts.missed} missed, ${counts.failed} failed, ${counts.late} late, ${counts.overdue} overdue`,
    '',
    `${codeSpan(target.url)}, ${from} to ${to}: ${many(counts.fires, 'fire')} of ${many(counts.schedules, 'schedule')}, ${counts.ran} ran${counts.missing === 0 ? '' : `, ${counts.missing} not on the server`}${counts.paused === 0 ? '' : `, ${pausedText(counts)}`}.`,
    '',
    ...(stopped === undefined
      ? []
      : [
          '> [!CAUTION]',
          `> Nothing fires on this server${stopped.since === undefined ? '' : ` since ${stopped.since}`}: ${many(stopped.schedules, 'schedule')} should have.`,
          '',
        ]),
    ...(shown.length === 0
      ? []
      : [
          '| schedule | fires | ran | late | failed | missed | unknown | what |',
          '|---|---:|---:|---:|---:|---:|---:|---|',
          ...shown.map(rowOf),
          '',
        ]),
    ...(troubled.length > shown.length
      ? [`And ${many(troubled.length - shown.length, 'schedule')} more; the JSON output has them all.`, '']
      : []),
  ];
  if (tz !== undefined) lines.push(`Zone rules: tz ${codeSpan(tz)}; the server uses its own.`, '');
  return lines.join('\n');
}

function rowOf(entry: AuditEntry): string {
  const { name, counts, groups, left = 0 } = entry;
  const shown = groups.slice(-mostGroups);
  const hidden = groups.length - shown.length + left;
  const what = [
    ...timerWords(entry),
    ...stateWords(entry),
    ...earlierWords(entry),
    ...shown.map(groupWords),
    ...(hidden === 0 ? [] : [`${many(hidden, 'earlier line')} left out`]),
  ].map(codeSpan);
  const cells = [
    codeSpan(name),
    ...[firesOf(counts), counts.ran, counts.late, counts.failed, counts.missed, counts.unknown].map(String),
    what.join('<br>'),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
