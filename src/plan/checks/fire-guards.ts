import { utcText } from '../../cron/zone/utc.ts';
import { type Fullest, fullestDay, fullestMinute } from '../../fires/most.ts';
import type { Limits } from '../../model/config.ts';
import { type Change, type Guard, nameOf } from '../../model/plan.ts';
import type { DesiredSchedule, ObservedSchedule, Schedule } from '../../model/schedule.ts';

export interface FireGuardInput {
  readonly changes: readonly Change[];
  /** What this run is about. */
  readonly desired: readonly DesiredSchedule[];
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
export function fireGuards({ changes, desired, observed, limits, now }: FireGuardInput): readonly Guard[] {
  const { firesPerDay, firesPerMinute } = limits;
  if (firesPerDay.kind === 'none' && firesPerMinute.kind === 'none') return [];
  const before = observed.map(({ schedule }) => schedule);
  const after = schedulesAfter(changes, desired, before);
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

/** What the server has once the plan is carried out. */
export function schedulesAfter(
  changes: readonly Change[],
  desired: readonly DesiredSchedule[],
  before: readonly Schedule[],
): readonly Schedule[] {
  const there = new Map(before.map((schedule) => [schedule.name, schedule]));
  const moved = new Map<string, boolean>();
  const changed = new Set(changes.map(({ name }) => name));
  for (const change of changes) {
    if (change.kind === 'rename') moved.set(change.name, change.pausedBefore);
    for (const step of change.steps) if (step.kind === 'delete') there.delete(nameOf(change, step));
  }
  for (const { schedule, pause } of desired) {
    const { name } = schedule;
    // It stays as it is there, which need not be what the manifest says of fields that are not managed.
    if (!changed.has(name) && there.has(name)) continue;
    const paused = pause?.paused ?? moved.get(name) ?? there.get(name)?.paused ?? false;
    there.set(name, { ...schedule, paused });
  }
  return [...there.values()];
}
