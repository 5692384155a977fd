import { hasUnknownZone } from '../../cron/fire/entry-timers.ts';
import { type ExitCode, exitCodes } from '../../model/exit.ts';
import { isObject } from '../../model/json.ts';
import { unmarked } from '../../model/marks/marker.ts';
import { present } from '../../model/present.ts';
import { timingOf } from '../../model/timing.ts';
import { hiddenBy } from '../../plan/field-changes.ts';
import { firesOfSchedule } from '../../plan/fires-of-changes.ts';
import { fireEntry } from '../../report/documents/change-fires.ts';
import { documentOf } from '../../report/documents/document.ts';
import { isoTime, pastRunEntry } from '../../report/documents/entries.ts';
import { explainFailure } from '../../report/documents/failure-words.ts';
import { maskField } from '../../report/documents/mask.ts';
import { pauseFacts } from '../../report/documents/switch.ts';
import type { Run } from '../../run/run.ts';
import { overdueSchedules } from './overdue-schedules.ts';
import { survey } from './survey.ts';

const shownFires = 5;
const shownRuns = 5;
/** Enough to tell how late this server usually is. */
const readRuns = 50;

/** Shows everything about one schedule on one page. Writes nothing. */
export async function run(run: Run): Promise<ExitCode> {
  const surveyed = await survey(run, { keepSources: true });
  if (surveyed.kind === 'ended') return surveyed.code;
  const { configured, connection, plan, observed, desired, chosen, drift, lineOf } = surveyed.value;
  const [name = ''] = chosen.names;
  const one = observed.schedules.find(({ schedule }) => schedule.name === name);
  const manifest = desired.find(({ schedule }) => schedule.name === name);
  const read = await connection.reader.searchExecutions({
    names: [name],
    size: readRuns,
    sort: 'scheduledTime:DESC',
  });
  const runs = read.ok ? read.value.results.filter(({ schedule }) => schedule === name) : [];
  const now = observed.at + observed.clockSkew;
  const { since } = overdueSchedules(
    one === undefined ? [] : [one],
    {
      runs: new Map(runs.slice(0, 1).map((newest) => [name, newest])),
      unknown: new Set(read.ok ? [] : [name]),
      recent: runs,
    },
    now,
    false,
  );
  const { tags: hasTags } = observed.server.capabilities;
  const bare = one && unmarked(one, hasTags ? 'tags' : 'description');
  const schedule = bare?.observed.schedule ?? manifest?.schedule;
  if (schedule === undefined) throw new Error(`${name} was chosen and is on neither side`);
  const { startWorkflowRequest: request, description } = schedule;
  const fires = firesOfSchedule(
    timingOf(schedule),
    one === undefined || schedule.paused,
    now,
    manifest?.days,
    shownFires,
  );
  const hasUnknownFires =
    one !== undefined && !schedule.paused && timingOf(schedule).entries.some(hasUnknownZone);
  const input = maskField(
    { path: ['startWorkflowRequest', 'input'], after: request.input },
    { ...hiddenBy(configured.config, manifest), showSensitive: run.options.showSensitive === true },
  );
  const [marker] = bare?.markers ?? [];
  const facts = one?.facts ?? {};
  run.report(
    documentOf('show', {
      target: plan.target,
      at: isoTime(now),
      name,
      state: one === undefined ? 'missing' : schedule.paused ? 'paused' : 'active',
      ...present({ description }),
      timers: fires.timers,
      ...present({
        startTime: isoTime(schedule.scheduleStartTime),
        endTime: isoTime(schedule.scheduleEndTime),
      }),
      catchup: schedule.runCatchupScheduleInstances,
      ...(hasUnknownFires ? { nextUnknown: true } : {}),
      next: hasUnknownFires ? [] : fires.next.map(fireEntry),
      ...present({ leftOut: fires.leftOut, kept: fires.kept }),
      ...(schedule.paused && one !== undefined ? { pause: pauseFacts(schedule.pausedReason, facts) } : {}),
      ...present({ overdue: isoTime(since.get(name)) }),
      workflow: {
        name: request.name,
        ...present({ version: request.version, correlationId: request.correlationId }),
        priority: request.priority,
        input: isObject(input.after) ? input.after : {},
      },
      ...(manifest === undefined
        ? {}
        : { manifest: { ...manifest.origin, ...present({ line: lineOf?.(manifest.origin) }) } }),
      ...present({ drift: drift?.(name), owner: marker?.owner, tags: bare?.observed.tags }),
      ...(marker?.protected ? { protected: true } : {}),
      ...(facts.createTime === undefined && facts.createdBy === undefined
        ? {}
        : { created: present({ at: isoTime(facts.createTime), by: facts.createdBy }) }),
      ...(facts.updatedTime === undefined && facts.updatedBy === undefined
        ? {}
        : { changed: present({ at: isoTime(facts.updatedTime), by: facts.updatedBy }) }),
      runs: runs.slice(0, shownRuns).map(pastRunEntry),
      ...(read.ok ? {} : { runsUnknown: explainFailure(read.failure).message }),
    }),
  );
  return exitCodes.fine;
}
