import type { LoadDocument, LoadEntry } from '../documents/generated/documents.ts';
import { clock } from '../documents/load.ts';

const cell = 11;
const left = 40;
const top = 58;
const gridWidth = 60 * cell;
const gridHeight = 24 * cell;
const width = left + gridWidth + 24;
const legendHeight = 44;

/**
 * The load as a picture: a row for each hour of the UTC day, a field for each minute, and what is known of a field when
 * one points at it. Its colours fit a light and a dark page, and it needs nothing but itself.
 */
export function renderHeat({ from, days, before, after }: LoadDocument): string {
  const most = Math.max(1, ...(before?.minutes ?? []), ...after.minutes);
  const grids =
    before === undefined
      ? [{ title: 'Fires per minute of the UTC day', entry: after }]
      : [
          { title: 'Before: the server as it is', entry: before },
          { title: 'After: with these manifests', entry: after },
        ];
  const height = grids.length * (top + gridHeight) + legendHeight + 16;
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">
<title id="title">Fires per minute of the UTC day, over ${days} days from ${from.slice(0, 10)}</title>
<style>
  svg { font: 11px system-ui, sans-serif; background: #ffffff; color-scheme: light dark; }
  text { fill: #1f2328; }
  .soft { fill: #59636e; }
  .none { fill: #eff1f4; }
  .some { fill: #0a5cb8; }
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117; }
    text { fill: #f0f6fc; }
    .soft { fill: #9198a1; }
    .none { fill: #1b212a; }
    .some { fill: #6cb6ff; }
  }
</style>
${grids.map(({ title, entry }, index) => grid(title, entry, days, most, index * (top + gridHeight))).join('\n')}
${legend(most, days, grids.length * (top + gridHeight) + 26)}
</svg>
`;
}

function grid(title: string, entry: LoadEntry, days: number, most: number, y: number): string {
  const sums = `${entry.perDay} fires a day, ${entry.active} active schedules${
    entry.busiest === undefined ? '' : `, busiest minute ${entry.busiest.at} with ${entry.busiest.fires}`
  }`;
  return [
    text(left, y + 20, title, ' font-weight="600" font-size="14"'),
    text(left, y + 37, sums, ' class="soft"'),
    ...[0, 10, 20, 30, 40, 50].map((minute) =>
      text(left + minute * cell, y + top - 6, `:${String(minute).padStart(2, '0')}`, ' class="soft"'),
    ),
    ...Array.from({ length: 24 }, (_, hour) =>
      text(
        left - 8,
        y + top + hour * cell + 9,
        String(hour).padStart(2, '0'),
        ' class="soft" text-anchor="end"',
      ),
    ),
    // One ground for all that is empty: most fields are, and each would be an element.
    `<rect class="none" x="${left}" y="${y + top}" width="${gridWidth}" height="${gridHeight}" rx="2"/>`,
    ...entry.minutes.flatMap((fires, minute) =>
      fires === 0 ? [] : [field(fires, minute, days, most, y + top)],
    ),
  ].join('\n');
}

function field(fires: number, minute: number, days: number, most: number, y: number): string {
  const at = `x="${left + (minute % 60) * cell}" y="${y + Math.floor(minute / 60) * cell}"`;
  const perDay = Math.round((fires / days) * 100) / 100;
  return `<rect class="some" ${at} width="${cell - 1}" height="${cell - 1}" opacity="${strength(fires, most)}"><title>${clock(minute)}Z: ${perDay} a day</title></rect>`;
}

/** By the root, so that a few fires are still seen beside many. */
function strength(fires: number, most: number): string {
  return (0.25 + 0.75 * Math.sqrt(fires / most)).toFixed(2);
}

function legend(most: number, days: number, y: number): string {
  const steps = [0.01, 0.25, 0.5, 0.75, 1];
  return [
    text(left, y + 9, 'few', ' class="soft"'),
    ...steps.map(
      (share, index) =>
        `<rect class="some" x="${left + 28 + index * (cell + 2)}" y="${y}" width="${cell}" height="${cell}" opacity="${strength(share * most, most)}"/>`,
    ),
    text(
      left + 28 + steps.length * (cell + 2) + 4,
      y + 9,
      `${Math.round((most / days) * 100) / 100} a day`,
      ' class="soft"',
    ),
  ].join('\n');
}

/** No text from outside goes in here. */
function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${x}" y="${y}"${attributes}>${content}</text>`;
}
