import { utcText } from '../../cron/zone/utc.ts';
import type { NewSecret } from '../../model/generated/report-parts.ts';
import { isNumber, isObject, type Json, type JsonObject, objectOf } from '../../model/json.ts';
import { requestFields, scheduleFields } from '../../model/normal.ts';
import { present } from '../../model/present.ts';
import type { DesiredSchedule, FieldChange, FieldPath, Tag } from '../../model/schedule.ts';
import { isLeftOut } from '../read/left-out.ts';
import type { RawManifest } from '../read/parse-file.ts';
import { type Provenance, provenanceOf } from '../resolve/provenance.ts';
import { escapeReferences } from '../resolve/references.ts';
import { readTime } from '../resolve/time.ts';
import { credentialsIn, mayBeSecret, type SecretNames, withTexts } from '../secrets/credentials.ts';

/** A manifest as written, and which parts of what it comes to were written elsewhere. */
export interface ManifestSource {
  readonly manifest: RawManifest;
  readonly provenance: readonly Provenance[];
}

/** A difference that stays: its value is not the manifest's own. */
export interface Kept {
  readonly field: FieldChange;
  /** Where it was written; absent for a secret, whose value is nowhere. */
  readonly source?: Provenance;
  readonly reason: 'elsewhere' | 'secret' | 'credential';
}

export interface PulledValue {
  /** The manifest as it should be written. */
  readonly value: JsonObject;
  /** The differences that are in it. */
  readonly taken: readonly FieldChange[];
  readonly kept: readonly Kept[];
  readonly secrets: readonly NewSecret[];
}

export interface SecretOptions {
  readonly secretName: SecretNames;
  /** Paths at which nothing is a credential, in every manifest. */
  readonly notSensitive: readonly FieldPath[];
}

/** The order of a manifest's fields, for new ones. */
export function fieldOrder(path: FieldPath): readonly string[] {
  if (path.length === 0) return [...scheduleFields, 'tags', 'lifecycle'];
  return path.length === 1 && path[0] === 'startWorkflowRequest' ? requestFields : [];
}

/**
 * A manifest with the server's side of differences in it. Of each, `before` is what the server has and `after` what
 * the manifest comes to. What came from a variable, an overlay, a default or a secret is not overwritten.
 */
export function pulled(
  { manifest, provenance }: ManifestSource,
  desired: DesiredSchedule,
  fields: readonly FieldChange[],
  { secretName, notSensitive }: SecretOptions,
): PulledValue {
  const harmless = [...notSensitive, ...desired.lifecycle.notSensitive];
  const taken: FieldChange[] = [];
  const kept: Kept[] = [];
  const secrets: NewSecret[] = [];
  let value = manifest.value;

  for (const one of fieldsByTag(fields)) {
    // Written, a pause would be enforced from now on; that it runs is the server's to keep.
    const field =
      one.path[0] === 'paused' && one.before === false
        ? { path: one.path, ...present({ after: one.after }) }
        : one;
    const { path, before } = field;
    if ((desired.secrets ?? []).some((secret) => related(secret.path, path))) {
      kept.push({ field, reason: 'secret' });
      continue;
    }
    // Items of a list move, so where one was written speaks for all of them.
    const isListed = path[0] === 'tags' && Array.isArray(value.tags);
    const source = sourceOf(isListed ? ['tags'] : path, provenance);
    if (source !== undefined) {
      // A default goes away by itself with what it is a default of.
      if (before !== undefined || !isDefault(source)) kept.push({ field, source, reason: 'elsewhere' });
      continue;
    }
    if (path[0] === 'tags') {
      if (credentialsIn(before ?? null, path.slice(0, 1), harmless).length > 0) {
        kept.push({ field, reason: 'credential' });
        continue;
      }
      value = { ...value, tags: withTag(value.tags, path[1] ?? '', before, field.after) };
    } else {
      const written = before === undefined ? undefined : literal(before, path);
      if (before !== undefined && written === undefined) {
        kept.push({ field, reason: 'credential' });
        continue;
      }
      value = withValue(value, path, written);
    }
    taken.push(field);
  }
  // A reason beside a running schedule is an error in a manifest, and has no effect on a server.
  if (value.paused !== true && taken.some(({ path }) => path[0] === 'paused'))
    value = withValue(value, ['pausedReason'], undefined);
  return { value, taken, kept, secrets };

  /** A value as a manifest writes it; undefined = it holds a credential where no reference to a secret may be. */
  function literal(before: Json, path: FieldPath): Json | undefined {
    const [first, second] = path;
    if (first === 'scheduleStartTime' || first === 'scheduleEndTime') return timeLike(before, value[first]);
    const escaped = escapedTexts(before);
    if (first === 'cronSchedules') return entriesLike(escaped, value.cronSchedules);
    if (second === 'workflowDef') {
      const request = isObject(value.startWorkflowRequest) ? value.startWorkflowRequest : {};
      const minimal = withoutFilledIn(request.workflowDef, escaped);
      return credentialsIn(minimal, path, harmless).length > 0 ? undefined : minimal;
    }
    const found = credentialsIn(before, path, harmless);
    if (!found.every(mayBeSecret)) return undefined;
    const texts = new Map(
      found.map((found) => {
        const name = secretName(desired.schedule.name, found.path);
        secrets.push({ name, schedule: desired.schedule.name, path: found.path });
        return [JSON.stringify(found.path), `\${secret.${name}}`];
      }),
    );
    return withTexts(escaped, path, texts);
  }
}

/** Where a field was written, if that is not the manifest as it is: itself, what is around it or a part of it. */
function sourceOf(path: FieldPath, provenance: readonly Provenance[]): Provenance | undefined {
  return (
    provenanceOf(path, provenance) ??
    provenance.find((entry) => entry.path.length > path.length && related(entry.path, path))
  );
}

export function isDefault(provenance: Provenance): boolean {
  return provenance.isDefault === true;
}

/** One path leads to the other, or they are the same. */
export function related(a: FieldPath, b: FieldPath): boolean {
  const shared = Math.min(a.length, b.length);
  return a.slice(0, shared).every((part, index) => part === b[index]);
}

/** Differences of a schedule, that of its tags as one for each key. */
export function fieldsByTag(fields: readonly FieldChange[]): readonly FieldChange[] {
  return fields.flatMap((field) =>
    field.path[0] === 'tags' && field.path.length === 1 ? byKey(field) : [field],
  );
}

/** The tags of both sides as a difference for each key that has one. */
function byKey({ before, after }: FieldChange): readonly FieldChange[] {
  const [theirs, ours] = [tagValues(before), tagValues(after)];
  return [...new Set([...theirs.keys(), ...ours.keys()])].sort().flatMap((key) => {
    const [old, wanted] = [theirs.get(key), ours.get(key)];
    if (JSON.stringify(old) === JSON.stringify(wanted)) return [];
    return [
      {
        path: ['tags', key],
        ...present({ before: old, after: wanted }),
      },
    ];
  });
}

/** A text for one value, a list for several. */
function tagValues(tags: Json | undefined): ReadonlyMap<string, Json> {
  const values = new Map<string, string[]>();
  for (const { key, value } of (tags ?? []) as readonly Tag[])
    values.set(key, [...(values.get(key) ?? []), value]);
  return new Map([...values].map(([key, list]) => [key, list.length === 1 ? (list[0] ?? '') : list]));
}

/** Written tags, in either form, with other values for one key. */
function withTag(
  tags: Json | undefined,
  key: string,
  wanted: Json | undefined,
  before: Json | undefined,
): Json {
  const values = wanted === undefined ? [] : Array.isArray(wanted) ? wanted : [wanted];
  if (Array.isArray(tags)) {
    const isOurs = (tag: Json): tag is JsonObject => isObject(tag) && tag.key === escapeReferences(key);
    const isKept = (tag: JsonObject): boolean => values.some((one) => tag.value === escapedTexts(one));
    const old = Array.isArray(before) ? before : before === undefined ? [] : [before];
    const added = values.filter((one) => !old.includes(one)).map(escapedTexts);
    // A new value comes in the place of one that goes, beside its comment.
    const kept = tags.flatMap((tag: Json): readonly Json[] => {
      if (!isOurs(tag) || isKept(tag)) return [tag];
      const value = added.shift();
      return value === undefined ? [] : [{ ...tag, value }];
    });
    return [...kept, ...added.map((value) => ({ key: escapeReferences(key), value }))];
  }
  const map = isObject(tags) ? tags : {};
  return withValue(map, [key], wanted === undefined ? undefined : escapedTexts(wanted));
}

/** Timers in the order in which they are written, which has no effect: those that stay keep their lines. */
function entriesLike(entries: Json, written: Json | undefined): Json {
  const left = [...(entries as readonly JsonObject[])];
  const take = (fits: (entry: JsonObject) => boolean): Json | undefined => {
    const at = left.findIndex(fits);
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  const old: readonly Json[] = Array.isArray(written) ? written : [];
  const places = old.map((one) =>
    isObject(one) &&
    take(
      (entry) =>
        one.cronExpression === entry.cronExpression &&
        (isLeftOut(one.zoneId) ? 'UTC' : one.zoneId) === entry.zoneId,
    ) !== undefined
      ? one
      : undefined,
  );
  // The same cron in another zone stays in its place.
  const stay = places.map(
    (place, index) =>
      place ??
      take(({ cronExpression }) => isObject(old[index]) && old[index].cronExpression === cronExpression),
  );
  return [...stay.filter((one) => one !== undefined), ...left];
}

/** A time as a number where a number stood, else in ISO 8601 with the offset that stood there. */
function timeLike(ms: Json, written: Json | undefined): Json {
  if (isNumber(written) || typeof ms !== 'number') return ms;
  const zulu = utcText(ms);
  if (!zulu.endsWith('Z')) return ms;
  const sign = typeof written === 'string' ? /([+-])(\d\d):?(\d\d)?$/.exec(written) : null;
  if (sign === null || typeof written !== 'string' || !readTime(written).ok) return zulu;
  const minutes = (Number(sign[2]) * 60 + Number(sign[3] ?? 0)) * (sign[1] === '-' ? -1 : 1);
  const text = `${utcText(ms + minutes * 60_000).slice(0, -1)}${sign[0]}`;
  const read = readTime(text);
  return read.ok && read.ms === ms ? text : zulu;
}

/** What is written of an inline workflow, with the server's values: the defaults that it fills in stay out. */
function withoutFilledIn(written: Json | undefined, stored: Json): Json {
  if (isObject(written) && isObject(stored))
    return objectOf(
      Object.keys(written)
        .filter((key) => Object.hasOwn(stored, key))
        .map((key) => [key, withoutFilledIn(written[key], stored[key] as Json)]),
    );
  if (Array.isArray(written) && Array.isArray(stored) && written.length === stored.length)
    return stored.map((item: Json, index) => withoutFilledIn(written[index], item));
  return stored;
}

function escapedTexts(value: Json): Json {
  if (typeof value === 'string') return escapeReferences(value);
  if (Array.isArray(value)) return value.map(escapedTexts);
  if (!isObject(value)) return value;
  return objectOf(Object.entries(value).map(([key, item]) => [key, escapedTexts(item)]));
}

/** A copy with another value at a path, or, for undefined, without it; keys keep their order. */
function withValue(value: JsonObject, [key, ...rest]: FieldPath, item: Json | undefined): JsonObject {
  if (key === undefined) return value;
  const inner = Object.hasOwn(value, key) ? value[key] : undefined;
  if (item === undefined && (inner === undefined || (rest.length > 0 && !isObject(inner)))) return value;
  const next = rest.length === 0 ? item : withValue(isObject(inner) ? inner : {}, rest, item);
  const entries = new Map(Object.entries(value));
  if (next === undefined) entries.delete(key);
  else entries.set(key, next);
  return objectOf(entries);
}
