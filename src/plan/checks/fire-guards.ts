import { patch } from '../../compare/patch.ts';
import { utcText } from '../../cron/zone/utc.ts';
import { type Fullest, fullestDay, fullestMinute } from '../../fires/most.ts';
import type { Limits } from '../../model/config.ts';
import { type Change, type Guard, nameOf, type Step } from '../../model/plan.ts';
import type { ObservedSchedule, Schedule } from '../../model/schedule.ts';

export interface FireGuardInput {
  readonly changes: readonly Change[];
  /** Everything on the server: all of it fires. */
  readonly observed: readonly ObservedSchedule[];
  readonly limits: Pick<Limits, 'firesPerDay' | 'firesPerMinute'>;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Compares the fires of the busiest UTC day and minute of the next four weeks, as they will be after the plan, with
 * their limits. A plan that does not raise them is not refused, however many there are: it cannot be to blame.
 */
export function fireGuards({ changes, observed, limits, now }: FireGuardInput): readonly Guard[] {
  const { firesPerDay, firesPerMinute } = limits;
  if (firesPerDay.kind === 'none' && firesPerMinute.kind === 'none') return [];
  const before = observed.map(({ schedule }) => schedule);
  const after = schedulesAfter(changes, before);
  const guard = (
    name: Guard['guard'],
    limit: Limits['firesPerDay'],
    most: (schedules: readonly Schedule[], now: number) => Fullest,
  ): readonly Guard[] => {
    if (limit.kind === 'none') return [];
    const { at, fires } = most(after, now);
    const refused = fires > limit.count && fires > most(before, now).fires;
    return [{ guard: name, seen: fires, at: utcText(at), limit: limit.count, refused }];
  };
  return [
    ...guard('fires-per-day', firesPerDay, fullestDay),
    ...guard('fires-per-minute', firesPerMinute, fullestMinute),
  ];
}

/** What the server has once the plan is carried out: what its steps write, and everything else as it is there. */
export function schedulesAfter(changes: readonly Change[], before: readonly Schedule[]): readonly Schedule[] {
  const there = new Map(before.map((schedule) => [schedule.name, schedule]));
  for (const change of changes)
    for (const step of change.steps) {
      const name = nameOf(change, step);
      if (step.kind === 'delete') there.delete(name);
      else {
        const written = afterStep(step, name, there);
        if (written !== undefined) there.set(name, written);
      }
    }
  return [...there.values()];
}

/** The schedule of this name after a step that deletes nothing. */
function afterStep(step: Step, name: string, there: ReadonlyMap<string, Schedule>): Schedule | undefined {
  const own = there.get(name);
  switch (step.kind) {
    case 'save': {
      if (step.mode === 'create') return step.schedule;
      const source = step.mode === 'copy' ? there.get(step.from) : own;
      return source && { ...patch(source, step.set, step.unset), name };
    }
    case 'pause':
      return own && { ...own, paused: true };
    case 'resume':
      return own && { ...own, paused: false };
    default:
      return own;
  }
}
