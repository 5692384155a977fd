import { momentOf } from '../../cron/zone/moment-of.ts';
import type { AuditDocument, AuditEntry, AuditEntryGroup } from '../documents/generated/documents.ts';
import { firesOf } from '../documents/on-call/audit.ts';
import { earlierWords, groupWords, pausedText, stateWords, timerWords } from '../text/on-call/audit.ts';
import { many, stoppedText, whyUnread } from '../text/phrases.ts';
import { axisDefinitions, axisPicture, type Mark } from './axis.ts';
import { type Card, cardGroups } from './card.ts';
import { foreign, moment, type PageParts, renderPage, section } from './frame.ts';
import { html, type Markup, type Piece } from './markup.ts';
import { targetFact } from './target.ts';

/** What ran and what did not: a card for each schedule that has something to tell, then all of them in a table. */
export function renderAuditPage(document: AuditDocument): string {
  const { target, from, to, at, by, schedules, counts, stopped, readFrom, outcomes, usual } = document;
  const parts: PageParts = {
    title: 'Audit',
    facts: [
      targetFact(target),
      html`${moment(from)} to ${moment(to)}`,
      `fires by ${by === 'server' ? 'the server’s own schedules' : 'the manifests'}`,
      html`seen ${moment(at)}`,
    ],
    summary:
      stopped !== undefined
        ? { tone: 'bad', text: stoppedText(stopped) }
        : counts.missed + counts.failed + counts.overdue + counts.never + counts.unknown + counts.missing ===
            0
          ? {
              tone: 'good',
              text: `${counts.fires === 0 ? 'Nothing was due.' : 'Nothing was missed, and nothing failed.'}${counts.paused === 0 ? '' : ` ${pausedText(counts)}.`}`,
            }
          : undefined,
    body: [
      html`<ul class="counts">${(
        ['missed', 'failed', 'overdue', 'late', 'unknown', 'unexpected', 'due', 'ran'] as const
      ).map((key) =>
        counts[key] === 0 && key !== 'ran'
          ? ''
          : html`<li class="k-${key}"><strong>${counts[key]}</strong> ${key}</li>`,
      )}<li class="rest"><strong>${counts.fires}</strong> ${counts.fires === 1 ? 'fire' : 'fires'} of ${many(counts.schedules, 'schedule')}</li></ul>`,
      axisDefinitions([
        { axis: { from: momentOf(from) ?? 0, to: momentOf(to) ?? 0, zoneId: 'UTC' }, rows: 1 },
      ]),
      ...cardGroups(groupsOf(document), 'Missed, failed or overdue only'),
      section('all', 'All schedules', schedules.length === 0 ? [] : [tableOf(schedules)]),
    ],
    notes: [
      ...(readFrom === undefined
        ? []
        : [html`Past runs before ${moment(readFrom)} could not be read: ${whyUnread}.`]),
      ...(outcomes === undefined || outcomes.left === 0
        ? []
        : [
            `Workflow outcomes were read for the newest ${many(outcomes.asked, 'run')}, not for ${outcomes.left} older ones.`,
          ]),
      `A run is late after ${Math.round(usual.lateAfterMs / 1000)} s, and missed after ${Math.round(usual.missedAfterMs / 1000)} s.`,
    ],
  };
  return renderPage(parts);
}

const titles = {
  overdue: 'Overdue',
  missed: 'Missed',
  failed: 'Failed',
  never: 'Will never fire',
  missing: 'Not on the server',
  late: 'Late',
  unknown: 'Unknown',
  unexpected: 'Unexpected runs',
  due: 'Due',
  paused: 'Paused',
} as const;

type Kind = keyof typeof titles;

/** The worst that is to be said; undefined = nothing. */
function kindOf({ overdue, never, state, counts }: AuditEntry): Kind | undefined {
  if (overdue !== undefined) return 'overdue';
  for (const kind of ['missed', 'failed'] as const) if (counts[kind] > 0) return kind;
  if (never) return 'never';
  if (state === 'missing') return 'missing';
  for (const kind of ['late', 'unknown', 'unexpected', 'due'] as const) if (counts[kind] > 0) return kind;
  return state === 'paused' ? 'paused' : undefined;
}

function groupsOf({ schedules, from, to }: AuditDocument): ReturnType<typeof groupOf>[] {
  const [start, end] = [momentOf(from) ?? 0, momentOf(to) ?? 0];
  const told = schedules.flatMap((entry) => {
    const kind = kindOf(entry);
    return kind === undefined ? [] : [{ kind, card: cardOf(entry, kind, start, end) }];
  });
  return (Object.keys(titles) as Kind[]).map((kind) =>
    groupOf(
      kind,
      told.filter((one) => one.kind === kind).map(({ card }) => card),
    ),
  );
}

function groupOf(kind: Kind, cards: readonly Card[]) {
  return { id: `group-${kind}`, title: titles[kind], cards };
}

const dangerous: ReadonlySet<Kind> = new Set(['overdue', 'missed', 'failed', 'never', 'missing']);

function cardOf(entry: AuditEntry, kind: Kind, from: number, to: number): Card {
  const { name, counts, groups, left = 0, state, changed, lastSuccess } = entry;
  const facts: readonly Piece[] = [
    ...timerWords(entry),
    ...stateWords(entry),
    ...(changed === undefined || state === 'paused' ? [] : [html`last changed at ${moment(changed)}`]),
    ...(lastSuccess === undefined ? [] : [html`last ran at ${moment(lastSuccess)}`]),
    ...earlierWords(entry),
    ...(left === 0 ? [] : [`${many(left, 'earlier line')} left out`]),
  ];
  const marks = groups.flatMap((group) => marksOf(group));
  return {
    kind,
    name,
    isDangerous: dangerous.has(kind),
    gist: `${counts.ran} of ${many(firesOf(counts), 'fire')} ran`,
    content: [
      html`<ul class="what">${facts.map((fact) => html`<li>${fact}</li>`)}</ul>`,
      marks.length === 0 || from >= to
        ? ''
        : axisPicture(
            { from, to, zoneId: 'UTC' },
            [{ label: 'not ran', tone: 'plain', marks }],
            'Outcomes other than ran',
          ),
      groups.length === 0
        ? ''
        : html`<ul class="what groups">${groups.map((group) => html`<li class="t-${group.class}">${groupWords(group)}</li>`)}</ul>`,
    ],
  };
}

function marksOf(group: AuditEntryGroup): readonly Mark[] {
  const [first, last] = [momentOf(group.first), momentOf(group.last)];
  if (first === undefined || last === undefined) return [];
  return [{ first, last, count: group.count, tone: group.class, title: groupWords(group) }];
}

function tableOf(schedules: readonly AuditEntry[]): Markup {
  const columns = ['ran', 'late', 'failed', 'missed', 'due', 'unknown', 'unexpected'] as const;
  return html`<div class="panel wide" tabindex="0" role="region" aria-label="All schedules"><table class="numbers"><thead><tr><th scope="col">Schedule</th><th scope="col">fires</th>${columns.map((key) => html`<th scope="col">${key}</th>`)}</tr></thead><tbody>${schedules.map(
    ({ name, counts }) =>
      html`<tr><th scope="row">${foreign(name)}</th><td>${firesOf(counts)}</td>${columns.map((key) => html`<td class="${counts[key] === 0 ? 'soft' : `t-${key}`}">${counts[key]}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}
