import { lastDayOffsetTooLarge } from '../../cron/parse/parse-cron.ts';
import { ignoredBy } from '../../model/ignore.ts';
import { isObject, type Json } from '../../model/json.ts';
import { hasMarkerLine, markerKeys } from '../../model/marks/marker.ts';
import { endsInNote } from '../../model/marks/renaming.ts';
import { isReachable, nameFault, nameOddity } from '../../model/name.ts';
import { requestFields, scheduleFields } from '../../model/normal.ts';
import type { Origin } from '../../model/schedule.ts';
import { type Diagnostic, type Place, type PreviousNameFault, problem } from '../../problems/diagnostic.ts';
import { type RuleCode, severityOf } from '../../problems/rules.ts';
import { at, key, type Manifest, nameIn } from '../manifest.ts';
import { nearestKey } from '../nearest.ts';
import { type Finder, placeText } from '../read/locate.ts';
import { writtenTags } from '../resolve/tags.ts';
import { readTime } from '../resolve/time.ts';
import { type Timers, timersOf, writtenTimers } from './crons.ts';
import { requestRules } from './request-rules.ts';
import type { Judging, OptionalRule, Rule } from './rule.ts';
import { timingRules } from './timing-rules.ts';

/** Judges one manifest, and all of them together. */
export interface Judge {
  /** What a server would take from this manifest in silence and never run, or what contradicts itself. */
  one(manifest: Manifest): readonly Diagnostic[];
  /** What is wrong between manifests; `find` is for naming the other place. */
  together(manifests: readonly Manifest[], find: Finder): readonly Diagnostic[];
  /** The rules of single manifests that are asked. */
  readonly asked: ReadonlySet<RuleCode>;
}

/** The rules under these settings. Crons and zones are read once, however many manifests have them. */
export function judge(judging: Judging): Judge {
  const timers = timersOf();
  const optional = [
    { codes: ['odd-name'], judge: oddName },
    { codes: ['idle-zone'], judge: idleZone },
    ...timingRules(timers, judging),
    ...requestRules,
  ] as const satisfies readonly OptionalRule[];
  const isOn = (code: RuleCode): boolean => severityOf(code, judging.settings) !== 'off';
  const asked = optional.filter(({ codes }) => codes.some(isOn));
  const all: readonly Rule[] = [
    name,
    oneKindOfCron,
    (manifest) => crons(manifest, timers),
    (manifest) => zones(manifest, timers),
    times,
    endAtZero,
    reasonWithoutPause,
    tags,
    ownMarker,
    lifecyclePaths,
    ...asked.map((rule) => rule.judge),
  ];
  return {
    one: (manifest) => {
      const found: Diagnostic[] = [];
      // Hardly any rule has anything to say of a manifest.
      for (const rule of all) for (const one of rule(manifest)) found.push(one);
      return found;
    },
    together: (manifests, find) => [
      ...duplicateNames(manifests, find),
      ...(isOn('names-differ-in-case') ? namesThatDifferInCase(manifests, find) : []),
      ...previousNames(manifests, find),
    ],
    asked: new Set(asked.flatMap(({ codes }) => codes)),
  };
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

function name({ fields, origin }: Manifest): readonly Diagnostic[] {
  if (typeof fields.name !== 'string') return [];
  const fault = nameFault(fields.name);
  // The scheduler misreads these two only on its way to cronExpression (OSS 3.32.1).
  const fires = fields.cronSchedules !== undefined && (fault === 'organisation' || fault === 'json');
  return fault && !fires ? [problem('bad-name', { name: fields.name, fault }, at(origin, ['name']))] : [];
}

function oddName({ fields, origin }: Manifest): readonly Diagnostic[] {
  const oddity = typeof fields.name === 'string' ? nameOddity(fields.name) : undefined;
  return oddity ? [problem('odd-name', { name: nameIn(fields), oddity }, at(origin, ['name']))] : [];
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

function crons({ fields, origin }: Manifest, { cron }: Timers): readonly Diagnostic[] {
  return writtenTimers(fields).flatMap(({ path, fields: timer }) => {
    const { cronExpression: expression } = timer;
    if (typeof expression !== 'string') return [];
    const place = at(origin, [...path, 'cronExpression']);
    const parsed = cron(expression);
    if (!parsed.ok) {
      const { start, end, why, hint } = parsed.problem;
      const args = { expression, why, ...(hint === undefined ? {} : { hint }) };
      return [problem('bad-cron', args, { ...place, within: { start, end } })];
    }
    return lastDayOffsetTooLarge(parsed.cron) ? [problem('runaway-cron', { expression }, place)] : [];
  });
}

function zones({ fields, origin }: Manifest, { zone: read }: Timers): readonly Diagnostic[] {
  return writtenTimers(fields).flatMap(({ path, fields: timer }) => {
    const { zoneId: zone } = timer;
    if (typeof zone !== 'string') return [];
    const parsed = read(zone);
    if (parsed.ok) return [];
    const { why, nearest } = parsed;
    const args = { zone, why, ...(nearest === undefined ? {} : { nearest }) };
    return [problem('bad-zone', args, at(origin, [...path, 'zoneId']))];
  });
}

function idleZone({ fields, origin }: Manifest): readonly Diagnostic[] {
  const { zoneId: zone, cronSchedules } = fields;
  if (typeof zone !== 'string' || cronSchedules === undefined) return [];
  return [problem('idle-zone', { zone }, key(origin, ['zoneId']))];
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
      found.push(problem('names-differ-in-case', args, place));
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

function ownMarker({ fields, origin }: Manifest): readonly Diagnostic[] {
  const fromTags = writtenTags(fields.tags)
    .filter(({ key: tag }) => markerKeys.includes(tag))
    .map(({ keyPath, keyAt }) => (keyAt === 'key' ? key(origin, keyPath) : at(origin, keyPath)));
  const inText = ['description', 'pausedReason'].flatMap((field) => {
    const text = fields[field];
    return typeof text === 'string' && (hasMarkerLine(text) || endsInNote(text)) ? [at(origin, [field])] : [];
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
        : first === 'startWorkflowRequest' && second !== undefined && !requestFields.includes(second)
          ? second
          : undefined;
      if (wrong === undefined) return [];
      const nearest = nearestKey(wrong, wrong === first ? scheduleFields : requestFields);
      const args = { path, key: wrong, ...(nearest === undefined ? {} : { nearest }) };
      return [problem('unknown-path', args, at(origin, ['lifecycle', list, String(index)]))];
    });
  });
}
