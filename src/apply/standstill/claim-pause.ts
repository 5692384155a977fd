import { isPausedByRename, withoutNote } from '../../model/marks/renaming.ts';
import type { Capabilities } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import { type ObservedSchedule, pathText, type Schedule } from '../../model/schedule.ts';
import { hasMark } from '../../model/standstill.ts';
import { saveSchedule } from '../save.ts';
import { type SwitchEnd, type SwitchOptions, switchOne } from '../switch-many.ts';

/**
 * Whether a person's pause says more than the pause that is there: another reason, or a mark by which Downbeat would
 * resume it. A server that stores no reasons shows neither, so there it always may.
 */
export function isNews(
  { schedule }: ObservedSchedule,
  reason: string | undefined,
  { pauseReason }: Capabilities,
): boolean {
  if (!schedule.paused || pauseReason === 'dropped' || isOurPause(schedule)) return true;
  return reason !== undefined && reason !== schedule.pausedReason;
}

/**
 * Whether a pause has to take something of ours away: the pause that is there, or, of a schedule that runs, the note of a
 * rename in its description, by which the next apply would take the pause for the rename's.
 */
export function isClaimed({ schedule }: ObservedSchedule): boolean {
  return schedule.paused || isNotedInDescription(schedule);
}

/**
 * Makes a pause that is there a person's: the reason is theirs and our marks are gone, so that neither an apply nor a
 * record resumes it. A second pause replaces the reason on OSS and changes nothing on Orkes; a save does on both. Where
 * no reason is stored, the save leaves a time of change by which a record sees that the pause is not its own any more.
 * `seen`: as it was listed.
 */
export async function claimPause(
  seen: ObservedSchedule,
  reason: string | undefined,
  options: SwitchOptions,
): Promise<SwitchEnd> {
  const { name } = seen.schedule;
  const { pauseReason } = options.capabilities;
  const keeps = pauseReason !== 'dropped';
  const wish = { paused: true, ...present({ reason }) };
  let now = await latest(seen, options);
  if ('kind' in now) return now;
  if (!isClaimed(now)) return switchOne(name, wish, options);
  if (keeps && !isNotedInDescription(now.schedule)) {
    const end = await switchOne(name, wish, options);
    if (end.kind === 'failed') return end;
    now = await latest(seen, options);
    if ('kind' in now) return now;
    if (!isNews(now, reason, options.capabilities)) return { kind: 'done' };
  }
  const end = await saveSchedule(claimed(now.schedule, keeps ? reason : undefined), now, options);
  if (end.outcome === 'done' && pauseReason === 'kept') return { kind: 'done' };
  const after = await latest(seen, options);
  if ('kind' in after) return after;
  if (end.outcome === 'done') {
    const reasonLost = reason !== undefined && after.schedule.pausedReason !== reason;
    return { kind: 'done', ...(reasonLost ? { reasonLost } : {}) };
  }
  const isOurs = !after.schedule.paused || isOurPause(after.schedule);
  const onlyReason = end.notKept?.every((path) => pathText(path) === 'pausedReason') === true;
  // A save has no form without the name in its URL, and the bulk pause has taken our mark away.
  if (!isOurs && (onlyReason || end.failure?.kind === 'unaddressable'))
    return { kind: 'done', reasonLost: true };
  return { kind: 'failed', failure: end.failure ?? stillOurs(name) };
}

function isOurPause(schedule: Schedule): boolean {
  return schedule.paused && (isPausedByRename(schedule) || hasMark(schedule.pausedReason ?? ''));
}

function isNotedInDescription({ description = '' }: Schedule): boolean {
  return withoutNote(description) !== description;
}

function claimed(
  { pausedReason: _reason, description, ...rest }: Schedule,
  reason: string | undefined,
): Schedule {
  const kept = description === undefined ? undefined : withoutNote(description);
  return {
    ...rest,
    paused: true,
    ...present({ description: kept === '' ? undefined : kept, pausedReason: reason }),
  };
}

/** As it is on the server; a name that no URL can hold is read from the list. */
async function latest(
  seen: ObservedSchedule,
  { reader }: SwitchOptions,
): Promise<ObservedSchedule | Extract<SwitchEnd, { readonly kind: 'failed' }>> {
  const { name } = seen.schedule;
  const found = await reader.get(name);
  if (found.ok) return found.value ?? { kind: 'failed', failure: gone(name) };
  if (found.failure.kind !== 'unaddressable') return { kind: 'failed', failure: found.failure };
  const list = await reader.list();
  if (!list.ok) return { kind: 'failed', failure: list.failure };
  const listed = list.value.schedules.find(({ schedule }) => schedule.name === name);
  return listed ?? { kind: 'failed', failure: gone(name) };
}

type Failure = Extract<SwitchEnd, { readonly kind: 'failed' }>['failure'];

const unsent = { operation: 'pause', method: 'PUT', url: '', attempts: 1, effect: 'none' } as const;

function gone(schedule: string): Failure {
  return { ...unsent, kind: 'missing', schedule, words: 'the schedule is gone' };
}

/** The server took the save, and a read shows our mark still there. */
function stillOurs(schedule: string): Failure {
  return {
    ...unsent,
    kind: 'shape',
    schedule,
    words: 'the server kept the mark of Downbeat, so an apply or a record may resume it',
  };
}
