import { utcText } from '../cron/zone/utc.ts';
import type { NameOddity } from '../model/name.ts';
import type { ClockShift, DeadSchedule, DeathCause, DiagnosticArgs, StuckSchedule } from './diagnostic.ts';
import type { Explanation } from './explanation.ts';
import { list, quoted } from './quote.ts';
import type { RuleCode } from './rules.ts';

/** The words for the problems that are a matter of judgement. */
export const ruleWords: { readonly [C in RuleCode]: (args: DiagnosticArgs[C]) => Explanation } = {
  'odd-name': ({ name, oddity }) => ({
    message: `the name ${quoted(name)} ${nameOddities[oddity]}`,
    hint: 'it works, but nobody can tell it from the name without: remove it',
  }),
  'never-fires': ({ expression, zone }) => ({
    message: `the cron ${quoted(expression)} in ${zone} has no fire at all: there is no such date, or the clock skips it`,
    hint: 'look at day and month: 30 FEB, 31 APR and a fifth or sixth weekday may not exist; to keep a schedule from firing, write `paused: true`',
  }),
  'every-second': ({ expression, suggestion }) => ({
    message: `the cron ${quoted(expression)} fires in every second of its minutes: the first field is the seconds`,
    hint: `to fire once in each of them write ${quoted(suggestion)}`,
  }),
  'both-days': ({ expression }) => ({
    message: `the cron ${quoted(expression)} restricts day of month and day of week, and both must hold`,
    hint: 'crontab takes either: for that, write two entries of cronSchedules, each with * in one of the two',
  }),
  'numbered-weekday': ({ number, day, quartz, suggestion }) => ({
    message: `day of week ${number} is ${day} here${quartz === undefined ? '' : `, and ${quartz} in Quartz`}`,
    hint: suggestion === undefined ? 'write days by their names: MON to SUN' : `write ${quoted(suggestion)}`,
  }),
  'crons-meet': ({ entry, other, at }) => ({
    message:
      at === undefined
        ? `entry ${entry} of cronSchedules is the same as entry ${other}, and each starts a workflow of its own`
        : `entries ${other} and ${entry} of cronSchedules both fire at ${utcText(at)}, and each starts a workflow of its own`,
    hint:
      at === undefined
        ? 'remove one of them'
        : 'move one of them, or let one leave out the times of the other',
  }),
  'clock-change': ({ zone, shifts, days, safeFrom }) => ({
    message: `in the next ${days} days, changes of the clock in ${zone} ${shiftsText(shifts)}`,
    hint: `a time from ${safeFrom} on is clear of them, and UTC has no changes`,
  }),
  'old-zone': ({ zone, now }) => ({
    message: `${quoted(zone)} is an old name of a zone`,
    hint: `write ${quoted(now)}; both work, and the server holds them to be two`,
  }),
  'idle-zone': ({ zone }) => ({
    message: `zoneId ${quoted(zone)} has no effect beside cronSchedules`,
    hint: 'put zoneId into each entry of cronSchedules: an entry without one is in UTC',
  }),
  'window-upside-down': ({ start, end, once }) => ({
    message:
      once === undefined
        ? `scheduleEndTime ${utcText(end)} is not after scheduleStartTime ${utcText(start)}: it never fires`
        : `scheduleEndTime ${utcText(end)} is not after scheduleStartTime ${utcText(start)}, and yet it fires once, at ${utcText(once)}`,
    hint: 'the end is a moment after the start: exchange the two, or leave one out',
  }),
  'window-without-fire': ({ first, end }) => ({
    message:
      first === undefined
        ? `nothing fires from scheduleStartTime on, so not before scheduleEndTime ${utcText(end)} either`
        : `the first fire from scheduleStartTime on is ${utcText(first)}, after scheduleEndTime ${utcText(end)}`,
    hint: 'a server computes the first run without a look at the end, so it may still run once: move the end or the start',
  }),
  'window-over': ({ end, isPast }) => ({
    message: isPast
      ? `scheduleEndTime ${utcText(end)} has passed: it fires no more`
      : `no fire is left before scheduleEndTime ${utcText(end)}`,
    hint: 'remove the manifest, or move the end',
  }),
  'catchup-ignores-window': ({ field }) => ({
    message: `${field} has no effect with runCatchupScheduleInstances: true, which fires at once and without an end`,
    hint: `leave ${field} out, or the catch-up`,
  }),
  'catchup-burst': ({ expression, firesPerHour }) => ({
    message: `the cron ${quoted(expression)} with runCatchupScheduleInstances starts ${firesPerHour} workflows for each hour that the server was down`,
    hint: 'leave the catch-up out, unless each of them is needed',
  }),
  'literal-correlation': ({ text }) => ({
    message: `the server fills in nothing in correlationId: every run has ${quoted(text)}`,
    hint: 'write a fixed text; the run is told apart by _executionId in its input',
  }),
  'overwritten-input': ({ key }) => ({
    message: `the scheduler writes ${quoted(key)} into the input of each run, over this value`,
    hint: 'give it another name',
  }),
  'idle-strategy': ({ strategy }) => ({
    message: `idempotencyStrategy ${strategy} has no effect without an idempotencyKey`,
    hint: 'add idempotencyKey, or remove the strategy',
  }),
  'names-differ-in-case': ({ name, otherName, other }) => ({
    message: `${quoted(name)} and ${quoted(otherName)} at ${other} differ in upper and lower case alone`,
    hint: 'a server on MySQL holds them to be one schedule: give one of them another name',
  }),
  'unused-allowance': ({ code }) => ({
    message: `this comment allows ${code}, and there is none to allow`,
    hint: 'remove the comment; it is for the line that it stands on or above, before everything else for its whole document',
  }),

  'no-workflow': ({ workflow, nearest, others = 0 }) => ({
    message: `the server has no workflow ${quoted(workflow)}: each run would fail${alsoOf(others)}`,
    hint:
      nearest === undefined
        ? 'register it before the schedule fires; one that this key may not read looks the same'
        : `did you mean ${quoted(nearest)}?`,
  }),
  'no-workflow-version': ({ workflow, version, versions, others = 0 }) => ({
    message: `the workflow ${quoted(workflow)} has no version ${version} on the server: each run would fail${alsoOf(others)}`,
    hint:
      versions.length === 0
        ? 'register it, or leave `version` out for the latest'
        : `it has ${versions.slice(-10).join(', ')}; left out, it is the latest at the time of the run`,
  }),
  'unknown-input': ({ key, workflow, nearest }) => ({
    message: `the workflow ${quoted(workflow)} declares no input ${quoted(key)}`,
    hint:
      nearest === undefined
        ? 'remove it, or add it to the inputParameters of the workflow'
        : `did you mean ${quoted(nearest)}?`,
  }),
  'missing-input': ({ keys, workflow }) => ({
    message: `the workflow ${quoted(workflow)} requires the input ${list(keys)}`,
    hint: 'add it to startWorkflowRequest.input: its inputSchema says that it must be there',
  }),
  'workflows-not-readable': ({ why, forbidden }) => ({
    message: `whether the workflows exist could not be asked: ${why}`,
    hint: forbidden
      ? 'the key needs the right to read workflow definitions; nothing else depends on it'
      : 'nothing else depends on it; run it again to know',
  }),

  'previous-name-there': ({ name, previous, why, owner }) => ({
    message: `${quoted(name)} was ${quoted(previous)}, which is still on the server and ${notOurs(why, owner)}: it stays, and both fire`,
    hint:
      why === 'ignored'
        ? 'take it out of `ignore` in downbeat.yaml, or delete it by hand'
        : why === 'no-owner'
          ? 'set `owner` in downbeat.yaml and apply it under the old name first; or delete the old one by hand'
          : `pause or delete the old one by hand; or make it yours under its old name first, with ${why === 'foreign' ? '--take-over' : '--adopt'}, and rename it then`,
  }),
  'looks-renamed': ({ name, previous }) => ({
    message: `${quoted(name)} is new and equal to ${quoted(previous)}, which no manifest names any more: it looks renamed`,
    hint: `if it is: \`lifecycle: {previousNames: [${quoted(previous)}]}\` moves it with its pause and tags, and without a fire twice`,
  }),
  'tags-not-kept': ({ names }) => ({
    message: `this server has no tags, so those of ${list(names)} are not kept`,
    hint: 'tags need an Orkes server; everything else is applied',
  }),
  'reason-not-kept': ({ names }) => ({
    message: `this server stores no reason for a pause, so that of ${list(names)} is not kept`,
    hint: 'the pause itself is applied',
  }),
  'idempotency-not-kept': ({ names }) => ({
    message: `Conductor OSS does nothing with an idempotencyKey, so that of ${list(names)} has no effect`,
    hint: 'runs can overlap and repeat there: let the workflow look after it, or use an Orkes server',
  }),
  'name-beyond-orkes': ({ names }) => ({
    message: `Orkes promises names of letters, digits and _ alone, and ${list(names)} ${names.length === 1 ? 'has' : 'have'} more`,
    hint: 'most such names work all the same, but it is easiest to change now',
  }),
  'copied-marker': ({ name, owner }) => ({
    message: `the schedule ${quoted(name)} carries a copy of a marker of ${quoted(owner)}, so it belongs to nobody`,
    hint: 'somebody copied a schedule of yours on the server; Downbeat never deletes the copy. Delete it there, or write a manifest for it',
  }),
  'dead-there': ({ schedules }) => ({
    message: deadText(schedules),
    hint: `${schedules.length === 1 ? 'it only looks' : 'they only look'} alive: write a manifest that mends it, or delete it`,
  }),
  'stuck-there': ({ schedules }) => ({
    message: stuckText(schedules),
    hint: `only the database of the server can remove it, and nothing else of this run is in the way${schedules.some(({ cause }) => cause === 'name') ? '; a POST of it with paused: true, its name in the body, still stops it' : ''}`,
  }),
};

const nameOddities: { readonly [O in NameOddity]: string } = {
  'blank-at-the-end': 'begins or ends with a blank',
  'control-character': 'has a character in it that is not visible',
};

function alsoOf(others: number): string {
  return others === 0 ? '' : `, also of ${others} more schedule${others === 1 ? '' : 's'}`;
}

/** At most so many dates are written out. */
const shownShifts = 4;

function shiftsText(shifts: readonly ClockShift[]): string {
  const shown = shifts.slice(0, shownShifts).map(({ kind, date, time, count }) => {
    const what = count === 1 ? `the fire of ${time}` : `${count} fires from ${time} on`;
    return `${kind === 'skipped' ? 'skip' : 'double'} ${what} on ${date}`;
  });
  const more = shifts.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

const deaths: { readonly [C in DeathCause]: (text: string) => string } = {
  'bad-cron': (text) => `its cron ${quoted(text)} is not one that the server runs`,
  'bad-zone': (text) => `its zone ${quoted(text)} is not one that the server knows`,
  'no-cron': () => 'it has no cron',
  'no-date': (text) => `its cron ${quoted(text)} has no fire at all`,
  over: () => 'its end has passed',
  name: () => 'the scheduler takes its name for something else',
};

function deadText(schedules: readonly DeadSchedule[]): string {
  const [only, ...others] = schedules;
  if (only !== undefined && others.length === 0)
    return `the schedule ${quoted(only.name)} on the server never fires: ${deaths[only.cause](only.text ?? '')}`;
  return `${schedules.length} schedules on the server never fire: ${list(schedules.map(({ name }) => name))}`;
}

function stuckText(schedules: readonly StuckSchedule[]): string {
  const [only, ...others] = schedules;
  if (only !== undefined && others.length === 0) {
    const why =
      only.cause === 'name'
        ? 'no request by its name arrives at it'
        : 'cronSchedules has a null in it, at which every write breaks';
    return `the schedule ${quoted(only.name)} on the server can be neither changed nor deleted: ${why}`;
  }
  const names = list(schedules.map(({ name }) => name));
  return `${schedules.length} schedules on the server can be neither changed nor deleted: ${names}`;
}

function notOurs(why: DiagnosticArgs['previous-name-there']['why'], owner: string | undefined): string {
  if (owner !== undefined) return `belongs to ${quoted(owner)}`;
  return {
    'no-owner': 'not deleted, since there is no owner',
    unmarked: 'does not carry your marker',
    foreign: "carries another owner's marker",
    ignored: 'ignored',
  }[why];
}
