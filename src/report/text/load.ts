import type { LoadDocument, LoadEntry } from '../documents/generated/documents.ts';
import { mean } from '../documents/load.ts';
import { terminalText } from './escape.ts';
import type { Style } from './style.ts';
import { wrap } from './wrap.ts';

const bars = '▁▂▃▄▅▆▇█';
const causesShown = 3;

/** A strip for each hour, a mark for each of its minutes, then the peaks and who causes them. */
export function renderLoad({ from, days, before, after }: LoadDocument, style: Style): string {
  const { colors } = style;
  const most = Math.max(1, ...(before?.minutes ?? []), ...after.minutes);
  return [
    colors.dim(`Fires per minute of the UTC day, over ${days} days from ${from.slice(0, 10)}.`),
    '',
    ...(before === undefined
      ? entryLines(after, days, most, style)
      : [
          colors.bold('Before: the server as it is'),
          ...entryLines(before, days, most, style),
          '',
          colors.bold('After: with these manifests'),
          ...entryLines(after, days, most, style),
          '',
          `${before.perDay} fires a day → ${after.perDay}; busiest minute ${before.busiest?.fires ?? 0} → ${after.busiest?.fires ?? 0}`,
        ]),
    '',
  ].join('\n');
}

function entryLines(
  entry: LoadEntry,
  days: number,
  most: number,
  { width, colors }: Style,
): readonly string[] {
  const { minutes, busiest, peaks, perDay, active, paused } = entry;
  const sums = [
    `${perDay} fires a day of ${active} active schedules${paused > 0 ? `; ${paused} paused` : ''}.`,
  ];
  if (busiest !== undefined)
    sums.push(`Busiest minute: ${busiest.at}, ${busiest.fires} ${busiest.fires === 1 ? 'fire' : 'fires'}.`);
  return [
    colors.dim('     :00       :10       :20       :30       :40       :50'),
    ...Array.from({ length: 24 }, (_, hour) => {
      const own = minutes.slice(hour * 60, hour * 60 + 60);
      const sum = own.reduce((total, fires) => total + fires, 0);
      const strip = own.map((fires) => bar(fires, most)).join('');
      return `${String(hour).padStart(2, '0')}   ${strip} ${String(mean(sum, days)).padStart(8)}`;
    }),
    ...wrap(sums.join(' '), width, ''),
    ...peaks.flatMap(({ minute, perDay: fires, causes }) => {
      const named = causes
        .slice(0, causesShown)
        .map((cause) => `${terminalText(cause.name)} (${cause.perDay})`);
      const rest = causes.length - named.length;
      return wrap(
        `${minute}Z  ${fires} a day: ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`,
        width,
        '  ',
      );
    }),
  ];
}

/** Nothing is a space, anything at all is a mark. */
function bar(fires: number, most: number): string {
  if (fires === 0) return ' ';
  return bars[Math.min(bars.length - 1, Math.floor((fires / most) * bars.length))] ?? ' ';
}
