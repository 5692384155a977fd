import { heldUntil } from '../cron/days/compile-entries.ts';
import { chosenDays, daysWords } from '../cron/days/left-out-days.ts';
import { addFiresPerDay, fires } from '../cron/fire/fires.ts';
import { parseCron } from '../cron/parse/parse-cron.ts';
import { cronWords } from '../cron/words/words.ts';
import { localText } from '../cron/zone/local.ts';
import { parseZone } from '../cron/zone/zone.ts';
import type { Change, Plan } from '../model/plan.ts';
import { present } from '../model/present.ts';
import type {
  CronEntry,
  DaysWish,
  DesiredSchedule,
  FieldChange,
  ObservedSchedule,
  Schedule,
} from '../model/schedule.ts';
import {
  type ChangeFires,
  type FireView,
  type ScheduleFires,
  type ScheduleTiming,
  type Timeline,
  type TimerView,
  timingOf,
} from '../model/timing.ts';
import { type Side, timelineOf } from './timelines.ts';

const shownFires = 3;
const shownDays = 3;
const dayMs = 86_400_000;
const daysCounted = 28;
const soonMs = 600_000;

/** What is told of fires: their crons in words only, the next ones too, or both sides on an axis as well. */
export type FiresView = 'words' | 'times' | 'timelines';

/**
 * The fires before and after each change that saves, pauses or resumes a schedule, by its name; `now` in epoch
 * milliseconds. They are for the reader: no part of the plan, which holds no times of its own, nor of its digest.
 */
export function firesOfChanges(
  plan: Plan,
  observed: readonly ObservedSchedule[],
  now: number,
  desired: readonly DesiredSchedule[] = [],
  view: FiresView = 'times',
): ReadonlyMap<string, ChangeFires> {
  const draws = view === 'timelines';
  const wishes = new Map(desired.map(({ schedule, days }) => [schedule.name, days]));
  // Without the calendars only the compiled crons are known, which are not in any manifest.
  const changes = plan.changes.filter(
    (change) =>
      concernsFires(change, draws) &&
      (change.reviewed === undefined || wishes.get(change.name) !== undefined),
  );
  const names = new Set(changes.map(sourceOf));
  const there = new Map(
    observed
      .filter(({ schedule }) => names.has(schedule.name))
      .map(({ schedule }) => [schedule.name, schedule]),
  );
  // Many schedules fire alike.
  const known = new Map<string, ScheduleFires>();
  const drawn = new Map<string, Timeline>();
  return new Map(
    changes.map((change) => {
      const days = wishes.get(change.name);
      const look = (schedule: Schedule): ScheduleFires => {
        const timing = timingOf(schedule);
        const key = JSON.stringify([timing, schedule.paused, days === undefined ? null : change.name]);
        const found =
          known.get(key) ??
          (view === 'words'
            ? { timers: timerViews(timing, days, now), paused: schedule.paused }
            : firesOfSchedule(timing, schedule.paused, now, days));
        known.set(key, found);
        return found;
      };
      const draw = (after: Schedule, before: Schedule | undefined): Timeline => {
        const sides = [sideOf(after), before && sideOf(before)] as const;
        const key = JSON.stringify(sides);
        const found = drawn.get(key) ?? timelineOf(...sides, now);
        drawn.set(key, found);
        return found;
      };
      const views = draws ? { look, draw } : { look };
      return [change.name, firesOfChange(change, there.get(sourceOf(change)), views, now)];
    }),
  );
}

type Views = {
  readonly look: (schedule: Schedule) => ScheduleFires;
  readonly draw?: (after: Schedule, before: Schedule | undefined) => Timeline;
};

function sideOf(schedule: Schedule): Side {
  return { timing: timingOf(schedule), paused: schedule.paused };
}

/** What is deleted fires no more, which only a picture has to show. */
function concernsFires({ kind, steps }: Change, draws: boolean): boolean {
  if (kind === 'delete') return draws;
  return steps.some(({ kind }) => kind === 'save' || kind === 'pause' || kind === 'resume');
}

const gone: ScheduleFires = { timers: [], paused: false, next: [], mostPerDay: 0 };

/** The name under which the server has the schedule that a change is about. */
function sourceOf(change: Change): string {
  return change.kind === 'rename' ? (change.previous[0]?.name ?? change.name) : change.name;
}

function firesOfChange(
  { kind, fields, steps, reviewed }: Change,
  observed: Schedule | undefined,
  { look, draw }: Views,
  now: number,
): ChangeFires {
  if (kind === 'delete' && observed !== undefined) {
    const timeline = draw?.({ ...observed, paused: true }, observed);
    return { before: look(observed), after: gone, ...present({ timeline }) };
  }
  // Fields tell timers as they were before they were compiled.
  const compiled = reviewed === undefined ? undefined : writtenTimers(steps);
  const changedSchedule = { ...changed(observed, fields), ...present({ cronSchedules: compiled }) };
  // A rename that is finished resumes what only it has paused.
  const next =
    kind === 'rename' && steps.some((step) => step.kind === 'resume')
      ? { ...changedSchedule, paused: false }
      : changedSchedule;
  const after = look(next);
  const old = observed === undefined ? undefined : look(observed);
  const isAlike = old === undefined || JSON.stringify(old) === JSON.stringify(after);
  const [first] = after.next ?? [];
  const wait = first === undefined ? undefined : first.at - now;
  return {
    ...(isAlike ? {} : { before: old }),
    after,
    ...(wait === undefined || wait > soonMs ? {} : { soon: wait }),
    ...(draw === undefined ? {} : { timeline: draw(next, isAlike ? undefined : observed) }),
  };
}

/** The timers that a change writes; undefined = it leaves them as they are. */
function writtenTimers(steps: Change['steps']): Schedule['cronSchedules'] {
  for (const step of steps) {
    if (step.kind !== 'save') continue;
    if (step.mode === 'create') return step.schedule.cronSchedules;
    const timers = step.set.find(({ path }) => path[0] === 'cronSchedules')?.value;
    if (timers !== undefined) return timers as Schedule['cronSchedules'];
  }
  return undefined;
}

/** The schedule with the fields of a change at their new values. */
function changed(schedule: Schedule | undefined, fields: readonly FieldChange[]): Schedule {
  const values: { [field: string]: unknown } = schedule === undefined ? { ...unset } : { ...schedule };
  for (const { path, after } of fields) {
    const [field] = path;
    if (path.length === 1 && field !== undefined) values[field] = after;
  }
  return values as Schedule;
}

const unset = { runCatchupScheduleInstances: false, paused: false };

/** When a schedule fires, with its next few fires; `now` in epoch milliseconds. */
export function firesOfSchedule(
  timing: ScheduleTiming,
  paused: boolean,
  now: number,
  days: DaysWish | undefined,
  shown: number = shownFires,
): ScheduleFires & Required<Pick<ScheduleFires, 'next' | 'mostPerDay'>> {
  const timers = timerViews(timing, days, now);
  const isCompiled = isCompiledFrom(days, timing, now);
  const endless = { from: now + 1, to: Number.POSITIVE_INFINITY, since: now };
  const chosen = isCompiled ? chosenDays(days, timing, endless, shownDays) : {};
  if (paused) return { timers, paused, next: [], mostPerDay: 0, ...chosen };
  const next: FireView[] = [];
  for (const { at, entry } of fires(timing, endless)) {
    next.push({ at, local: localAt(entry, at) });
    if (next.length >= shown) break;
  }
  // The day that has started counts as a part.
  const perDay = new Uint32Array(daysCounted + 1);
  addFiresPerDay(timing, { from: now + 1, to: now + daysCounted * dayMs, since: now }, perDay);
  return { timers, paused, next, mostPerDay: Math.max(...perDay), ...chosen };
}

/** The timers as their manifest has them. */
function timerViews(timing: ScheduleTiming, days: DaysWish | undefined, now: number): readonly TimerView[] {
  return isCompiledFrom(days, timing, now)
    ? days.entries.map((entry) => timerView(entry, days))
    : timing.entries.map((one) => timerView(one));
}

function isCompiledFrom(
  days: DaysWish | undefined,
  { entries }: ScheduleTiming,
  now: number,
): days is DaysWish {
  return days !== undefined && heldUntil(days, entries, now) !== undefined;
}

function timerView({ cronExpression, zoneId }: CronEntry, days?: DaysWish): TimerView {
  const cron = parseCron(cronExpression);
  const works = cron.ok && parseZone(zoneId).ok;
  return {
    cronExpression,
    zoneId,
    ...(works ? { words: `${cronWords(cron.cron)}${days === undefined ? '' : daysWords(days)}` } : {}),
  };
}

function localAt({ zoneId }: CronEntry, at: number): string {
  const zone = parseZone(zoneId);
  if (!zone.ok) throw new Error(`a timer in ${zoneId} has fired`);
  return localText(zone.zone, at);
}
