import { momentOf } from '../../cron/zone/moment-of.ts';
import type { AgendaDocument, AgendaEntry, DenseEntry } from '../documents/generated/documents.ts';
import { dayName } from '../text/agenda.ts';
import { calendarDayText, unknownAfterText } from '../text/fire-lines.ts';
import { many } from '../text/phrases.ts';
import { axisDefinitions, axisPicture, type Mark, type Row } from './axis.ts';
import { clockForm } from './clock-form.ts';
import { foreign, joined, moment, type PageParts, renderPage, section } from './frame.ts';
import { html, type Markup, type Piece } from './markup.ts';

/** Every fire of an interval: all schedules on one axis, then day by day. */
export function renderAgendaPage(document: AgendaDocument): string {
  const { from, to, zone, fires, dense, daysOff, unknownAfter, paused, silent } = document;
  const rows = rowsOf(document);
  const [start, end] = [momentOf(from), momentOf(to)];
  const parts: PageParts = {
    title: 'Agenda',
    facts: [html`${moment(from)} to ${moment(to)}`, html`times in ${foreign(zone)}`],
    summary: rows.length === 0 ? { tone: 'plain', text: 'Nothing fires.' } : undefined,
    body: [
      clockForm(zone),
      rows.length === 0 || start === undefined || end === undefined
        ? ''
        : section(
            'timeline',
            'On one axis',
            [
              axisDefinitions([{ axis: { from: start, to: end, zoneId: zone }, rows: rows.length }]),
              html`<div class="panel lanes">${axisPicture({ from: start, to: end, zoneId: zone }, rows, 'Fires of every schedule')}</div>`,
            ],
            'lanes',
          ),
      section('often', 'More than once an hour', dense.length === 0 ? [] : [denseTable(dense)]),
      ...daysOf(fires),
      section(
        'days-off',
        'Days off',
        daysOff.length === 0
          ? []
          : [
              html`<ul class="panel">${daysOff.map((day) => html`<li>${calendarDayText(day)}: ${namesIn(day.names)}</li>`)}</ul>`,
            ],
      ),
      section('paused', 'Paused', paused.length === 0 ? [] : [namesOf(paused)]),
      section('silent', 'Without a fire', silent.length === 0 ? [] : [namesOf(silent)]),
    ],
    notes: [
      ...unknownAfter.map(unknownAfterText),
      `${many(fires.length, 'fire')} listed, ${many(dense.length, 'schedule')} summed up.`,
    ],
  };
  return renderPage(parts);
}

/** A row for each schedule, in the order of their first fires. */
function rowsOf({ fires, dense }: AgendaDocument): readonly Row[] {
  const marks = new Map<string, Mark[]>();
  const add = (name: string, first: string, last: string, count: number): void => {
    const [begin, end] = [momentOf(first), momentOf(last)];
    if (begin === undefined || end === undefined) return;
    const own = marks.get(name) ?? [];
    own.push({ first: begin, last: end, count });
    marks.set(name, own);
  };
  for (const { name, windows } of dense)
    for (const { first, last, count } of windows) add(name, first, last, count);
  for (const { name, at } of fires) add(name, at, at, 1);
  return [...marks].map(([label, own]) => ({ label, tone: 'plain', marks: own }));
}

function denseTable(dense: readonly DenseEntry[]): Markup {
  return html`<div class="panel"><table><thead><tr><th scope="col">Schedule</th><th scope="col">Fires</th><th scope="col">At most a day</th><th scope="col">When</th></tr></thead><tbody>${dense.map(
    ({ name, count, mostPerDay, first, last, windows }) =>
      html`<tr><th scope="row">${foreign(name)}</th><td>${count}</td><td>${mostPerDay}</td><td>${moment(first)} to ${moment(last)}${windows.length > 1 ? html` <span class="soft">in ${many(windows.length, 'window')}</span>` : ''}</td></tr>`,
  )}</tbody></table></div>`;
}

function daysOf(fires: readonly AgendaEntry[]): readonly Piece[] {
  const days = new Map<string, AgendaEntry[]>();
  for (const fire of fires) {
    const date = fire.at.slice(0, 10);
    const own = days.get(date) ?? [];
    own.push(fire);
    days.set(date, own);
  }
  return [...days].map(([date, own]) =>
    section(`day-${date}`, html`${dayName(date)} ${date} <span class="count">${own.length}</span>`, [
      html`<div class="panel"><table class="day"><thead><tr><th scope="col">Time</th><th scope="col">Schedule</th><th scope="col">On its own clock</th></tr></thead><tbody>${own.map(fireRow)}</tbody></table></div>`,
    ]),
  );
}

function fireRow({ at, name, local, zoneId }: AgendaEntry): Markup {
  const isSame = local.slice(0, 19) === at.slice(0, 19);
  const own =
    local.slice(0, 10) === at.slice(0, 10) ? local.slice(11, 19) : local.slice(0, 19).replace('T', ' ');
  return html`<tr><td>${moment(at, at.slice(11, 19))}</td><th scope="row">${foreign(name)}</th><td class="soft">${isSame ? '' : html`${own} ${foreign(zoneId)}`}</td></tr>`;
}

function namesOf(names: readonly string[]): Markup {
  return html`<p class="panel">${namesIn(names)}</p>`;
}

function namesIn(names: readonly string[]): Piece {
  return joined(
    names.map((name) => foreign(name)),
    ', ',
  );
}
