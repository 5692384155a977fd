import { firesAfter } from '../../cron/fire/fires.ts';
import { parseCron } from '../../cron/parse/parse-cron.ts';
import { everFires } from '../../cron/parse/shape.ts';
import { parseZone } from '../../cron/zone/zone.ts';
import { nameFault } from '../../model/name.ts';
import type { CronEntry, DesiredSchedule, ObservedSchedule, Schedule } from '../../model/schedule.ts';
import type { RuleSettings } from '../../model/severity.ts';
import { timingOf } from '../../model/timing.ts';
import { severityOf } from '../../problems/codes.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import type { DeadSchedule, StuckSchedule } from '../../problems/server-problems.ts';

/** From one more on, they are summed up in one problem. */
const eachUpTo = 5;

/**
 * Schedules on the server that only look alive, or that nothing can be done to. Of those with a manifest the manifest is
 * judged instead, unless it leaves fields to the server; those of other owners are their owners' to fix. `now` is in epoch
 * milliseconds.
 */
export function doomed(
  desired: readonly DesiredSchedule[],
  observed: readonly ObservedSchedule[],
  rules: RuleSettings,
  now: number,
  hasOtherOwner: (schedule: ObservedSchedule) => boolean,
): readonly Diagnostic[] {
  const judged = new Set<string>();
  for (const { lifecycle, schedule } of desired)
    if (lifecycle.ignoreChanges.length === 0) judged.add(schedule.name);
  // Markers are read only of what is found: a server has thousands of schedules.
  const ofUs = <T>(one: ObservedSchedule, found: readonly T[]): readonly T[] =>
    found.length > 0 && hasOtherOwner(one) ? [] : found;
  const stuck =
    severityOf('stuck-there', rules) === 'off' ? [] : observed.flatMap((one) => ofUs(one, stuckIn(one)));
  const dead =
    severityOf('dead-there', rules) === 'off'
      ? []
      : observed.flatMap((one) =>
          judged.has(one.schedule.name) ? [] : ofUs(one, deadIn(one.schedule, now)),
        );
  return [
    ...groups(stuck).map((schedules) => problem('stuck-there', { schedules }, { kind: 'nowhere' })),
    ...groups(dead).map((schedules) => problem('dead-there', { schedules }, { kind: 'nowhere' })),
  ];
}

function groups<T>(found: readonly T[]): readonly (readonly T[])[] {
  return found.length > eachUpTo ? [found] : found.map((one) => [one]);
}

function stuckIn({ schedule: { name }, hasNullTimer }: ObservedSchedule): readonly StuckSchedule[] {
  if (hasNullTimer) return [{ name, cause: 'null-entry' }];
  const fault = nameFault(name);
  return name === '' || fault === 'separator' || fault === 'dots' ? [{ name, cause: 'name' }] : [];
}

/** A paused one does not look alive. */
function deadIn(schedule: Schedule, now: number): readonly DeadSchedule[] {
  const { name, cronSchedules, paused } = schedule;
  if (paused) return [];
  const timing = timingOf(schedule);
  const [first] = timing.entries;
  if (first === undefined) return [{ name, cause: 'no-cron' }];
  const fault = nameFault(name);
  if (cronSchedules === undefined && (fault === 'organisation' || fault === 'json'))
    return [{ name, cause: 'name' }];
  const faults = timing.entries.map((entry) => faultOf(entry, now));
  const [fatal] = faults;
  if (fatal !== undefined && faults.every((one) => one !== undefined)) return [{ name, ...fatal }];
  // Without an end there is nothing more to ask, and the clock of a zone is slow to ask for the first time.
  if (timing.endTime === undefined || timing.catchup || firesAfter(timing, now, 1).length > 0) return [];
  return [{ name, cause: 'over' }];
}

function faultOf(
  { cronExpression, zoneId }: CronEntry,
  now: number,
): Pick<DeadSchedule, 'cause' | 'text'> | undefined {
  const [cron, zone] = [parseCron(cronExpression), parseZone(zoneId)];
  if (!cron.ok) return { cause: 'bad-cron', text: cronExpression };
  if (!zone.ok) return { cause: 'bad-zone', text: zoneId };
  return everFires(cron.cron, zone.zone, now) ? undefined : { cause: 'no-date', text: cronExpression };
}
