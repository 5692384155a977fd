import type { JsonObject } from '../../model/json.ts';
import type { Change } from '../../model/plan.ts';
import { present } from '../../model/present.ts';
import type { DesiredSchedule, ObservedSchedule } from '../../model/schedule.ts';
import type { PolicyJudge } from '../../policies/judge-policies.ts';
import type { Subject } from '../../policies/policy-scope.ts';
import type { Diagnostic } from '../../problems/diagnostic.ts';
import { schedulesAfter } from './fire-guards.ts';

/** What a team demands, and the manifests that it is demanded of, with everything filled in, by the schedule's name. */
export type Demanded = {
  readonly judge: PolicyJudge;
  readonly fields: ReadonlyMap<string, JsonObject>;
};

export type PolicyBreachInput = Demanded & {
  /** Whether a comment in a manifest allows a breach. */
  readonly allows: (breach: Diagnostic) => boolean;
  readonly changes: readonly Change[];
  /** What this run is about. */
  readonly desired: readonly DesiredSchedule[];
  /** Everything on the server: all of it fires. */
  readonly observed: readonly ObservedSchedule[];
};

/** Holds the manifests that a run is about against the policies, and all that will fire against those about all of it. */
export function policyBreaches({
  judge,
  fields,
  changes,
  desired,
  observed,
  allows,
}: PolicyBreachInput): readonly Diagnostic[] {
  const subjectOf = (one: DesiredSchedule): Subject => ({
    schedule: { ...one.schedule, ...present({ days: one.days }) },
    tags: one.tags ?? [],
    fields: fields.get(one.schedule.name) ?? {},
    origin: one.origin,
  });
  const before = observed.map(({ schedule, tags = [], literal }) => ({ schedule, tags, fields: literal }));
  const there = new Map(before.map((subject) => [subject.schedule.name, subject]));
  const written = new Map(desired.map((one) => [one.schedule.name, one]));
  const all = schedulesAfter(
    changes,
    before.map(({ schedule }) => schedule),
  );
  const after = all.map((schedule): Subject => {
    const one = written.get(schedule.name);
    const tags = one?.tags ?? there.get(schedule.name)?.tags ?? [];
    return one === undefined
      ? { schedule, tags, fields: there.get(schedule.name)?.fields ?? {} }
      : { ...subjectOf(one), schedule, tags };
  });
  return [...judge.each(desired.map(subjectOf)), ...judge.together({ after, before, allows })];
}
