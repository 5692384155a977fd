import { localText } from '../../cron/zone/local.ts';
import { parseZone, type Zone } from '../../cron/zone/zone.ts';
import { shortHash } from '../../model/marks/short-hash.ts';
import { many } from '../text/phrases.ts';
import { html, type Markup, type Piece } from './markup.ts';

/** A mark on an axis; epoch milliseconds. */
export type Mark = {
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** Absent = as its row. */
  readonly tone?: string;
  /** Absent = how many fires it is, and when. */
  readonly title?: string;
};

export type Row = {
  readonly label: string;
  readonly tone: 'before' | 'after' | 'plain';
  readonly marks: readonly Mark[];
  /** Instead of marks. */
  readonly note?: string;
};

export type Axis = {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** The clock below it. */
  readonly zoneId: string;
};

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const rowHeight = 20;
const axisHeight = 20;

/** Rows of marks over one axis, as wide as there is room; what the rows have is said in words, too. */
export function axisPicture(axis: Axis, rows: readonly Row[], about: string): Markup {
  const height = rows.length * rowHeight + axisHeight;
  const zone = zoneOf(axis.zoneId);
  const said = rows
    .map(({ label, marks, note }) => `${label}: ${note ?? many(countOf(marks), 'fire')}`)
    .join('; ');
  return html`<div class="axis rows-${rows.length > 1 ? 2 : 1}">
<div class="labels" aria-hidden="true">${rows.map(({ label }) => html`<span>${label}</span>`)}</div>
<svg class="strip" width="100%" height="${height}" role="img" aria-label="${about}, ${timeText(zone, axis.from)} to ${timeText(zone, axis.to)}. ${said}" >
<use href="#${idOf(axis, rows.length)}"/>
${rows.map((row, index) => rowMarks(row, axis, zone, index * rowHeight))}
</svg></div>`;
}

function countOf(marks: readonly Mark[]): number {
  return marks.reduce((sum, { count }) => sum + count, 0);
}

function rowMarks({ marks, tone, note }: Row, axis: Axis, zone: Zone, y: number): Piece {
  const middle = y + rowHeight / 2;
  const base = html`<line class="base" x1="0" x2="100%" y1="${middle}" y2="${middle}"/>`;
  if (note !== undefined) return [base, html`<text class="note" x="8" y="${middle + 4}">${note}</text>`];
  return [
    base,
    ...marks.map((mark) => {
      const [x1, x2] = [share(mark.first, axis), share(mark.last, axis)];
      const own = mark.tone ?? tone;
      const title = mark.title ?? markTitle(mark, zone);
      return mark.count === 1 || x1 === x2
        ? html`<line class="fire ${own}" x1="${x1}" x2="${x1}" y1="${y + 4}" y2="${y + rowHeight - 4}"><title>${title}</title></line>`
        : html`<line class="fires ${own}" x1="${x1}" x2="${x2}" y1="${middle}" y2="${middle}"><title>${title}</title></line>`;
    }),
  ];
}

function markTitle({ first, last, count }: Mark, zone: Zone): string {
  return count === 1
    ? timeText(zone, first)
    : `${many(count, 'fire')}, ${timeText(zone, first)} to ${timeText(zone, last)}`;
}

function timeText(zone: Zone, ms: number): string {
  const text = localText(zone, Math.floor(ms / 1000) * 1000);
  return `${text.slice(0, 10)} ${text.slice(17, 19) === '00' ? text.slice(11, 16) : text.slice(11, 19)}${text.slice(19)}`;
}

/** In per cent, so that the picture is as wide as the page. */
function share(ms: number, { from, to }: Axis): string {
  return `${Math.round(((ms - from) / (to - from)) * 10_000) / 100}%`;
}

type Tick = { readonly at: number; readonly label: string; readonly isMinor: boolean };

/** What the pictures of a page refer to: the ticks of each axis once, for many pictures have the same. */
export function axisDefinitions(used: readonly { readonly axis: Axis; readonly rows: number }[]): Markup {
  const distinct = new Map(used.map(({ axis, rows }) => [idOf(axis, rows), { axis, rows }]));
  return html`<svg class="definitions" width="0" height="0" aria-hidden="true"><defs>${[...distinct].map(
    ([id, { axis, rows }]) =>
      html`<g class="ticks" id="${id}" data-from="${axis.from}" data-to="${axis.to}" data-rows="${rows}">${ticks(axis, rows * rowHeight)}</g>`,
  )}</defs></svg>`;
}

function idOf({ from, to, zoneId }: Axis, rows: number): string {
  return `ticks-${from}-${to}-${rows}-${shortHash(zoneId)}`;
}

function ticks(axis: Axis, y: number): Piece {
  return ticksOf(axis, zoneOf(axis.zoneId)).map(
    ({ at, label, isMinor }) =>
      html`<line class="${isMinor ? 'minor' : 'major'}" x1="${share(at, axis)}" x2="${share(at, axis)}" y1="0" y2="${y + 4}"/>${
        label === ''
          ? ''
          : html`<text class="${isMinor ? 'minor' : 'major'}" x="${share(at, axis)}" y="${y + 15}">${label}</text>`
      }`,
  );
}

/** Where days (on a short axis hours, on a long one months) begin on the zone's clock. Labels do not run out on the right. */
function ticksOf({ from, to }: Axis, zone: Zone): readonly Tick[] {
  const length = to - from;
  const found: Tick[] = [];
  const lastLabel = to - length * 0.04;
  const step = length <= 4 * dayMs ? hourMs / 2 : 6 * hourMs;
  let before = localText(zone, from);
  for (let at = Math.ceil(from / step) * step; at < to; at += step) {
    const text = localText(zone, at);
    const isMidnight = text.slice(0, 10) !== before.slice(0, 10);
    const hour = Number(text.slice(11, 13));
    const isNewHour = text.slice(14, 16) === '00' || hour !== Number(before.slice(11, 13));
    before = text;
    const day = text.slice(5, 10);
    const label = (words: string): string => (at > lastLabel ? '' : words);
    if (length <= 4 * dayMs) {
      if (isMidnight) found.push({ at, label: label(day), isMinor: false });
      else if (hour % 6 === 0 && isNewHour)
        found.push({ at, label: label(text.slice(11, 16)), isMinor: true });
    } else if (isMidnight) {
      const monthDay = Number(text.slice(8, 10));
      if (length > 100 * dayMs) {
        if (monthDay === 1)
          found.push({ at, label: label(text.slice(0, 7)), isMinor: found.length % 3 !== 0 });
      } else if (length > 20 * dayMs) {
        if (monthDay % 10 === 1 && monthDay < 31)
          found.push({ at, label: label(day), isMinor: monthDay !== 1 });
      } else
        found.push({ at, label: found.length % 2 === 0 ? label(day) : '', isMinor: found.length % 4 !== 0 });
    }
  }
  return found;
}

function zoneOf(zoneId: string): Zone {
  const parsed = parseZone(zoneId);
  const utc = parseZone('UTC');
  if (parsed.ok) return parsed.zone;
  if (utc.ok) return utc.zone;
  throw new Error('UTC is a zone');
}
