import { compareText, type DesiredSchedule, type FieldPath } from '../../model/schedule.ts';
import { type Finder, finderIn, placeText } from '../read/locate.ts';
import type { ValueSource } from '../resolve/value-sources.ts';
import { renderManifests } from './render.ts';

/**
 * Desired schedules as manifests again, each with a comment that names the manifest that it comes from, and one after every
 * value that was written elsewhere. Reading it gives the same schedules.
 */
export function explainedManifests(
  desired: readonly DesiredSchedule[],
  sourcesOf: (one: DesiredSchedule) => readonly ValueSource[],
): string {
  return [...desired]
    .sort((a, b) => compareText(a.schedule.name, b.schedule.name))
    .map((one) => explained(one, sourcesOf(one)))
    .join('---\n');
}

const file = 'rendered';

function explained(one: DesiredSchedule, sources: readonly ValueSource[]): string {
  const lines = renderManifests([one]).split('\n');
  const find = finderIn([{ path: file, text: lines.join('\n') }]);
  for (const { path, at } of sources) {
    const index = lineOf(path, lines, find);
    const line = lines[index];
    if (line === undefined) continue;
    const from = commentText(placeText(at));
    // Of a list that came from two places each part says its own.
    lines[index] = line.includes(`# from ${from}`) ? line : `${line}  # from ${from}`;
  }
  const { origin } = one;
  const place = origin.document > 0 ? `${origin.file}, document ${origin.document + 1}` : origin.file;
  const added = (one.addedTags ?? []).map(({ key, value }) => `${key}: ${value}`);
  const notes =
    added.length === 0 ? [] : [`# tags on the server stay, with ${commentText(added.join(', '))}`];
  return [`# ${commentText(place)}`, ...notes, ...lines].join('\n');
}

/** These are in another order or form than in the manifest, so a part of them is shown at their key. */
const rearranged: readonly string[] = ['tags', 'cronSchedules'];

/** The line with the key of a field; -1 when it is not written there, because it has its default. */
function lineOf(path: FieldPath, lines: readonly string[], find: Finder): number {
  const [first = ''] = path;
  const exact = lineWith(path, lines, find);
  if (exact >= 0 && !(first === 'cronSchedules' && path.length > 1)) return exact;
  return rearranged.includes(first) ? lineWith([first], lines, find) : -1;
}

function lineWith(path: FieldPath, lines: readonly string[], find: Finder): number {
  const place = find({ kind: 'field', origin: { file, document: 0 }, path, at: 'key' });
  const index = (place?.line ?? 0) - 1;
  const key = path.at(-1) ?? '';
  const text = lines[index]?.trimStart() ?? '';
  return [key, JSON.stringify(key)].some((form) => text.startsWith(`${form}:`)) ? index : -1;
}

/** A path has any letters; a comment ends with its line. */
function commentText(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?');
}
