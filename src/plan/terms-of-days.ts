import { basisOf, hashOf } from '../compare/basis.ts';
import { diff, fieldChange } from '../compare/diff.ts';
import { withoutDefaults } from '../compare/inline-workflow.ts';
import { heldUntil } from '../cron/days/compile-entries.ts';
import { dateText } from '../cron/zone/civil.ts';
import type { JsonObject } from '../model/json.ts';
import { sortedTimers } from '../model/normal.ts';
import { type Change, exceptField, horizonField, onlyField } from '../model/plan.ts';
import type { Policy } from '../model/run-policy.ts';
import type {
  DaysWish,
  DesiredSchedule,
  FieldChange,
  NamedDays,
  ObservedSchedule,
  Schedule,
  Tag,
} from '../model/schedule.ts';
import { timingOf } from '../model/timing.ts';
import { hiddenBy } from './field-changes.ts';

/**
 * The differences of two sides as they are shown: timers that were compiled from a wish are told as the wish, never as what
 * they were compiled to, and that they are moved on as a date. `before` null = the schedule does not exist.
 */
export function shownDifferences(
  stored: Schedule | null,
  after: Schedule,
  days: DaysWish | undefined,
  now: number,
): readonly FieldChange[] {
  const before = stored && withoutFilledIn(stored, after);
  if (days === undefined) return diff(before, after);
  const holds = before === null ? undefined : heldUntil(days, timingOf(before).entries, now);
  const until = heldUntil(days, timingOf(after).entries, now);
  // Something else than the wish is written, such as timers that `ignoreChanges` leaves as they are.
  if (until === undefined) return diff(before, after);
  return [
    ...diff(
      before === null || holds === undefined ? before : inTermsOf(days, before),
      inTermsOf(days, after),
    ),
    ...(holds === undefined
      ? [...calendars(exceptField, days.except), ...calendars(onlyField, days.only)]
      : []),
    ...(holds === until
      ? []
      : [fieldChange([horizonField], holds === undefined ? undefined : dateText(holds), dateText(until))]),
  ];
}

/** The schedule without what a server fills into an inline workflow, where that is to be another one. */
function withoutFilledIn(stored: Schedule, after: Schedule): Schedule {
  const { workflowDef } = stored.startWorkflowRequest;
  const written = after.startWorkflowRequest.workflowDef;
  if (workflowDef === undefined || written === undefined || workflowDef === written) return stored;
  return {
    ...stored,
    startWorkflowRequest: {
      ...stored.startWorkflowRequest,
      workflowDef: withoutDefaults(workflowDef, written) as JsonObject,
    },
  };
}

/** The schedule with the timers of a wish instead of what they were compiled to. */
export function inTermsOf({ entries }: DaysWish, schedule: Schedule): Schedule {
  const { cronExpression: _cron, zoneId: _zone, cronSchedules: _several, ...rest } = schedule;
  const [only, ...others] = entries;
  return only !== undefined && others.length === 0
    ? { ...rest, cronExpression: only.cronExpression, zoneId: only.zoneId }
    : { ...rest, cronSchedules: sortedTimers(entries) };
}

/** Whether nothing but the age of the timers differs. */
export function isHorizonOnly(fields: readonly FieldChange[]): boolean {
  return fields.length > 0 && fields.every(({ path }) => path[0] === horizonField);
}

/** What a review of timers is about: what a person wrote and the days of the calendars, whatever the month. */
export function daysSeal({ entries, except, only }: DaysWish): string {
  const named = ({ name, days }: NamedDays): unknown => ({
    name,
    days: [...days.keys()].sort((a, b) => a - b),
  });
  return hashOf({
    entries: sortedTimers(entries),
    except: except.map(named),
    only: only.map(named),
  } as Parameters<typeof hashOf>[0]);
}

function calendars(field: string, named: readonly NamedDays[]): readonly FieldChange[] {
  return named.length === 0
    ? []
    : [
        fieldChange(
          [field],
          undefined,
          named.map(({ name }) => name),
        ),
      ];
}

/** What a digest covers of a change to a schedule that leaves out days; `raw` as it is there. */
export function reviewedOf(
  desired: DesiredSchedule,
  raw: ObservedSchedule | undefined,
  policy: Policy,
  now: number,
  tags?: readonly Tag[],
): Change['reviewed'] {
  const { days, schedule } = desired;
  const until = days && heldUntil(days, timingOf(schedule).entries, now);
  if (days === undefined || until === undefined) return undefined;
  const reviewed = { days: daysSeal(days), until: dateText(until) };
  if (raw === undefined) return reviewed;
  return { basis: toldBasis(desired, raw, policy, now, tags), ...reviewed };
}

/** What was seen of a schedule, whatever the month in which its timers were compiled. */
export function toldBasis(
  desired: DesiredSchedule,
  { schedule }: Pick<ObservedSchedule, 'schedule'>,
  policy: Policy,
  now: number,
  tags: readonly Tag[] | undefined,
): string {
  const { days } = desired;
  const isCompiled = days !== undefined && heldUntil(days, timingOf(schedule).entries, now) !== undefined;
  const told = isCompiled ? inTermsOf(days, schedule) : schedule;
  return basisOf({ schedule: told }, hiddenBy(policy, desired), policy.digestKey, tags);
}
