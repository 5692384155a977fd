import { nearest } from '../cron/parse/edit-distance.ts';
import { parseZone, type Zone } from '../cron/zone/zone.ts';
import type { HoursOfDay } from '../fires/hours-of-day.ts';
import type { PolicyEntry } from '../model/generated/report-parts.ts';
import type { WrittenPolicy } from '../model/policies/policy-entry.ts';
import { present } from '../model/present.ts';
import type { Origin } from '../model/schedule.ts';
import type { DiagnosticArgs } from '../problems/codes.ts';
import { isRule } from '../problems/codes.ts';
import { type Diagnostic, problem } from '../problems/diagnostic.ts';
import type { ReadPattern } from './linear-pattern.ts';
import type { LinearPattern } from './plain-pattern.ts';
import { environmentsIn, type Fits, fitsScope, isElsewhere, type Surroundings } from './policy-scope.ts';

/** A policy that can be held against schedules. */
export type TeamPolicy = {
  readonly entry: PolicyEntry;
  readonly origin: Origin;
  readonly isAbout: Fits;
  /** What `match.name` is read as. */
  readonly pattern?: LinearPattern;
  /** It can be applies to no schedule in the environment of this run. */
  readonly isElsewhere: boolean;
  /** `limit.every` in milliseconds. */
  readonly every?: number;
  /** `forbid.between` with its zone. */
  readonly hours?: HoursOfDay;
};

export type CompiledPolicies = {
  readonly policies: readonly TeamPolicy[];
  readonly diagnostics: readonly Diagnostic[];
};

const demands: readonly (keyof PolicyEntry)[] = ['require', 'match', 'limit', 'forbid', 'allow', 'schema'];
const dayMs = 86_400_000;
/** How far ahead policies look. */
export const policyDays = 400;
const unitMs: { readonly [unit: string]: number } = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads the pattern of `match`. */
export type ReadsPattern = (source: string) => ReadPattern;

/** Reads what policies demand; those with an error are left out. Their schemas are read later, by who judges. */
export function compilePolicies(
  written: readonly WrittenPolicy[],
  surroundings: Surroundings,
  reads: ReadsPattern,
): CompiledPolicies {
  const policies: TeamPolicy[] = [];
  const diagnostics: Diagnostic[] = [];
  const names = new Set<string>();
  for (const { entry, origin } of written) {
    const found: Diagnostic[] = [];
    const fail = (path: readonly string[], args: Omit<DiagnosticArgs['bad-policy'], 'policy'>): void => {
      found.push(
        problem('bad-policy', { policy: entry.name, ...args }, { kind: 'field', origin, path, at: 'value' }),
      );
    };
    if (names.has(entry.name)) fail(['name'], { fault: 'duplicate' });
    names.add(entry.name);
    if (isRule(entry.name)) fail(['name'], { fault: 'rule' });
    if (!demands.some((key) => entry[key] !== undefined)) fail(['name'], { fault: 'no-demand' });
    for (const { name, path } of environmentsIn(entry))
      if (!surroundings.environments.includes(name)) {
        const close = nearest(name, surroundings.environments);
        fail(path, { fault: 'environment', text: name, ...present({ nearest: close }) });
      }
    const pattern = entry.match === undefined ? undefined : patternOf(entry.match.name, reads, fail);
    const hours = entry.forbid === undefined ? undefined : hoursOf(entry.forbid, fail);
    const every = entry.limit?.every === undefined ? undefined : durationOf(entry.limit.every);
    if (every !== undefined && every > policyDays * dayMs)
      fail(['limit', 'every'], { fault: 'every', text: entry.limit?.every ?? '' });
    if (found.length === 0)
      policies.push({
        entry,
        origin,
        isAbout: aboutOf(entry, surroundings),
        isElsewhere: isElsewhere(entry, surroundings.environment),
        ...present({ pattern, hours, every }),
      });
    diagnostics.push(...found);
  }
  return { policies, diagnostics };
}

type Fail = (path: readonly string[], args: Omit<DiagnosticArgs['bad-policy'], 'policy'>) => void;

function aboutOf({ where, except }: PolicyEntry, surroundings: Surroundings): Fits {
  const isIn: Fits = where === undefined ? () => true : fitsScope(where, surroundings);
  if (except === undefined) return isIn;
  const isOut = fitsScope(except, surroundings);
  return (subject) => isIn(subject) && !isOut(subject);
}

function patternOf(text: string, reads: ReadsPattern, fail: Fail): LinearPattern | undefined {
  const read = reads(text);
  if (read.ok) return read.pattern;
  fail(['match', 'name'], { fault: 'pattern', text, why: read.why });
  return undefined;
}

function hoursOf(
  { between: [from, to], zone: id = 'UTC' }: NonNullable<PolicyEntry['forbid']>,
  fail: Fail,
): HoursOfDay | undefined {
  if (from === to) fail(['forbid', 'between'], { fault: 'times' });
  const zone = zoneOf(id, fail);
  return zone && { start: secondsOf(from), end: secondsOf(to), zone };
}

function zoneOf(id: string, fail: Fail): Zone | undefined {
  const parsed = parseZone(id);
  if (parsed.ok) return parsed.zone;
  const why = parsed.nearest === undefined ? parsed.why : `${parsed.why}; did you mean ${parsed.nearest}?`;
  fail(['forbid', 'zone'], { fault: 'zone', text: id, why });
  return undefined;
}

/** `02:30` in seconds of the day. */
function secondsOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 3600 + minutes * 60;
}

function durationOf(text: string): number {
  return Number(text.slice(0, -1)) * (unitMs[text.slice(-1)] ?? 0);
}
