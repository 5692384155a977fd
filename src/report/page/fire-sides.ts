import { utcTime } from '../../cron/zone/utc.ts';
import type { CalendarDay } from '../../model/generated/report-parts.ts';
import type { TimerView } from '../../model/timing.ts';
import type { FireEntry, ScheduleFiresEntry } from '../documents/change-fires.ts';
import type {
  ChangeEntry,
  ChangeFiresEntry,
  FireWindowEntry,
  TimelineEntry,
} from '../documents/generated/documents.ts';
import { waitText } from '../text/fire-lines.ts';
import { type Axis, axisPicture, type Mark, type Row } from './axis.ts';
import { foreign, joined, moment } from './frame.ts';
import { html, type Markup, type Piece } from './markup.ts';

/** When a schedule fires, before and after: the crons in words, the next fires, and both on one axis. */
export function firesBlock(fires: ChangeFiresEntry, kind: ChangeEntry['kind']): Markup {
  const isNew = kind === 'create';
  const { before, after, soon, timeline } = fires;
  const hurry =
    soon === undefined
      ? ''
      : html`<p class="soon">${isNew || before !== undefined ? 'First' : 'Next'} fire in ${waitText(soon)}</p>`;
  return html`<div class="fires">
${before === undefined ? sideBlock(after, isNew ? 'after' : 'plain') : [sideBlock(before, 'before'), kind === 'delete' ? '' : sideBlock(after, 'after')]}
${hurry}${timeline === undefined ? '' : timelineOf(timeline, fires, kind)}</div>`;
}

type Tone = Row['tone'];

const labels: { readonly [T in Tone]: string } = { before: 'Before', after: 'After', plain: 'Fires' };

function sideBlock(side: ScheduleFiresEntry, tone: Tone): Markup {
  const { timers, paused, next = [], mostPerDay = 0, leftOut = [], kept = [] } = side;
  const isDead = timers.every(({ words }) => words === undefined);
  const often = mostPerDay > 1 ? html` <span class="soft">up to ${mostPerDay} a day</span>` : '';
  return html`<div class="side ${tone}"><h4>${labels[tone]}</h4><div>
<p class="words">${timers.length === 0 ? 'without a cron' : joined(timers.map(timerWords), html`<br>`)}${paused ? html` <strong class="paused">paused</strong>` : often}</p>
${paused || isDead ? '' : html`<p class="next">${next.length === 0 ? 'never fires' : html`<span class="soft">next</span> ${joined(next.map(nextFire), ', ')}`}</p>`}
${calendarDays('only on', kept)}${calendarDays('not on', leftOut)}
</div></div>`;
}

function calendarDays(title: string, days: readonly CalendarDay[]): Piece {
  if (days.length === 0) return '';
  const named = days.map(
    ({ date, what, calendar }) =>
      html`${date} ${foreign(what)} <span class="soft">(${foreign(calendar)})</span>`,
  );
  return html`<p class="next"><span class="soft">${title}</span> ${joined(named, ', ')}</p>`;
}

function timerWords({ cronExpression, zoneId, words }: TimerView): Markup {
  const cron = html`<code>${cronExpression}</code>`;
  return words === undefined
    ? html`never: no server can read ${cron} in ${foreign(zoneId)}`
    : html`${sentence(words)} <span class="soft">${foreign(zoneId)}</span> ${cron}`;
}

function sentence(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

function nextFire({ at: utc, local }: FireEntry): Piece {
  if (!utc.includes('T')) return utc;
  const seconds = local.slice(17, 19) === '00' ? '' : local.slice(16, 19);
  const offset = local.slice(19);
  return moment(
    utc,
    `${local.slice(0, 10)} ${local.slice(11, 16)}${seconds}${offset === 'Z' ? offset : ` ${offset}`}`,
  );
}

/** The axis that the timelines of changes refer to. */
export function timelineAxes(
  changes: readonly { readonly fires?: ChangeFiresEntry }[],
): readonly { readonly axis: Axis; readonly rows: number }[] {
  return changes.flatMap(({ fires }) =>
    fires?.timeline === undefined
      ? []
      : [{ axis: axisOf(fires.timeline, fires), rows: fires.timeline.before === undefined ? 1 : 2 }],
  );
}

function axisOf({ from, to }: TimelineEntry, { before, after }: ChangeFiresEntry): Axis {
  return {
    from: utcTime(from),
    to: utcTime(to),
    zoneId: after.timers[0]?.zoneId ?? before?.timers[0]?.zoneId ?? 'UTC',
  };
}

function timelineOf(timeline: TimelineEntry, fires: ChangeFiresEntry, kind: ChangeEntry['kind']): Markup {
  const before = timeline.before?.map(markOf);
  const after = timeline.after.map(markOf);
  const note = (side: ScheduleFiresEntry | undefined, marks: readonly Mark[]): { readonly note?: string } => {
    if (side?.paused) return { note: 'paused' };
    return marks.length === 0 ? { note: 'no fire in this time' } : {};
  };
  const tone = before === undefined && kind !== 'create' ? 'plain' : 'after';
  const rows: readonly Row[] = [
    ...(before === undefined
      ? []
      : [{ label: 'before', tone: 'before', marks: before, ...note(fires.before, before) } as const]),
    {
      label: tone === 'plain' ? 'fires' : 'after',
      tone,
      marks: after,
      ...(kind === 'delete' ? { note: 'deleted' } : note(fires.after, after)),
    },
  ];
  return axisPicture(axisOf(timeline, fires), rows, 'Timeline of fires');
}

function markOf({ first, last, count }: FireWindowEntry): Mark {
  return { first: utcTime(first), last: utcTime(last), count };
}
