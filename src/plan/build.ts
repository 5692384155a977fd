import { basisOf } from '../compare/basis.ts';
import { diff, fieldChange } from '../compare/diff.ts';
import { assignments } from '../compare/patch.ts';
import { sameTags, tagsWithout } from '../compare/tags.ts';
import type { Json } from '../model/json.ts';
import type { Change, Step } from '../model/plan.ts';
import {
  compareText,
  type DesiredSchedule,
  type FieldChange,
  type ObservedSchedule,
  type Schedule,
  type Tag,
} from '../model/schedule.ts';
import { complete, fresh } from './complete.ts';

/** What the two sides make together. */
export interface Built {
  /** Creates, updates, then what is left alone; by name within each. */
  readonly changes: readonly Change[];
  readonly unchanged: number;
  readonly unmanaged: number;
}

/**
 * What turns `observed` into `desired`, with the fewest requests. `desired` has been adapted to the server, names
 * are distinct on both sides, and an observed schedule whose tags are managed has its tags.
 */
export function build(desired: readonly DesiredSchedule[], observed: readonly ObservedSchedule[]): Built {
  const theirs = new Map(observed.map((one) => [one.schedule.name, one]));
  const changes: Change[] = [];
  let unchanged = 0;
  let met = 0;
  for (const one of [...desired].sort((a, b) => compareText(a.schedule.name, b.schedule.name))) {
    const there = theirs.get(one.schedule.name);
    if (there === undefined) {
      changes.push(create(one));
      continue;
    }
    met += 1;
    const change = update(one, there) ?? leave(one, there);
    if (change === undefined || change.kind === 'leave') unchanged += 1;
    if (change !== undefined) changes.push(change);
  }
  return { changes: changes.sort(byRank), unchanged, unmanaged: observed.length - met };
}

const ranks: { readonly [K in Change['kind']]: number } = { create: 0, update: 1, delete: 2, leave: 3 };

function byRank(a: Change, b: Change): number {
  return ranks[a.kind] - ranks[b.kind];
}

function create(desired: DesiredSchedule): Change {
  const schedule = fresh(desired);
  const tags = desired.tags ?? [];
  return {
    kind: 'create',
    name: schedule.name,
    basis: null,
    fields: [...diff(null, schedule), ...tagChange([], tags)],
    steps: [
      { kind: 'save', mode: 'create', schedule },
      ...(tags.length > 0 ? [{ kind: 'tag', tags } as const] : []),
    ],
    origin: desired.origin,
    sensitive: desired.lifecycle.sensitive,
  };
}

function update(desired: DesiredSchedule, observed: ObservedSchedule): Change | undefined {
  const before = observed.schedule;
  const fields = diff(before, complete(desired, observed));
  const tags = desired.tags === undefined ? [] : tagChange(observed.tags ?? [], desired.tags);
  if (fields.length === 0 && tags.length === 0) return undefined;
  const tagSteps = desired.tags === undefined ? [] : stepsForTags(observed.tags ?? [], desired.tags);
  return {
    kind: 'update',
    name: before.name,
    basis: basisOf(before, tagSteps.length > 0 ? observed.tags : undefined),
    fields: [...fields, ...tags],
    steps: [...stepsForFields(before, fields), ...tagSteps],
    facts: observed.facts,
    pausedBefore: before.paused,
    ...(before.pausedReason === undefined ? {} : { pausedReasonBefore: before.pausedReason }),
    origin: desired.origin,
    sensitive: desired.lifecycle.sensitive,
  };
}

function leave(desired: DesiredSchedule, observed: ObservedSchedule): Change | undefined {
  const { schedule, facts } = observed;
  if (desired.pause !== undefined || !schedule.paused) return undefined;
  return {
    kind: 'leave',
    reason: 'paused-on-server',
    name: schedule.name,
    basis: basisOf(schedule),
    fields: [],
    steps: [],
    facts,
    ...(schedule.pausedReason === undefined ? {} : { pausedReasonBefore: schedule.pausedReason }),
    origin: desired.origin,
    sensitive: desired.lifecycle.sensitive,
  };
}

/**
 * A switch of `paused` alone is one pause or resume, which leaves everything else as it is. Anything else is one
 * save, which carries the switch too. A new reason for a schedule that stays paused is a save: pausing again does
 * not change it on Orkes, and there is no due fire to lose.
 */
function stepsForFields(before: Schedule, fields: readonly FieldChange[]): readonly Step[] {
  if (fields.length === 0) return [];
  const paused = fields.find(({ path }) => path[0] === 'paused');
  const reason = fields.find(({ path }) => path[0] === 'pausedReason');
  if (paused !== undefined && fields.every((field) => field === paused || field === reason)) {
    if (before.paused) return [{ kind: 'resume' }];
    return [{ kind: 'pause', ...(typeof reason?.after === 'string' ? { reason: reason.after } : {}) }];
  }
  return [{ kind: 'save', mode: 'update', ...assignments(fields) }];
}

function stepsForTags(before: readonly Tag[], after: readonly Tag[]): readonly Step[] {
  const removed = tagsWithout(before, after);
  if (tagsWithout(after, before).length > 0) return [{ kind: 'tag', tags: after }];
  return removed.length > 0 ? [{ kind: 'untag', tags: removed }] : [];
}

function tagChange(before: readonly Tag[], after: readonly Tag[]): readonly FieldChange[] {
  if (sameTags(before, after)) return [];
  return [fieldChange(['tags'], before as unknown as Json, after as unknown as Json)];
}
