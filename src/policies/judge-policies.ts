import { localText } from '../cron/zone/local.ts';
import { utcText } from '../cron/zone/utc.ts';
import { parseZone } from '../cron/zone/zone.ts';
import { firstCloserThan } from '../fires/close-fires.ts';
import { type ActiveSchedule, type CrowdedMinute, firstMinuteOver } from '../fires/crowded-minute.ts';
import { firstWithin } from '../fires/hours-of-day.ts';
import { ignoredBy } from '../model/ignore.ts';
import { isObject, type Json } from '../model/json.ts';
import { present } from '../model/present.ts';
import type { CronEntry } from '../model/schedule.ts';
import { type ScheduleTiming, timingOf } from '../model/timing.ts';
import type { DiagnosticArgs, DiagnosticCode } from '../problems/codes.ts';
import { type Diagnostic, type Place, problem } from '../problems/diagnostic.ts';
import { policyDays, type TeamPolicy } from './policy.ts';
import type { Subject } from './policy-scope.ts';
import { sharedTimings } from './shared-timings.ts';

const dayMs = 86_400_000;

/** What one manifest does not fit in a schema; paths are within it. */
export type Misfit = { readonly path: readonly string[]; readonly why: string };

/** What policies are judged with besides the schedules. */
export type PolicyJudging = {
  /** Epoch milliseconds. */
  readonly now: number;
  /** What a manifest gets wrong by the schema of a policy. */
  readonly misfits: (policy: TeamPolicy, subject: Subject) => readonly Misfit[];
  /** The name that policies see. */
  readonly judgedName: (name: string) => string;
};

/** Policies that are ready to be asked. */
export type PolicyJudge = {
  /** Those about single schedules. */
  readonly each: (subjects: readonly Subject[]) => readonly Diagnostic[];
  /** Those about all schedules together. */
  readonly together: (all: Together) => readonly Diagnostic[];
};

export function policyJudge(policies: readonly TeamPolicy[], judging: PolicyJudging): PolicyJudge {
  const timings = sharedTimings();
  return {
    each: (subjects) => judgeEach(policies, subjects, judging, timings),
    together: (all) => judgeTogether(policies, all, judging.now, timings),
  };
}

/** Holds each policy against each schedule that it is about, but for those about all of them together. */
function judgeEach(
  policies: readonly TeamPolicy[],
  subjects: readonly Subject[],
  judging: PolicyJudging,
  timings: Timings,
): readonly Diagnostic[] {
  const judges = policies.map((policy) => ({
    isAbout: policy.isAbout,
    judge: judgeOf(policy, judging, timings),
  }));
  const found: Diagnostic[] = [];
  for (const subject of subjects)
    for (const { isAbout, judge } of judges) {
      if (!isAbout(subject)) continue;
      const breaches = judge(subject);
      if (breaches.length > 0) for (const one of breaches) found.push(one);
    }
  return found;
}

type Timings = (schedule: Subject['schedule']) => ScheduleTiming;

/** Those of a policy that fit the schedule: what a breach is made of. */
type Judge = (subject: Subject) => readonly Diagnostic[];

const none: readonly Diagnostic[] = [];

function judgeOf(policy: TeamPolicy, { now, misfits, judgedName }: PolicyJudging, timings: Timings): Judge {
  const { entry, pattern, hours, every } = policy;
  const span = { from: now + 1, to: now + policyDays * dayMs, since: now };
  const parts: Judge[] = [];
  if (entry.require !== undefined) parts.push(missing(policy, entry.require));
  if (pattern !== undefined)
    parts.push((subject) =>
      pattern.test(judgedName(subject.schedule.name))
        ? none
        : [breach('policy-match', policy, subject, { pattern: pattern.source }, at(subject, ['name']))],
    );
  if (every !== undefined) {
    const closest = remembered(timings, (timing) => firstCloserThan(timing, span, every));
    parts.push((subject) => {
      const pair = closest(subject);
      if (pair === undefined) return none;
      const { first, second } = pair;
      const entries = timingOf(subject.schedule).entries;
      const args = {
        every: entry.limit?.every ?? '',
        apart: (second.at - first.at) / 1000,
        first: momentOf(first, entries),
        second: momentOf(second, entries),
      };
      return [breach('policy-every', policy, subject, args, cronOf(subject, second.entry))];
    });
  }
  if (hours !== undefined) {
    const within = remembered(timings, (timing) => firstWithin(timing, span, hours));
    const between = entry.forbid?.between ?? ['', ''];
    parts.push((subject) => {
      const fire = within(subject);
      if (fire === undefined) return none;
      const moment = { at: localText(hours.zone, fire.at), zone: hours.zone.id };
      return [
        breach('policy-between', policy, subject, { between, fire: moment }, cronOf(subject, fire.entry)),
      ];
    });
  }
  if (entry.allow !== undefined) {
    const allowed = entry.allow.workflows;
    const isAllowed = ignoredBy(allowed);
    parts.push((subject) => {
      const workflow = subject.schedule.startWorkflowRequest.name;
      if (isAllowed(workflow)) return none;
      const place = at(subject, ['startWorkflowRequest', 'name']);
      return [breach('policy-workflow', policy, subject, { workflow, allowed }, place)];
    });
  }
  if (entry.schema !== undefined)
    parts.push((subject) =>
      misfits(policy, subject).map(({ path, why }) =>
        breach('policy-schema', policy, subject, { field: path.join('.'), why }, at(subject, path)),
      ),
    );
  const [only] = parts;
  // Nearly every policy demands one thing.
  return parts.length === 1 && only !== undefined
    ? only
    : (subject) => parts.flatMap((part) => part(subject));
}

/** Schedules with the same timers fire at the same times: a question is asked once for each. */
function remembered<T>(timings: Timings, answer: (timing: ScheduleTiming) => T): (subject: Subject) => T {
  const known = new Map<ScheduleTiming, { readonly value: T }>();
  return ({ schedule }) => {
    const timing = timings(schedule);
    const found = known.get(timing);
    if (found !== undefined) return found.value;
    const value = answer(timing);
    known.set(timing, { value });
    return value;
  };
}

function missing(policy: TeamPolicy, { tags = [], description, zoneId }: Required): Judge {
  const lacks = (
    subject: Subject,
    what: DiagnosticArgs['policy-require']['what'],
    path: readonly string[],
  ): Diagnostic => breach('policy-require', policy, subject, { what }, at(subject, path));
  return (subject) => {
    const { fields, tags: own } = subject;
    const lost = own === undefined ? [] : tags.filter((tag) => !own.some(({ key }) => key === tag));
    const isUndescribed = description === true && !fields.description;
    const bare = zoneId ? bareCron(fields) : undefined;
    if (lost.length === 0 && !isUndescribed && bare === undefined) return none;
    const place = [fields.tags === undefined ? 'name' : 'tags'];
    return [
      ...lost.map((tag) => lacks(subject, { tag }, place)),
      ...(isUndescribed ? [lacks(subject, 'description', ['name'])] : []),
      ...(bare === undefined ? [] : [lacks(subject, 'zoneId', bare)]),
    ];
  };
}

type Required = NonNullable<TeamPolicy['entry']['require']>;

/** The first cron without a zone of its own. */
function bareCron(fields: Subject['fields']): readonly string[] | undefined {
  const { cronSchedules } = fields;
  if (!Array.isArray(cronSchedules) || cronSchedules.length === 0)
    return fields.zoneId ? undefined : ['cronExpression'];
  const index = cronSchedules.findIndex((entry: Json) => isObject(entry) && !entry.zoneId);
  return index < 0 ? undefined : ['cronSchedules', String(index), 'cronExpression'];
}

/** The crons of everything that fires, for policies about all schedules together. */
export type Together = {
  readonly after: readonly Subject[];
  /** What fires as long as nothing is applied: a plan is to blame only for more than that. Absent = nothing does. */
  readonly before?: readonly Subject[];
  /** Whether a comment in a manifest allows a breach that is shown there; absent = none does. */
  readonly allows?: (breach: Diagnostic) => boolean;
};

/**
 * Holds the policies about all schedules together against all that they are about. Paused ones do not fire. An allowance is
 * good for the schedule that it is written in: its fires do not count, and all others are judged without them. What is
 * allowed so is among the breaches, at its own manifest.
 */
function judgeTogether(
  policies: readonly TeamPolicy[],
  { after, before, allows = () => false }: Together,
  now: number,
  timings: Timings,
): readonly Diagnostic[] {
  const span = { from: now + 1, to: now + policyDays * dayMs, since: now };
  return policies.flatMap((policy) => {
    const most = policy.entry.limit?.firesPerMinute;
    if (most === undefined) return [];
    const allowed: Diagnostic[] = [];
    const exempt = new Set<string>();
    for (;;) {
      const counts = (subject: Subject): boolean =>
        !subject.schedule.paused && policy.isAbout(subject) && !exempt.has(subject.schedule.name);
      const all = after.filter(counts);
      const active = activeOf(all, timings);
      const full = firstMinuteOver(active, span, most);
      if (full === undefined) return allowed;
      const worse = before && firstMinuteOver(active, span, most, activeOf(before.filter(counts), timings));
      const shown = worse ?? full;
      const free = shown.who.flatMap(({ name }) => {
        const subject = all.find(({ schedule }) => schedule.name === name);
        if (subject?.origin === undefined) return [];
        const own = timersOf(subject)
          .map((place) => crowd(policy, shown, most, subject, place, exempt))
          .find(allows);
        return own === undefined ? [] : [own];
      });
      if (free.length === 0) {
        const place = mainOf(shown, all);
        const found = crowd(policy, shown, most, place, place && timersOf(place)[0], exempt);
        return [
          ...allowed,
          before === undefined || worse !== undefined ? found : { ...found, severity: 'warning' },
        ];
      }
      for (const one of free) if ('schedule' in one.args) exempt.add(String(one.args.schedule));
      allowed.push(...free);
    }
  });
}

/** The schedule that fires most in a minute, of those with a manifest if there is one. */
function mainOf({ who }: CrowdedMinute, subjects: readonly Subject[]): Subject | undefined {
  const byName = new Map(subjects.map((subject) => [subject.schedule.name, subject]));
  return (
    who.map(({ name }) => byName.get(name)).find((subject) => subject?.origin !== undefined) ??
    byName.get(who[0]?.name ?? '')
  );
}

/** The places of all crons of a manifest. */
function timersOf(subject: Subject): readonly Place[] {
  const { cronSchedules } = subject.fields;
  return Array.isArray(cronSchedules) && cronSchedules.length > 0
    ? cronSchedules.map((_, index) => at(subject, ['cronSchedules', String(index), 'cronExpression']))
    : [at(subject, ['cronExpression'])];
}

function activeOf(subjects: readonly Subject[], timings: Timings): readonly ActiveSchedule[] {
  return subjects.map(({ schedule }) => ({ name: schedule.name, timing: timings(schedule) }));
}

/** A minute that is too full, as it is shown at one of those that fire in it; `exempt`: names that do not count. */
function crowd(
  policy: TeamPolicy,
  { at: minute, fires, who }: CrowdedMinute,
  limit: number,
  subject: Subject | undefined,
  place: Place = { kind: 'nowhere' },
  exempt: ReadonlySet<string> = new Set(),
): Diagnostic {
  const args = {
    policy: policy.entry.name,
    ...present({ because: policy.entry.description }),
    schedule: subject?.schedule.name ?? '',
    limit,
    fires,
    minute: utcText(minute),
    who: who.map(({ name }) => name),
    ...(exempt.size === 0 ? {} : { uncounted: [...exempt] }),
  };
  return withSeverity(problem('policy-fires-per-minute', args, place), policy);
}

type BreachCode = Extract<DiagnosticCode, `policy-${string}`>;

/** A breach of one schedule; `args` are the facts beyond those that every breach has. */
function breach<C extends BreachCode>(
  code: C,
  policy: TeamPolicy,
  { schedule, origin }: Subject,
  args: Omit<DiagnosticArgs[C], 'policy' | 'because' | 'schedule' | 'isUnmanaged'>,
  place: Place,
): Diagnostic {
  const facts = {
    policy: policy.entry.name,
    ...present({ because: policy.entry.description }),
    schedule: schedule.name,
    ...(origin === undefined ? { isUnmanaged: true } : {}),
    ...args,
  };
  return withSeverity(problem(code, facts as unknown as DiagnosticArgs[C], place), policy);
}

function withSeverity(diagnostic: Diagnostic, { entry: { severity = 'error' } }: TeamPolicy): Diagnostic {
  return { ...diagnostic, severity };
}

function at({ origin }: Subject, path: readonly string[]): Place {
  return origin === undefined ? { kind: 'nowhere' } : { kind: 'field', origin, path, at: 'value' };
}

/** The place of a timer's cron as its manifest has it: normal form sorts the entries. */
function cronOf(subject: Subject, entry: CronEntry | undefined): Place {
  const { cronSchedules } = subject.fields;
  if (!Array.isArray(cronSchedules) || cronSchedules.length === 0) return at(subject, ['cronExpression']);
  const index = cronSchedules.findIndex(
    (one: Json) =>
      isObject(one) &&
      one.cronExpression === entry?.cronExpression &&
      (one.zoneId || 'UTC') === entry?.zoneId,
  );
  return at(subject, ['cronSchedules', String(Math.max(index, 0)), 'cronExpression']);
}

function momentOf(
  { at: moment, entry }: { readonly at: number; readonly entry: CronEntry },
  entries: readonly CronEntry[],
): DiagnosticArgs['policy-every']['first'] {
  const zone = parseZone(entry.zoneId);
  return {
    at: zone.ok ? localText(zone.zone, moment) : utcText(moment),
    zone: entry.zoneId,
    ...(entries.length > 1 ? { cron: entry.cronExpression } : {}),
  };
}
