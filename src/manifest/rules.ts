import { lastDayOffsetTooLarge, parseCron } from '../cron/parse.ts';
import { parseZone } from '../cron/zone.ts';
import { type Diagnostic, type Place, type PreviousNameFault, problem } from '../model/diagnostic.ts';
import { ignoredBy } from '../model/ignore.ts';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { endsInMarker, markerKeys } from '../model/marker.ts';
import { requestFields, scheduleFields } from '../model/normal.ts';
import { endsInNote } from '../model/renaming.ts';
import type { Origin } from '../model/schedule.ts';
import { type Finder, placeText } from './locate.ts';
import { nameFault, nameOddity } from './name.ts';
import { nearestKey } from './nearest.ts';
import { writtenTags } from './tags.ts';
import { readTime } from './time.ts';

/** A manifest as the rules see it: without what counts as left out. It may have failed its schema. */
export interface Manifest {
  readonly fields: JsonObject;
  readonly origin: Origin;
  /** Fields that a misspelt key stands for: those are not missing. */
  readonly meant: ReadonlySet<string>;
}

/** Looks at one manifest by itself. */
type Rule = (manifest: Manifest) => readonly Diagnostic[];

/** Looks at all manifests together. */
type SetRule = (manifests: readonly Manifest[], find: Finder) => readonly Diagnostic[];

const rules: readonly Rule[] = [
  name,
  oneKindOfCron,
  crons,
  zones,
  idleZone,
  times,
  endAtZero,
  reasonWithoutPause,
  tags,
  ownMarker,
  lifecyclePaths,
];

const setRules: readonly SetRule[] = [duplicateNames, namesThatDifferInCase, previousNames];

/** What a server would take from this manifest in silence and never run, or what contradicts itself. */
export function judge(manifest: Manifest): readonly Diagnostic[] {
  return rules.flatMap((rule) => rule(manifest));
}

/** Says so when the configuration has a manifest's name among those that are never touched. */
export function ignored({ fields, origin }: Manifest, patterns: readonly string[]): readonly Diagnostic[] {
  const { name } = fields;
  if (typeof name !== 'string') return [];
  const pattern = patterns.find((one) => ignoredBy([one])(name));
  return pattern === undefined ? [] : [problem('ignored-name', { name, pattern }, at(origin, ['name']))];
}

/** Protection lives in the owner's marker. */
export function unprotectable({ fields, origin }: Manifest): readonly Diagnostic[] {
  const { lifecycle } = fields;
  if (!isObject(lifecycle) || lifecycle.protect !== true) return [];
  return [problem('protect-without-owner', { name: nameIn(fields) }, at(origin, ['lifecycle', 'protect']))];
}

/** What is wrong between manifests; `find` is for naming the other place. */
export function judgeTogether(manifests: readonly Manifest[], find: Finder): readonly Diagnostic[] {
  return setRules.flatMap((rule) => rule(manifests, find));
}

function name({ fields, origin }: Manifest): readonly Diagnostic[] {
  if (typeof fields.name !== 'string') return [];
  const fault = nameFault(fields.name);
  if (fault) return [problem('bad-name', { name: fields.name, fault }, at(origin, ['name']))];
  const oddity = nameOddity(fields.name);
  return oddity ? [problem('odd-name', { name: fields.name, oddity }, at(origin, ['name']), 'warning')] : [];
}

function oneKindOfCron({ fields, origin, meant }: Manifest): readonly Diagnostic[] {
  const { cronExpression, cronSchedules } = fields;
  if (meant.has('cronExpression') || meant.has('cronSchedules')) return [];
  if (cronExpression === undefined && cronSchedules === undefined)
    return [problem('no-cron', { name: nameIn(fields) }, at(origin, []))];
  if (cronExpression !== undefined && cronSchedules !== undefined)
    return [problem('two-crons', { name: nameIn(fields) }, key(origin, ['cronExpression']))];
  return [];
}

function crons({ fields, origin }: Manifest): readonly Diagnostic[] {
  return timers(fields).flatMap(({ path, fields: timer }) => {
    const { cronExpression: expression } = timer;
    if (typeof expression !== 'string') return [];
    const place = at(origin, [...path, 'cronExpression']);
    const parsed = parseCron(expression);
    if (!parsed.ok) {
      const { start, end, why, hint } = parsed.problem;
      const args = { expression, why, ...(hint === undefined ? {} : { hint }) };
      return [problem('bad-cron', args, { ...place, within: { start, end } })];
    }
    return lastDayOffsetTooLarge(parsed.cron) ? [problem('runaway-cron', { expression }, place)] : [];
  });
}

function zones({ fields, origin }: Manifest): readonly Diagnostic[] {
  return timers(fields).flatMap(({ path, fields: timer }) => {
    const { zoneId: zone } = timer;
    if (typeof zone !== 'string') return [];
    const parsed = parseZone(zone);
    if (parsed.ok) return [];
    const { why, nearest } = parsed;
    const args = { zone, why, ...(nearest === undefined ? {} : { nearest }) };
    return [problem('bad-zone', args, at(origin, [...path, 'zoneId']))];
  });
}

function idleZone({ fields, origin }: Manifest): readonly Diagnostic[] {
  const { zoneId: zone, cronSchedules } = fields;
  if (typeof zone !== 'string' || cronSchedules === undefined) return [];
  return [problem('idle-zone', { zone }, key(origin, ['zoneId']), 'warning')];
}

function times({ fields, origin }: Manifest): readonly Diagnostic[] {
  return ['scheduleStartTime', 'scheduleEndTime'].flatMap((field) => {
    const text = fields[field];
    if (typeof text !== 'string') return [];
    const time = readTime(text);
    return time.ok
      ? []
      : [problem('bad-time', { field: [field], text, fault: time.fault }, at(origin, [field]))];
  });
}

function endAtZero({ fields, origin }: Manifest): readonly Diagnostic[] {
  return fields.scheduleEndTime === 0 ? [problem('end-at-zero', {}, at(origin, ['scheduleEndTime']))] : [];
}

function reasonWithoutPause({ fields, origin }: Manifest): readonly Diagnostic[] {
  if (fields.pausedReason === undefined || fields.paused === true) return [];
  return [problem('reason-without-pause', { name: nameIn(fields) }, key(origin, ['pausedReason']))];
}

function tags({ fields, origin }: Manifest): readonly Diagnostic[] {
  return writtenTags(fields.tags).flatMap((tag) => {
    const found: Diagnostic[] = [];
    const keyPlace = tag.keyAt === 'key' ? key(origin, tag.keyPath) : at(origin, tag.keyPath);
    if (tag.key === '') found.push(problem('bad-tag', { key: tag.key, fault: 'empty-key' }, keyPlace));
    if (tag.key.includes(':'))
      found.push(problem('bad-tag', { key: tag.key, fault: 'colon-in-key' }, keyPlace));
    if (tag.value.includes(':'))
      found.push(problem('bad-tag', { key: tag.key, fault: 'colon-in-value' }, at(origin, tag.valuePath)));
    return found;
  });
}

function duplicateNames(manifests: readonly Manifest[], find: Finder): readonly Diagnostic[] {
  const first = new Map<string, Place>();
  const found: Diagnostic[] = [];
  for (const { fields, origin } of manifests) {
    if (typeof fields.name !== 'string') continue;
    const place = at(origin, ['name']);
    const other = first.get(fields.name);
    if (other === undefined) first.set(fields.name, place);
    else found.push(problem('duplicate-name', { name: fields.name, other: placeText(find(other)) }, place));
  }
  return found;
}

/** Two schedules on most servers, one under MySQL's default collation. */
function namesThatDifferInCase(manifests: readonly Manifest[], find: Finder): readonly Diagnostic[] {
  const first = new Map<string, { readonly name: string; readonly place: Place }>();
  const found: Diagnostic[] = [];
  for (const { fields, origin } of manifests) {
    if (typeof fields.name !== 'string') continue;
    const { name } = fields;
    const place = at(origin, ['name']);
    const other = first.get(name.toLowerCase());
    if (other === undefined) first.set(name.toLowerCase(), { name, place });
    else if (other.name !== name) {
      const args = { name, otherName: other.name, other: placeText(find(other.place)) };
      found.push(problem('names-differ-in-case', args, place, 'warning'));
    }
  }
  return found;
}

/** What a name had before it can be deleted under it only if nobody else means it. */
function previousNames(manifests: readonly Manifest[], find: Finder): readonly Diagnostic[] {
  const users = new Map(
    manifests.flatMap(({ fields, origin }) =>
      typeof fields.name === 'string' ? [[fields.name, at(origin, ['name'])] as const] : [],
    ),
  );
  const claims = new Map<string, { readonly origin: Origin; readonly place: Place }>();
  return manifests.flatMap(({ fields, origin }) => {
    const { lifecycle } = fields;
    const names =
      isObject(lifecycle) && Array.isArray(lifecycle.previousNames) ? lifecycle.previousNames : [];
    return names.flatMap((previous: Json, index) => {
      if (typeof previous !== 'string') return [];
      const name = nameIn(fields);
      const place = at(origin, ['lifecycle', 'previousNames', String(index)]);
      const bad = (fault: PreviousNameFault, other?: Place): readonly Diagnostic[] => {
        const elsewhere = other === undefined ? {} : { other: placeText(find(other)) };
        return [problem('bad-previous-name', { name, previous, fault, ...elsewhere }, place)];
      };
      if (previous === name) return bad('own');
      const user = users.get(previous);
      if (user !== undefined) return bad('used', user);
      const claim = claims.get(previous);
      if (claim !== undefined && claim.origin !== origin) return bad('claimed', claim.place);
      claims.set(previous, { origin, place });
      return isReachable(previous) ? [] : bad('unreachable');
    });
  });
}

/** Where a cron and its zone may stand: at the top, and in each entry of `cronSchedules`. */
function timers(
  fields: JsonObject,
): readonly { readonly path: readonly string[]; readonly fields: JsonObject }[] {
  const entries = Array.isArray(fields.cronSchedules) ? fields.cronSchedules : [];
  return [
    { path: [], fields },
    ...entries.flatMap((entry, index) =>
      isObject(entry) ? [{ path: ['cronSchedules', String(index)], fields: entry }] : [],
    ),
  ];
}

/** Whether a request for a name arrives: other faults of a name do not keep it from being deleted. */
function isReachable(name: string): boolean {
  const fault = nameFault(name);
  return fault === undefined || !['separator', 'dots', 'route', 'surrogate'].includes(fault);
}

function nameIn(fields: JsonObject): string {
  return typeof fields.name === 'string' ? fields.name : '';
}

type FieldPlace = Extract<Place, { readonly kind: 'field' }>;

function at(origin: Origin, path: readonly string[]): FieldPlace {
  return { kind: 'field', origin, path, at: 'value' };
}

function key(origin: Origin, path: readonly string[]): FieldPlace {
  return { kind: 'field', origin, path, at: 'key' };
}

function ownMarker({ fields, origin }: Manifest): readonly Diagnostic[] {
  const fromTags = writtenTags(fields.tags)
    .filter(({ key: tag }) => markerKeys.includes(tag))
    .map(({ keyPath, keyAt }) => (keyAt === 'key' ? key(origin, keyPath) : at(origin, keyPath)));
  const inText = ['description', 'pausedReason'].flatMap((field) => {
    const text = fields[field];
    return typeof text === 'string' && (endsInMarker(text) || endsInNote(text)) ? [at(origin, [field])] : [];
  });
  return [...fromTags, ...inText].map((place) =>
    problem('marker-in-manifest', { name: nameIn(fields) }, place),
  );
}

/** A misspelt path would hide or ignore nothing, and nobody would notice. */
function lifecyclePaths({ fields, origin }: Manifest): readonly Diagnostic[] {
  const { lifecycle } = fields;
  if (!isObject(lifecycle)) return [];
  return ['sensitive', 'ignoreChanges'].flatMap((list) => {
    const paths = lifecycle[list];
    if (!Array.isArray(paths)) return [];
    return paths.flatMap((path: Json, index) => {
      if (typeof path !== 'string') return [];
      const [first = '', second, ...rest] = path.split('.');
      // A path with an empty part is the schema's business.
      if ([first, second, ...rest].includes('')) return [];
      const wrong = !scheduleFields.includes(first)
        ? first
        : first === 'startWorkflowRequest' && second !== undefined && !requestFields.has(second)
          ? second
          : undefined;
      if (wrong === undefined) return [];
      const nearest = nearestKey(wrong, wrong === first ? scheduleFields : [...requestFields]);
      const args = { path, key: wrong, ...(nearest === undefined ? {} : { nearest }) };
      return [problem('unknown-path', args, at(origin, ['lifecycle', list, String(index)]))];
    });
  });
}
