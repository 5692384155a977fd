import { momentOf } from '../../cron/zone/moment-of.ts';
import { utcText } from '../../cron/zone/utc.ts';
import { packageName } from '../../model/generated/package.ts';
import { shortHash } from '../../model/marks/short-hash.ts';
import type { AgendaDocument } from '../documents/generated/documents.ts';
import { terminalText } from '../text/escape.ts';
import { many } from '../text/phrases.ts';
import { utf8Bytes } from './fit.ts';

/** A line of iCalendar has at most so many bytes of UTF-8, its line break not counted. */
const mostBytes = 75;

type Event = {
  readonly name: string;
  /** In a document's form. */
  readonly first: string;
  /** Absent = a fire is a time, and how long its run takes is not known. */
  readonly last?: string;
  readonly summary: string;
  readonly about: string;
};

/**
 * The events of an agenda as iCalendar (RFC 5545). They keep their ids, so that a calendar that takes it in again has none
 * twice. All times are in UTC.
 */
export function renderCalendar(document: AgendaDocument): string {
  const stamp = utcOf(document.from) ?? '19700101T000000Z';
  const seen = new Map<string, number>();
  const lines = eventsOf(document).flatMap((event): readonly string[] => {
    const start = utcOf(event.first);
    if (start === undefined) return [];
    const end = event.last === undefined ? undefined : utcOf(event.last);
    const key = `${shortHash(event.name)}-${start}`;
    const times = seen.get(key) ?? 0;
    seen.set(key, times + 1);
    return [
      'BEGIN:VEVENT',
      `UID:${key}${times === 0 ? '' : `-${times + 1}`}@${packageName}`,
      `DTSTAMP:${stamp}`,
      `DTSTART:${start}`,
      ...(end === undefined || end === start ? [] : [`DTEND:${end}`]),
      `SUMMARY:${textValue(event.summary)}`,
      `DESCRIPTION:${textValue(event.about)}`,
      // It does not block that time in a calendar.
      'TRANSP:TRANSPARENT',
      'END:VEVENT',
    ];
  });
  const all = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    `PRODID:-//${packageName}//agenda//EN`,
    'CALSCALE:GREGORIAN',
    ...lines,
    'END:VCALENDAR',
  ];
  return all.map((line) => `${folded(line)}\r\n`).join('');
}

function eventsOf({ events = [] }: AgendaDocument): readonly Event[] {
  return events.map(({ name, first, last, count, zoneId, local }): Event => {
    if (count === 1)
      return { name, first, summary: name, about: zoneId === undefined ? first : `${local} in ${zoneId}` };
    const fires = many(count, 'fire');
    return {
      name,
      first,
      last,
      summary: `${name} (${fires})`,
      about: `${fires} from ${first} to ${last}`,
    };
  });
}

/** `20261123T020000Z` */
function utcOf(iso: string): string | undefined {
  const at = momentOf(iso);
  if (at === undefined) return undefined;
  const text = utcText(at - (at % 1000));
  return text.includes('T') ? text.replace(/[-:]/g, '') : undefined;
}

/** Text of others: what is not visible is written out, and what means something to iCalendar is escaped. */
function textValue(text: string): string {
  return terminalText(text).replace(/[\\;,]/g, '\\$&');
}

/** A long line goes on after a line break and a space; no letter is cut in two. */
function folded(line: string): string {
  if (utf8Bytes(line) <= mostBytes) return line;
  const parts: string[] = [];
  let part = '';
  let bytes = 0;
  for (const letter of line) {
    const own = utf8Bytes(letter);
    if (bytes + own > mostBytes) {
      parts.push(part);
      part = ' ';
      bytes = 1;
    }
    part += letter;
    bytes += own;
  }
  return [...parts, part].join('\r\n');
}
