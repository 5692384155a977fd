import { flags } from '../../argv/flags.ts';
import { hasUnknownZone } from '../../cron/fire/entry-timers.ts';
import { firesAfter, firstFire } from '../../cron/fire/fires.ts';
import { summing } from '../../fires/audit/groups.ts';
import {
  type AuditedSchedule,
  type AuditSpan,
  changeMs,
  judge,
  skippedFires,
} from '../../fires/audit/judge.ts';
import {
  fewestSilent,
  overdueSince,
  type Silent,
  silentSchedules,
  type Watched,
} from '../../fires/audit/overdue.ts';
import { usualLateness } from '../../fires/audit/usual.ts';
import { type ExitCode, exitCodes } from '../../model/exit.ts';
import type { UsualLateness } from '../../model/fires/audit.ts';
import { type Outcome, succeed } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import type { DesiredSchedule, ObservedSchedule } from '../../model/schedule.ts';
import { timingOf } from '../../model/timing.ts';
import type { AuditDocument, OverdueCause, PauseFacts } from '../../report/documents/generated/documents.ts';
import { type AuditFact, auditDocument } from '../../report/documents/on-call/audit.ts';
import { pauseFacts } from '../../report/documents/switch.ts';
import { renderAuditMarkdown } from '../../report/formats/audit-markdown.ts';
import { documentJson } from '../../report/formats/document-json.ts';
import { renderOpenMetrics } from '../../report/formats/openmetrics.ts';
import { renderAuditPage } from '../../report/page/audit-page.ts';
import { renderAudit } from '../../report/text/on-call/audit.ts';
import { asWritten } from '../../run/prologue.ts';
import type { Run } from '../../run/run.ts';
import { type PastTime, pastTimeOf, resolved } from '../../run/typed-times.ts';
import { refuse, type Settled, type UsageError } from '../../settings/settings.ts';
import { type AuditedRuns, readIntervalRuns } from './audited-runs.ts';
import { type LastRuns, lastRuns } from './last-runs.ts';
import { withOutcomes } from './outcomes.ts';
import { repairTimers } from './repair.ts';
import { compared, look, type Seen } from './survey.ts';

/** Lines of one schedule in the document; it is counted how many more there are. */
const mostGroups = 200;

/** Holds the fires that should have been against what happened. Writes nothing, but with `--repair`. */
export async function run(run: Run): Promise<ExitCode> {
  const interval = intervalOf(run);
  if (!interval.ok) return run.refuse(interval.usage);
  return run.interruptible(async () => {
    const seen = await look(run);
    if (seen.kind === 'ended') return seen.code;
    const wrong = run.options.manifests ? withoutManifests(run, seen.value) : undefined;
    if (wrong !== undefined) return run.refuse(wrong);
    const found = await audited(run, seen.value, interval.value);
    if (typeof found === 'number') return found;
    run.write(found, (document, format, style) => {
      switch (format) {
        case 'json':
          return documentJson(document);
        case 'markdown':
          return renderAuditMarkdown(document);
        case 'html':
          return renderAuditPage(document);
        case 'openmetrics':
          return renderOpenMetrics(document);
        default:
          return renderAudit(document, style);
      }
    });
    if (run.options.repair) return repairTimers(run, seen.value, found);
    const { missed, failed, missing, overdue } = found.counts;
    return run.options.exitCode && missed + failed + missing + overdue > 0
      ? exitCodes.changes
      : exitCodes.fine;
  });
}

/** `from` and `to` as typed, to be read by the server's clock. */
type Typed = { readonly since: PastTime; readonly until: PastTime };

function intervalOf({ options, now }: Run): Settled<Typed> {
  const since = pastTimeOf('since', options.since ?? flags['audit-since'].fallback);
  if (!since.ok) return since;
  const until: Settled<PastTime> =
    options.until === undefined ? { ok: true, value: { ago: 0 } } : pastTimeOf('until', options.until);
  if (!until.ok) return until;
  return resolved(since.value, now()) < resolved(until.value, now())
    ? { ok: true, value: { since: since.value, until: until.value } }
    : refuse('--since is not before --until', 'the interval goes from --since to before --until');
}

/** Why an audit by the manifests would have nothing to say of what it was asked for. */
function withoutManifests(run: Run, { manifests, desired, chosen }: Seen): UsageError | undefined {
  if (manifests !== 'compared')
    return {
      message: `--manifests needs manifests, ${manifests === 'none' ? 'but there are none' : 'but they have errors'}`,
      hint:
        manifests === 'none'
          ? 'run it where downbeat.yaml is, or pass --config FILE; without --manifests the fires come from the server'
          : '`downbeat validate` lists the errors; without --manifests the fires come from the server',
    };
  const written = new Set(desired.map(({ schedule }) => schedule.name));
  const typed = new Set(run.request.names);
  const bare = chosen.names.filter((name) => typed.has(name) && !written.has(name));
  if (bare.length === 0 && (chosen.asked === undefined || chosen.names.some((name) => written.has(name))))
    return undefined;
  return {
    message: `no manifest for ${(bare.length === 0 ? (chosen.asked ?? []) : bare).join(' ')}`,
    hint: 'remove --manifests to take the fires from the server',
  };
}

/** One schedule with everything but its runs. */
type Subject = Omit<AuditedSchedule, 'runs' | 'completeFrom'> & {
  readonly name: string;
  /** As the server has it; absent = it has not, or the interval is not about now. */
  readonly watched?: Omit<Watched, 'lastRun'>;
  readonly state: AuditFact['state'];
  readonly pause?: PauseFacts;
};

async function audited(run: Run, seen: Seen, typed: Typed): Promise<AuditDocument | ExitCode> {
  const { observed, chosen, connection } = seen;
  // Everything that is held against it goes by the server's clock.
  const now = Math.floor((observed.at + observed.clockSkew) / 1000) * 1000;
  const from = resolved(typed.since, now);
  const to = Math.min(now, resolved(typed.until, now));
  const span: AuditSpan = { from, to, now };
  const subjects = subjectsOf(seen, span, run.options.manifests === true);
  const reading = readIntervalRuns(connection.reader, {
    schedules: subjects.map(({ name }) => name),
    isNarrow: chosen.asked !== undefined,
    from,
    to,
    capabilities: observed.server.capabilities,
    keepsIds: run.options.outcomes === true,
  });
  // Here and below a search goes out first: what follows takes as long as its answer.
  await run.wait(0);
  const { plan, drift } = compared(seen);
  const firstDue = new Map(subjects.map((subject) => [subject.name, firstDueOf(subject, span)]));
  const interval = await reading;
  if (!interval.ok) return run.fail([], interval.failure);
  const { bySchedule, rest } = interval.value;
  const readingRest = rest((name, [first]) => {
    const due = firstDue.get(name);
    return due !== undefined && due < (first?.at ?? to);
  });
  await run.wait(0);
  const usual = usualLateness(latenessOf(subjects, bySchedule));
  const waiting = to < now ? [] : waitingOf(subjects, bySchedule, now, usual);
  const read = await readingRest;
  if (!read.ok) return run.fail([], read.failure);
  const asked = run.options.outcomes ? await withOutcomes(connection.workflows, read.value, run) : undefined;
  if (asked?.kind === 'failed') return run.fail([], asked.failure);
  const runs = asked?.runs ?? read.value;
  const quiet = waiting.filter((name) => !runs.older.has(name));
  const asking = newestRuns(seen, quiet);
  const pausedInGit = new Set(
    seen.desired.flatMap(({ schedule, pause }) => (pause?.paused ? [schedule.name] : [])),
  );
  const tell = (subject: Subject, newest: Known['newest']): AuditFact => {
    const fact = factOf(subject, { ...runs, newest }, span, usual, drift?.(subject.name));
    return fact.state === 'paused' && pausedInGit.has(fact.name) ? { ...fact, pausedByManifest: true } : fact;
  };
  if (quiet.length > 0) await run.wait(0);
  const awaited = new Set(quiet);
  const told = new Map(
    subjects.filter(({ name }) => !awaited.has(name)).map((subject) => [subject, tell(subject, noRuns)]),
  );
  const newest = await asking;
  if (!newest.ok) return run.fail([], newest.failure);
  const facts = subjects.map((subject) => told.get(subject) ?? tell(subject, newest.value));
  const silent = silentOf(subjects, facts, runs, now, usual);
  return auditDocument({
    target: plan.target,
    at: now,
    from,
    to,
    by: run.options.manifests ? 'manifests' : 'server',
    ...present({ tz: run.tz, asked: chosen.asked }),
    usual,
    ...(silent < fewestSilent
      ? {}
      : { stopped: { schedules: silent, ...present({ since: wholeSecond(runs.lastStart) }) } }),
    ...present({ readFrom: runs.readFrom, outcomes: asked?.counts }),
    requests: connection.counts().reads,
    schedules: facts.map((fact) => withCause(fact, silent, runs.lastStart, usual)),
  });
}

/** What should have been: what the server has, or what the manifests say, as far as either is known. */
function subjectsOf(
  { observed, desired, chosen }: Seen,
  span: AuditSpan,
  byManifests: boolean,
): readonly Subject[] {
  const there = new Map(observed.schedules.map((one) => [one.schedule.name, one]));
  const written = new Map(desired.map((one) => [one.schedule.name, one]));
  return chosen.names.flatMap((name) => {
    const [one, manifest] = [there.get(name), written.get(name)];
    if (byManifests) return manifest === undefined ? [] : subjectOf(name, one, manifest, span.from);
    return one === undefined && manifest !== undefined
      ? [goneSubject(manifest, span)]
      : subjectOf(name, one, undefined, span.from);
  });
}

/** By the server a schedule that is not there should not fire; what runs it has are from before. */
function goneSubject({ schedule }: DesiredSchedule, { to }: AuditSpan): Subject {
  const timing = timingOf(schedule);
  return { name: schedule.name, state: 'missing', timing, paused: true, changed: to, created: to };
}

function subjectOf(
  name: string,
  observed: ObservedSchedule | undefined,
  manifest: DesiredSchedule | undefined,
  from: number,
): readonly Subject[] {
  // The crons that leave out days hold for the coming months only: what was before is told by the calendars.
  const schedule = manifest === undefined ? observed?.schedule : asWritten(manifest);
  if (schedule === undefined) return [];
  const timing = timingOf(schedule);
  if (observed === undefined) {
    const paused = manifest?.pause?.paused ?? false;
    // It was never there to be changed.
    return [
      {
        name,
        state: 'missing',
        timing,
        paused,
        changed: from - changeMs - 1,
        excuse: { kind: 'not-on-server' },
      },
    ];
  }
  const { createTime: created, updatedTime: changed } = observed.facts;
  const isPaused = observed.schedule.paused;
  const paused = manifest?.pause?.paused ?? isPaused;
  return [
    {
      name,
      state: isPaused ? 'paused' : 'active',
      timing,
      paused,
      ...(isPaused || changed === undefined
        ? {}
        : { watched: { timing: timingOf(observed.schedule), changed } }),
      ...(isPaused ? { pause: pauseFacts(observed.schedule.pausedReason, observed.facts) } : {}),
      ...present({ created, changed }),
      ...(isPaused && !paused ? { excuse: { kind: 'paused-on-server' } } : {}),
    },
  ];
}

/** The first fire of the interval that is known to have been due, whether it ran or not. */
function firstDueOf(
  { changed, paused, timing }: Pick<Subject, 'changed' | 'paused' | 'timing'>,
  { from, to }: AuditSpan,
): number | undefined {
  if (changed === undefined || paused) return undefined;
  const begin = Math.max(from, changed + changeMs + 1);
  return begin < to ? firstFire(timing, { from: begin, to, since: changed }) : undefined;
}

/** Schedules without a run in the interval, where an earlier one decides whether they are overdue. */
function waitingOf(
  subjects: readonly Subject[],
  bySchedule: AuditedRuns['bySchedule'],
  now: number,
  usual: UsualLateness,
): readonly string[] {
  return subjects.flatMap(({ name, watched }) =>
    watched === undefined || bySchedule.has(name) || overdueSince(watched, now, usual) === undefined
      ? []
      : [name],
  );
}

/** The newest runs of some schedules, as a status has them. */
async function newestRuns(
  { connection, observed }: Seen,
  names: readonly string[],
): Promise<Outcome<Pick<LastRuns, 'runs' | 'unknown'>>> {
  if (names.length === 0) return succeed(noRuns);
  return lastRuns(connection.reader, names, true, observed.server.capabilities.executionQuery === 'clauses');
}

const noRuns: Pick<LastRuns, 'runs' | 'unknown'> = { runs: new Map(), unknown: new Set() };

/**
 * The fire that a schedule without a run in the interval has been waiting for, by the rule of a status: it may be from
 * before the interval. Where there are runs, the interval itself tells more: which fires a later start took with it.
 */
function waitsSince(
  { name, watched }: Subject,
  { bySchedule, older, newest }: Known,
  now: number,
  usual: UsualLateness,
): number | undefined {
  if (watched === undefined || bySchedule.has(name) || newest.unknown.has(name)) return undefined;
  const { scheduledTime, executionTime } = newest.runs.get(name) ?? {};
  const { at = scheduledTime, started = executionTime } = older.get(name) ?? {};
  const lastRun = at === undefined ? {} : { lastRun: { at, ...present({ started }) } };
  return overdueSince({ ...watched, ...lastRun }, now, usual);
}

/** How late runs were that another one of the schedule came before, since its last change: the first is prompt anywhere. */
function* latenessOf(
  subjects: readonly Subject[],
  bySchedule: AuditedRuns['bySchedule'],
): Generator<number, undefined> {
  for (const { name, changed = Number.POSITIVE_INFINITY } of subjects) {
    let isFirst = true;
    for (const { at, started } of bySchedule.get(name) ?? []) {
      if (at <= changed) continue;
      if (!isFirst && started !== undefined) yield started - at;
      isFirst = false;
    }
  }
  return undefined;
}

type Known = AuditedRuns & { readonly newest: Pick<LastRuns, 'runs' | 'unknown'> };

function factOf(
  subject: Subject,
  known: Known,
  span: AuditSpan,
  usual: UsualLateness,
  drift: AuditFact['drift'],
): AuditFact {
  const { name, state, changed, pause, timing } = subject;
  const { bySchedule, older, completeFrom } = known;
  const { tell, end } = summing(mostGroups);
  const runs = bySchedule.get(name) ?? [];
  const { earlier, overdue: inInterval } = judge(
    { ...subject, runs, completeFrom: completeFrom(name), ...present({ before: older.get(name) }) },
    span,
    usual,
    tell,
  );
  const isNow = state === 'active' && span.to === span.now;
  const waiting = isNow
    ? [inInterval, waitsSince(subject, known, span.now, usual)].filter((at) => at !== undefined)
    : [];
  return {
    name,
    state,
    ...(state === 'missing' ? {} : present({ changed, pause })),
    ...(state === 'paused' && subject.paused
      ? present({ skipped: skippedFires({ ...subject, runs }, span) })
      : {}),
    ...end(),
    earlier,
    ...(waiting.length === 0 ? {} : { overdue: { since: Math.min(...waiting), cause: 'unknown' as const } }),
    ...(state === 'active' &&
    !timing.entries.some(hasUnknownZone) &&
    firesAfter(timing, span.now, 1).length === 0
      ? { never: true as const }
      : {}),
    ...present({ drift }),
  };
}

function wholeSecond(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.floor(ms / 1000) * 1000;
}

/** How many schedules were due since anything was last started on this server. */
function silentOf(
  subjects: readonly Subject[],
  facts: readonly AuditFact[],
  { lastStart }: AuditedRuns,
  now: number,
  usual: UsualLateness,
): number {
  const silent = subjects.flatMap(({ timing, changed }, at): readonly Silent[] => {
    const overdue = facts[at]?.overdue?.since;
    return overdue === undefined || changed === undefined ? [] : [{ timing, changed, overdue }];
  });
  return silentSchedules(silent, lastStart, now, usual);
}

function withCause(
  fact: AuditFact,
  silent: number,
  lastStart: number | undefined,
  { missedAfter }: UsualLateness,
): AuditFact {
  const { overdue } = fact;
  if (overdue === undefined) return fact;
  return { ...fact, overdue: { ...overdue, cause: causeOf(overdue.since, silent, lastStart, missedAfter) } };
}

/** Whether others still ran after a fire was due, or nothing did. */
function causeOf(
  since: number,
  silent: number,
  lastStart: number | undefined,
  missedAfter: number,
): OverdueCause {
  if (lastStart !== undefined && since + missedAfter < lastStart) return 'schedule';
  return silent >= fewestSilent ? 'server' : 'unknown';
}
