import { assignments } from '../compare/patch.ts';
import { tagsWithout } from '../compare/tags.ts';
import type { Step } from '../model/plan.ts';
import type { FieldChange, Schedule, Tag } from '../model/schedule.ts';

/**
 * A change of only `paused` is one pause or resume, which leaves everything else as it is. Anything else is one
 * save, which carries the switch too. A new reason for a schedule that stays paused is a save: pausing again does
 * not change it on Orkes, and there is no due fire to lose.
 */
export function stepsForFields(before: Schedule, fields: readonly FieldChange[]): readonly Step[] {
  if (fields.length === 0) return [];
  const paused = fields.find(({ path }) => path[0] === 'paused');
  const reason = fields.find(({ path }) => path[0] === 'pausedReason');
  if (paused !== undefined && fields.every((field) => field === paused || field === reason)) {
    if (before.paused) return [{ kind: 'resume' }];
    return [{ kind: 'pause', ...(typeof reason?.after === 'string' ? { reason: reason.after } : {}) }];
  }
  return [{ kind: 'save', mode: 'update', ...assignments(fields) }];
}

export function stepsForTags(before: readonly Tag[], after: readonly Tag[]): readonly Step[] {
  if (before === after) return [];
  const removed = tagsWithout(before, after);
  if (tagsWithout(after, before).length > 0) return [{ kind: 'tag', tags: after }];
  return removed.length > 0 ? [{ kind: 'untag', tags: removed }] : [];
}
