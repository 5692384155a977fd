import { collisionKey, confusableIn } from '../../model/alike.ts';
import { ignoredBy } from '../../model/ignore.ts';
import { nameFault, nameOddity } from '../../model/name.ts';
import type { Origin } from '../../model/schedule.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import { at, type Manifest, nameIn } from '../manifest.ts';
import { type Finder, placeText } from '../read/locate.ts';

export function name({ fields, origin }: Manifest): readonly Diagnostic[] {
  if (typeof fields.name !== 'string') return [];
  const fault = nameFault(fields.name);
  // The scheduler misreads these two only on its way to cronExpression (OSS 3.32.1).
  const fires = fields.cronSchedules !== undefined && (fault === 'organisation' || fault === 'json');
  return fault && !fires ? [problem('bad-name', { name: fields.name, fault }, at(origin, ['name']))] : [];
}

export function oddName({ fields, origin }: Manifest): readonly Diagnostic[] {
  const oddity = typeof fields.name === 'string' ? nameOddity(fields.name) : undefined;
  return oddity ? [problem('odd-name', { name: nameIn(fields), oddity }, at(origin, ['name']))] : [];
}

/** Says so when the configuration has a manifest's name among those that are never touched. */
export function ignored({ fields, origin }: Manifest, patterns: readonly string[]): readonly Diagnostic[] {
  const { name } = fields;
  if (typeof name !== 'string') return [];
  const pattern = patterns.find((one) => ignoredBy([one])(name));
  return pattern === undefined ? [] : [problem('ignored-name', { name, pattern }, at(origin, ['name']))];
}

export function duplicateNames(manifests: readonly Manifest[], find: Finder): readonly Diagnostic[] {
  const first = new Map<string, Origin>();
  const found: Diagnostic[] = [];
  for (const { fields, origin } of manifests) {
    const { name } = fields;
    if (typeof name !== 'string') continue;
    const other = first.get(name);
    if (other === undefined) {
      first.set(name, origin);
      continue;
    }
    const args = { name, other: placeText(find(at(other, ['name']))) };
    found.push(problem('duplicate-name', args, at(origin, ['name'])));
  }
  return found;
}

export function confusableName({ fields, origin }: Manifest): readonly Diagnostic[] {
  const { name } = fields;
  const found = typeof name === 'string' ? confusableIn(name) : undefined;
  return found ? [problem('confusable-name', { name: nameIn(fields), ...found }, at(origin, ['name']))] : [];
}

/** Two schedules on most servers, one where the database takes the names for equal. */
export function collidingNames(manifests: readonly Manifest[], find: Finder): readonly Diagnostic[] {
  const first = new Map<string, Manifest>();
  const found: Diagnostic[] = [];
  for (const manifest of manifests) {
    const { name } = manifest.fields;
    if (typeof name !== 'string') continue;
    const key = collisionKey(name);
    const other = first.get(key);
    if (other === undefined) first.set(key, manifest);
    else if (other.fields.name !== name) {
      const place = placeText(find(at(other.origin, ['name'])));
      const args = { name, otherName: nameIn(other.fields), other: place };
      found.push(problem('names-collide', args, at(manifest.origin, ['name'])));
    }
  }
  return found;
}
