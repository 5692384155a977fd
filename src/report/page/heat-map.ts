import type { LoadEntry, LoadPicture } from '../documents/generated/documents.ts';
import { clock } from '../documents/load.ts';
import { many } from '../text/phrases.ts';
import { foreign, joined, moment } from './frame.ts';
import { html, type Markup, type Piece } from './markup.ts';

const rowHeight = 9;
const top = 18;
/** Pixels left for the hours; the style sheet has them, too. */
const left = 24;
const causesShown = 3;
const peaksMarked = 5;

/** The load before and after: a row for each hour of the UTC day, a field for each minute; then the peaks and who causes them. */
export function loadPictures({ days, from, before, after }: LoadPicture): readonly Piece[] {
  const most = Math.max(1, ...(before?.minutes ?? []), ...after.minutes);
  return [
    html`<p class="lead">${sums(before, after)}</p>
<div class="maps">${before === undefined ? heatMap('Load', after, days, most) : [heatMap('Before', before, days, most), heatMap('After', after, days, most)]}</div>
<p class="soft note">Fires in each minute of the UTC day, over ${days} days from ${from.slice(0, 10)}; the darkest is ${perDay(most, days)} a day. The five busiest minutes are outlined.</p>`,
  ];
}

function sums(before: LoadEntry | undefined, after: LoadEntry): Piece {
  const pair = (title: string, old: string | number | undefined, next: string | number): Markup =>
    html`<span class="figure"><span class="soft">${title}</span> ${old === undefined || old === next ? '' : html`<del>${old}</del> <span class="to" aria-label="becomes">→</span> `}<strong>${next}</strong></span>`;
  return [
    pair('Fires a day', before && figure(before.perDay), figure(after.perDay)),
    pair('Busiest minute', before && (before.busiest?.fires ?? 0), after.busiest?.fires ?? 0),
    pair('Active schedules', before?.active, after.active),
    pair('Paused', before?.paused, after.paused),
  ];
}

function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(value);
}

function perDay(fires: number, days: number): string {
  return figure(Math.round((fires / days) * 100) / 100);
}

function heatMap(title: string, entry: LoadEntry, days: number, most: number): Markup {
  const { minutes, peaks, busiest } = entry;
  const marked = new Set(peaks.slice(0, peaksMarked).map(({ minute }) => minute));
  const height = top + 24 * rowHeight;
  const x = (minute: number): string => `${Math.round((minute * 10_000) / 60) / 100}%`;
  const width = `${Math.round(9000 / 60) / 100}%`;
  return html`<figure class="map"><figcaption>${title}${busiest === undefined ? '' : html` <span class="soft">busiest ${moment(busiest.at, busiest.at.slice(0, 16).replace('T', ' ').concat('Z'))}: ${many(busiest.fires, 'fire')}</span>`}</figcaption>
<svg width="100%" height="${height}" role="img" aria-label="${title}: heat map of ${figure(entry.perDay)} fires a day by minute of the UTC day. The peaks are listed below.">
${Array.from({ length: 8 }, (_, index) => index * 3).map((hour) => html`<text class="soft" x="0" y="${top + hour * rowHeight + 8}">${String(hour).padStart(2, '0')}</text>`)}
<svg class="plot" x="${left}">
${[0, 15, 30, 45].map((minute) => html`<text class="soft" x="${x(minute)}" y="11">:${String(minute).padStart(2, '0')}</text>`)}
<rect class="ground" x="0" y="${top}" width="100%" height="${24 * rowHeight}" rx="2"/>
${minutes.map((fires, minute) =>
  fires === 0
    ? ''
    : html`<rect class="${marked.has(clock(minute)) ? 'heat peak' : 'heat'}" x="${x(minute % 60)}" y="${top + Math.floor(minute / 60) * rowHeight}" width="${width}" height="${rowHeight - 1}" fill-opacity="${strength(fires, most)}"><title>${clock(minute)}Z: ${perDay(fires, days)} a day</title></rect>`,
)}
</svg></svg>
<ol class="peaks">${peaks.map(
    ({ minute, perDay: fires, causes }) =>
      html`<li><strong>${minute}Z</strong> ${figure(fires)} a day <span class="soft">${joined(
        causes.slice(0, causesShown).map(({ name, perDay: own }) => html`${foreign(name)} (${figure(own)})`),
        ', ',
      )}${causes.length > causesShown ? ` and ${causes.length - causesShown} more` : ''}</span></li>`,
  )}</ol></figure>`;
}

/** By the root, so that a few fires are still seen beside many. */
function strength(fires: number, most: number): string {
  return (0.22 + 0.78 * Math.sqrt(fires / most)).toFixed(2);
}
