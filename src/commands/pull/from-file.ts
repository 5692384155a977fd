import { scheduleFrom } from '../../conductor/wire.ts';
import { finderIn, locate, placeText } from '../../manifest/read/locate.ts';
import { parse, type RawManifest } from '../../manifest/read/parse-file.ts';
import { writtenTags } from '../../manifest/resolve/tags.ts';
import { readTime } from '../../manifest/resolve/time.ts';

import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { markerTags, unmarked } from '../../model/marks/marker.ts';
import type { ServerIdentity } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import { type ObservedSchedule, tagSet } from '../../model/schedule.ts';
import { type Diagnostic, type LocatedDiagnostic, problem } from '../../problems/diagnostic.ts';
import type { Files } from '../../run/run.ts';
import { refuse, type Settled } from '../../settings/settings.ts';

/** Schedules out of a file, or what is wrong with it. */
export type FromFile =
  | { readonly kind: 'read'; readonly schedules: readonly ObservedSchedule[] }
  | { readonly kind: 'broken'; readonly problems: readonly LocatedDiagnostic[] };

/** A file can hold everything that any server knows. */
export const anyServer: ServerIdentity = {
  serverType: 'oss-2',
  capabilities: {
    tags: true,
    tagsInList: true,
    cronSchedules: 'kept',
    pauseReason: 'kept',
    idempotency: true,
    anyName: true,
    bulk: true,
    hidesUnreadable: true,
    executionQuery: 'clauses',
    numbers: 'kind',
    pauseAll: 'unknown',
  },
};

/**
 * The schedules of a file that people have: the body of a save, the answer of a get, a list or a search, as JSON or
 * YAML, one or several.
 */
export function readFrom(from: string, files: Pick<Files, 'readFile' | 'readInput'>): Settled<FromFile> {
  const path = fileOf(from);
  const file = from === '-' ? files.readInput() : files.readFile(from);
  if (file.kind === 'missing')
    return refuse(
      `file ${JSON.stringify(path)} not found`,
      'pass --from a file with a body or a response, such as the output of curl, or - for standard input',
    );
  if (file.kind === 'directory') return refuse(`${path} is a directory`, 'pass --from the path of a file');
  if (file.kind === 'unreadable') return refuse(`${path} cannot be read: ${file.why}`, 'make it readable');
  const source = { path, text: file.text };
  const find = finderIn([source]);
  const { manifests, diagnostics } = parse(source);
  const elements = manifests.flatMap(elementsOf);
  const wrong: Diagnostic[] = [...diagnostics];
  const seen = new Map<string, Element>();
  for (const element of elements) {
    const { value, at } = element;
    const { origin } = element;
    const name = isObject(value) ? value.name : undefined;
    const place = { kind: 'field', origin, path: at, at: 'value' } as const;
    if (typeof name !== 'string' || name === '')
      wrong.push(problem('missing-key', { key: 'name', parent: [] }, place));
    else {
      const other = seen.get(name);
      if (other === undefined) seen.set(name, element);
      else {
        const first = find({ kind: 'field', origin: other.origin, path: [...other.at, 'name'], at: 'value' });
        const twice = { ...place, path: [...at, 'name'] };
        wrong.push(problem('duplicate-name', { name, other: placeText(first) }, twice));
      }
    }
  }
  if (wrong.length > 0) return { ok: true, value: { kind: 'broken', problems: locate(wrong, find) } };
  if (seen.size === 0)
    return refuse(
      `no schedule found in ${path}`,
      'the file must have the body of a save, or the response of a get, list or search',
    );
  return { ok: true, value: { kind: 'read', schedules: elements.map(({ value }) => observed(value)) } };
}

/** As reports name it. */
export function fileOf(from: string): string {
  return from === '-' ? 'stdin' : from;
}

interface Element {
  readonly value: Json;
  readonly origin: RawManifest['origin'];
  /** Within the document. */
  readonly at: readonly string[];
}

/** A search answers with `results` and how many there are in all. */
function elementsOf({ value, origin }: RawManifest): readonly Element[] {
  const { results } = value;
  if (!Array.isArray(results) || Object.hasOwn(value, 'startWorkflowRequest'))
    return [{ value, origin, at: [] }];
  return results.map((item: Json, index) => ({ value: item, origin, at: ['results', String(index)] }));
}

function observed(value: Json): ObservedSchedule {
  const raw = isObject(value) ? value : {};
  const { tags, ...rest } = scheduleFrom({ ...raw, ...times(raw) });
  // A manifest that was once pulled has its tags in a mapping.
  const known = tags ?? (isObject(raw.tags) ? tagSet(writtenTags(raw.tags)) : undefined);
  return markersInTags({ ...rest, ...present({ tags: known }) });
}

/** A file does not say which kind of server it is from: a marker in the description becomes the tags that it means. */
function markersInTags(raw: ObservedSchedule): ObservedSchedule {
  const { observed, markers } = unmarked(raw, 'description');
  if (observed === raw) return raw;
  const { name } = raw.schedule;
  return {
    ...observed,
    tags: [...(raw.tags ?? []), ...markers.flatMap((marker) => markerTags(name, marker))],
  };
}

function times(raw: JsonObject): JsonObject {
  const fields: { [key: string]: Json } = {};
  for (const field of ['scheduleStartTime', 'scheduleEndTime']) {
    const written = raw[field];
    const read = typeof written === 'string' ? readTime(written) : undefined;
    if (read?.ok) fields[field] = read.ms;
  }
  return fields;
}
