import { dayNumber, weekdayOf } from '../../cron/zone/civil.ts';
import type { AgendaDocument } from '../documents/generated/documents.ts';
import { terminalText } from './escape.ts';
import { calendarDayText, unknownAfterText } from './fire-lines.ts';
import type { Style } from './style.ts';
import { columns, wrap } from './wrap.ts';

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** Day by day, then what is too dense to list, and who does not fire at all. */
export function renderAgenda(document: AgendaDocument, { width, colors }: Style): string {
  const { fires, dense, daysOff, unknownAfter, paused, silent, zone } = document;
  const lines = [colors.dim(`${document.from} to ${document.to}, times in ${terminalText(zone)}`), ''];
  const nameWidth = Math.min(40, Math.max(0, ...fires.map(({ name }) => columns(terminalText(name)))));
  let day = '';
  for (const { at, name, local, zoneId } of fires) {
    const date = at.slice(0, 10);
    if (date !== day) {
      if (day !== '') lines.push('');
      lines.push(colors.bold(`${dayName(date)} ${date}`));
      day = date;
    }
    const own =
      local.slice(0, 19) === at.slice(0, 19)
        ? ''
        : colors.dim(`${ownTime(local, date)} ${terminalText(zoneId)}`);
    lines.push(
      `  ${at.slice(11, 19)}  ${own === '' ? terminalText(name) : padded(terminalText(name), nameWidth)}${own === '' ? '' : `  ${own}`}`,
    );
  }
  if (fires.length === 0) lines.push(dense.length === 0 ? 'Nothing fires.' : 'Only these fire:');
  if (dense.length > 0) {
    lines.push('', colors.bold('More than once an hour'));
    for (const { name, count, mostPerDay, first, last } of dense)
      lines.push(
        ...wrap(
          `${terminalText(name)}: ${count} fires, at most ${mostPerDay} a day, from ${first} to ${last}`,
          width,
          '  ',
        ),
      );
  }
  if (daysOff.length > 0) {
    lines.push('', colors.bold('Days off'));
    for (const day of daysOff)
      lines.push(...wrap(`${calendarDayText(day)}: ${day.names.map(terminalText).join(', ')}`, width, '  '));
  }
  for (const end of unknownAfter) lines.push('', ...wrap(`note: ${unknownAfterText(end)}`, width, ''));
  if (paused.length > 0) lines.push('', ...wrap(`Paused: ${paused.map(terminalText).join(', ')}`, width, ''));
  if (silent.length > 0)
    lines.push('', ...wrap(`Without a fire: ${silent.map(terminalText).join(', ')}`, width, ''));
  return `${lines.join('\n')}\n`;
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)));
}

/** The time of day, with the date when that is another one. */
function ownTime(local: string, date: string): string {
  return local.slice(0, 10) === date ? local.slice(11, 19) : local.slice(0, 19).replace('T', ' ');
}

export function dayName(date: string): string {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return weekdays[weekdayOf(dayNumber({ year, month, day })) - 1] ?? '';
}
