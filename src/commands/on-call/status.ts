import { hasUnknownZone } from '../../cron/fire/entry-timers.ts';
import { type ExitCode, exitCodes } from '../../model/exit.ts';
import { type MarkerPlace, unmarked } from '../../model/marks/marker.ts';
import { present } from '../../model/present.ts';
import type { ObservedSchedule } from '../../model/schedule.ts';
import { timingOf } from '../../model/timing.ts';
import { stoppedEntry } from '../../report/documents/drift.ts';
import { isoTime, pastRunEntry, problemEntry } from '../../report/documents/entries.ts';
import type { DriftState, StatusEntry } from '../../report/documents/generated/documents.ts';
import { statusDocument } from '../../report/documents/status.ts';
import { pauseFacts } from '../../report/documents/switch.ts';
import { nextFireOf } from '../../run/next-fire.ts';
import type { Run } from '../../run/run.ts';
import { type LastRuns, lastRuns } from './last-runs.ts';
import { overdueSchedules } from './overdue-schedules.ts';
import { compared, look } from './survey.ts';

/** Shows how every schedule is. Asks for the list and the newest runs, and writes nothing. */
export async function run(run: Run): Promise<ExitCode> {
  const seen = await look(run);
  if (seen.kind === 'ended') return seen.code;
  const { connection, observed, manifests, chosen } = seen.value;
  const { names, asked } = chosen;
  const there = new Map(observed.schedules.map((one) => [one.schedule.name, one]));
  const { executionQuery, tags: hasTags } = observed.server.capabilities;
  const searching = lastRuns(
    connection.reader,
    names.filter((name) => there.has(name)),
    asked !== undefined,
    executionQuery === 'clauses',
  );
  // The search goes out first: what follows takes as long as its answer.
  await run.wait(0);
  const { plan, owner, drift, ending, isOfOtherOwner } = compared(seen.value);
  const now = observed.at + observed.clockSkew;
  const nextFires = new Map(
    names.map((name) => {
      const schedule = there.get(name)?.schedule;
      const next = schedule === undefined ? null : nextFireOf(schedule, now);
      return [name, next === null ? undefined : isoTime(next)];
    }),
  );
  const last = await searching;
  if (!last.ok) return run.fail([], last.failure);
  const isChosen = new Set(names);
  const { since, stopped } = overdueSchedules(
    observed.schedules.filter(({ schedule }) => isChosen.has(schedule.name)),
    last.value,
    now,
    asked === undefined,
  );
  const document = statusDocument({
    target: plan.target,
    at: isoTime(now),
    manifests,
    ...present({ tz: run.tz, asked, owner }),
    ...(stopped === undefined ? {} : { stopped: stoppedEntry(stopped) }),
    problems: ending.map(problemEntry),
    ofOtherOwners: names.filter(isOfOtherOwner).length,
    schedules: names.map((name) =>
      entryOf(
        name,
        there.get(name),
        hasTags ? 'tags' : 'description',
        last.value,
        nextFires.get(name),
        since.get(name),
        drift?.(name),
      ),
    ),
  });
  run.report(document);
  const { failed, overdue, missing } = document.counts;
  return run.options.exitCode && failed + overdue + missing > 0 ? exitCodes.changes : exitCodes.fine;
}

function entryOf(
  name: string,
  observed: ObservedSchedule | undefined,
  place: MarkerPlace,
  { runs, unknown }: LastRuns,
  nextFire: string | undefined,
  overdue: number | undefined,
  drift: DriftState | undefined,
): StatusEntry {
  const drifted = drift === undefined ? {} : { drift };
  if (observed === undefined) return { name, state: 'missing', ...drifted };
  const {
    observed: { schedule, facts, tags },
    markers: [marker],
  } = unmarked(observed, place);
  const isUnknown = !schedule.paused && timingOf(schedule).entries.some(hasUnknownZone);
  const lastRun = runs.get(name);
  return {
    name,
    state: schedule.paused ? 'paused' : 'active',
    ...(schedule.paused ? { pause: pauseFacts(schedule.pausedReason, facts) } : {}),
    ...(isUnknown ? { nextFireUnknown: true } : {}),
    ...(isUnknown ? {} : present({ nextFire })),
    ...(lastRun === undefined ? {} : { lastRun: pastRunEntry(lastRun) }),
    ...present({ owner: marker?.owner, overdue: isoTime(overdue), tags }),
    ...(place === 'tags' && observed.tags === undefined ? { ownerUnknown: true } : {}),
    ...(unknown.has(name) ? { lastRunUnknown: true } : {}),
    ...drifted,
  };
}
