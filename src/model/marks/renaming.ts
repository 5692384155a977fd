import { present } from '../present.ts';
import type { Schedule } from '../schedule.ts';
import { hasMarkerLine } from './marker.ts';

/**
 * The note on a schedule that is saved under its new name while the old one is still at work: paused by us until the
 * old one is gone. It goes with the save itself, so that a rename which breaks off anywhere is known for what it is.
 */

/** Where a server keeps the note: beside the pause, or, when it stores no reason for one, at the end of the description. */
export type NotePlace = 'reason' | 'description';

const inReason = /^Downbeat is renaming ("(?:[^"\\]|\\.)*") to this, the next apply finishes it$/;
const inDescription = /(?:^|\n)\[downbeat-renaming: ("(?:[^"\\]|\\.)*")\]\s*$/;

/** Whether a text ends in a note that only Downbeat writes. */
export function endsInNote(text: string): boolean {
  return inReason.test(text) || inDescription.test(text);
}

/** Whether a schedule is paused by a rename of ours; the owner's marker may come after the note. */
export function isPausedByRename({ paused, pausedReason = '', description = '' }: Schedule): boolean {
  return paused && (inReason.test(pausedReason) || withoutNote(description) !== description);
}

/** A description without the line of the note; everything else stays to the letter. */
export function withoutNote(description: string): string {
  return noteIn(description)?.rest ?? description;
}

/** The note of a description, of which nothing but the owner's marker may come after it. */
function noteIn(description: string): { readonly from: string; readonly rest: string } | undefined {
  if (!description.includes('[downbeat-renaming: ')) return undefined;
  const lines = description.split('\n');
  const end = lines.findLastIndex((line) => line.trim() !== '' && !hasMarkerLine(line));
  const note = inDescription.exec(lines[end] ?? '');
  return note === null ? undefined : { from: nameIn(note), rest: lines.toSpliced(end, 1).join('\n') };
}

/** A schedule that waits, paused, for the end of the old one. */
export function inRenaming(schedule: Schedule, from: string, place: NotePlace): Schedule {
  const old = JSON.stringify(from);
  const { pausedReason: _reason, ...rest } = schedule;
  if (place === 'reason') {
    const pausedReason = `Downbeat is renaming ${old} to this, the next apply finishes it`;
    return { ...rest, paused: true, pausedReason };
  }
  const line = `[downbeat-renaming: ${old}]`;
  const { description } = schedule;
  return {
    ...rest,
    paused: true,
    description: description === undefined ? line : `${description}\n${line}`,
  };
}

/** A schedule whose rename has not been finished. */
export type Unfinished = {
  /** The old name. */
  readonly from: string;
  /** As it will be in the end: without the note, and running. */
  readonly schedule: Schedule;
};

/**
 * Reads the note in both places, whatever the server; `undefined` = there is none. A pause with another reason is
 * somebody's own, also when ours was there before; on a schedule that runs, a note says nothing any more.
 */
export function unfinished(schedule: Schedule): Unfinished | undefined {
  if (!schedule.paused) return undefined;
  const { description, pausedReason, ...rest } = schedule;
  const reason = inReason.exec(pausedReason ?? '');
  if (reason !== null)
    return {
      from: nameIn(reason),
      schedule: { ...rest, ...present({ description }), paused: false },
    };
  const note = noteIn(description ?? '');
  if (note === undefined) return undefined;
  const kept = note.rest === '' ? undefined : note.rest;
  return { from: note.from, schedule: { ...rest, ...present({ description: kept }), paused: false } };
}

function nameIn([, quoted = '""']: RegExpExecArray): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
