import { unkept } from '../compare/diff.ts';
import { saveBody } from '../compare/save-body.ts';
import type { JsonObject } from '../model/json.ts';
import type { Failure, Keeping, SaveBody } from '../model/port.ts';
import type { FieldPath, ObservedSchedule, Schedule } from '../model/schedule.ts';
import { settlingTime } from './closing-look.ts';
import { changedMeanwhile, failedBy, reasonNote, type StepEnd, unchecked } from './end.ts';
import type { ApplyOptions } from './options.ts';
import type { StepWriter } from './writing/stoppable.ts';

export type SaveOptions = Pick<
  ApplyOptions,
  'reader' | 'capabilities' | 'maxRetries' | 'retryDelay' | 'wait' | 'stopped'
> & { readonly writer: Pick<StepWriter, 'save'> };

/**
 * Saves a schedule and looks whether the server kept it. `before` is the schedule as read just now, `null` for a
 * create; what Downbeat does not know of it is sent back.
 *
 * After an answer that was lost, or an error that may have come after the effect, the schedule is read before it is
 * written again. A process that dies in the middle of a create, or an error of the store itself (500), leaves a schedule
 * that looks active and has no timer (OSS v3.32.1): it is saved once more, and an existing one, if that fails too, as it
 * was. An update whose answer was lost is not: a save drops a due fire.
 *
 * A create that the server answers as an older schedule overwrote somebody's create that they may call done: it fails.
 * A create of a name that is taken after all (409, or 403 where the key does not see everything) stays a refused
 * create: sent as an update, it would take over what is somebody else's.
 */
export async function saveSchedule(
  target: Schedule,
  before: ObservedSchedule | null,
  options: SaveOptions,
  /** A create under a new name takes over what Downbeat does not know of the old one. */
  source: ObservedSchedule | null = before,
): Promise<StepEnd> {
  /** As it was read last: an update that is sent again carries what is there now. */
  let base = source;
  let attempt: Attempt = {
    body: saveBody(target, base),
    mode: before === null ? 'create' : 'update',
  };
  /** Of the attempts that may have had an effect, the last one. */
  let unclear: Unclear | undefined;
  for (let tries = 0; ; tries += 1) {
    const answer = await options.writer.save(attempt.body, attempt.mode);
    if (answer.ok) {
      if (attempt.instead !== undefined)
        return failedBy({ ...attempt.instead, effect: 'none' }, savedAsItWas);
      const end = await check(target, base, answer.value, options);
      const isFirst = attempt.mode === 'create' && unclear === undefined;
      return isFirst && end.outcome === 'done' && cameTooLate(answer.value) ? overwrote : end;
    }
    const { failure } = answer;
    const taken = attempt.mode === 'create' && isTaken(failure, options);
    if (taken && unclear === undefined) return takenName(target, failure, options);
    if (failure.effect === 'none' && !taken)
      return unclear === undefined ? failedBy(failure) : givenUp(unclear);

    const found = await options.reader.get(target.name);
    if (!found.ok) return unreadable(unclear?.failure ?? failure, found.failure, options);
    const now = found.value;
    // Refused as taken, and not there: whether it is ours from the lost attempt cannot be seen.
    if (taken && now === null) return failedBy({ ...failure, kind: 'hidden', effect: 'unknown' });
    const took = now !== null && unkept(target, now.schedule, options.capabilities).length === 0;
    // Nothing but a good answer tells that its timer is back.
    const broke = brokeTheStore(failure) || unclear?.mayBeDead === true;
    if (took && !broke && before !== null) {
      const { note } = reasonNote(target.pausedReason, now.schedule);
      return { outcome: 'done', note: note === undefined ? lostAnswer : `${lostAnswer}; ${note}` };
    }
    if (!took && !isAsBefore(now, before, options.capabilities)) return failedBy(failure, changedMeanwhile);
    unclear = { failure, now, took, mayBeDead: broke || before === null };

    if (before !== null) base = now;
    const next = nextAttempt(saveBody(target, base), unclear, tries, options.maxRetries);
    if (next === undefined || options.stopped()) return givenUp(unclear);
    await options.wait(options.retryDelay(tries));
    if (options.stopped()) return givenUp(unclear);
    attempt = next;
  }
}

interface Attempt {
  readonly body: SaveBody;
  readonly mode: 'create' | 'update';
  /** It writes what is there, not what was planned, after this failure. */
  readonly instead?: Failure;
}

/** An attempt that may have had an effect, and what a read after it shows. */
interface Unclear {
  readonly failure: Failure;
  readonly now: ObservedSchedule | null;
  /** What was sent is there. */
  readonly took: boolean;
  /** Its timer may be gone, if it is there. */
  readonly mayBeDead: boolean;
}

/** What to send after an attempt that may have had an effect; undefined = nothing more. */
function nextAttempt(
  whole: SaveBody,
  { failure, now, took, mayBeDead }: Unclear,
  tries: number,
  maxRetries: number,
): Attempt | undefined {
  if (now === null) return tries < maxRetries ? { body: whole, mode: 'create' } : undefined;
  if (!mayBeDead) return tries < maxRetries ? { body: whole, mode: 'update' } : undefined;
  // What is there is what was sent, so from now on this is not a create.
  if (took) return tries < Math.max(2, maxRetries) ? { body: asItIs(now), mode: 'update' } : undefined;
  if (tries === 0) return { body: whole, mode: 'update' };
  return tries === 1 ? { body: asItIs(now), mode: 'update', instead: failure } : undefined;
}

/** What is there, to the letter. */
function asItIs(now: ObservedSchedule): SaveBody {
  return saveBody(now.schedule, now);
}

const lostAnswer = 'the answer was lost; a read shows it saved';
const savedAsItWas = 'it was saved again unchanged, so that it keeps firing';
const mayNeverFire = 'it looks active but may never fire: save it once more, or pause and resume it';

/**
 * Whether a create overwrote one that is so old that its run may have looked at it for the last time. A server that answers
 * with the schedule keeps its `createTime` over saves, and gives a new one the same time twice (OSS 3.32.1).
 */
function cameTooLate(answer: ObservedSchedule | null): boolean {
  const { createTime, updatedTime } = answer?.facts ?? {};
  return createTime !== undefined && updatedTime !== undefined && updatedTime - createTime > settlingTime;
}

const overwrote: StepEnd = {
  outcome: 'failed',
  stored: true,
  note: 'somebody created it after Downbeat looked, and this save overwrote it: find out who else uses this name',
};

function isTaken({ kind }: Failure, { capabilities }: SaveOptions): boolean {
  return kind === 'conflict' || (kind === 'forbidden' && capabilities.hidesUnreadable);
}

/** The end of a create that was refused: somebody took the name since we looked, or has it where the key does not see. */
async function takenName(target: Schedule, failure: Failure, options: SaveOptions): Promise<StepEnd> {
  const found = await options.reader.get(target.name);
  if (!found.ok && found.failure.kind !== 'forbidden')
    return failedBy(failure, 'it could not be read afterwards to see who owns it');
  if (!found.ok || found.value === null) return failedBy({ ...failure, kind: 'hidden' });
  return { outcome: 'stale', note: 'somebody created it since the plan was made' };
}

/** After a save that may have had an effect, and a read that failed. */
function unreadable(failure: Failure, read: Failure, { capabilities }: SaveOptions): StepEnd {
  if (read.kind === 'forbidden' && capabilities.hidesUnreadable)
    return failedBy({ ...failure, kind: 'hidden', effect: 'unknown' });
  return unchecked(failure, 'it could not be read afterwards, so whether it was saved is not known');
}

/** An error of the server itself; 502 to 504 are a gateway's, which may or may not have passed the request on. */
function brokeTheStore({ kind, status = 0 }: Failure): boolean {
  return kind === 'status' && status >= 500 && (status < 502 || status > 504);
}

function isAsBefore(
  now: ObservedSchedule | null,
  before: ObservedSchedule | null,
  keeping: Keeping,
): boolean {
  if (now === null || before === null) return now === before;
  return unkept(before.schedule, now.schedule, keeping).length === 0;
}

function givenUp({ failure, now, took, mayBeDead }: Unclear): StepEnd {
  if (now === null)
    return failedBy({ ...failure, effect: 'none' }, 'a read shows that the schedule does not exist');
  if (mayBeDead)
    return {
      ...failedBy({ ...failure, effect: 'unknown' }, took ? `it is saved; ${mayNeverFire}` : mayNeverFire),
      ...(took ? { stored: true } : {}),
    };
  return failedBy({ ...failure, effect: 'none' }, 'a read shows it unchanged');
}

async function check(
  sent: Schedule,
  source: ObservedSchedule | null,
  answer: ObservedSchedule | null,
  options: SaveOptions,
): Promise<StepEnd> {
  let got = answer;
  if (got === null) {
    const found = await options.reader.get(sent.name);
    if (!found.ok)
      return {
        ...unchecked(found.failure, 'the server accepted the save, but it could not be read to check it'),
        stored: true,
      };
    if (found.value === null)
      return {
        outcome: 'failed',
        notKept: [['name']],
        note: 'the server accepted it but does not have the schedule',
      };
    got = found.value;
  }
  const lost = lostFields(sent, source, got, options.capabilities);
  if (lost.length > 0) return { outcome: 'failed', notKept: lost, stored: true };
  return { outcome: 'done', ...reasonNote(sent.pausedReason, got.schedule) };
}

/** Of what was sent: fields that are otherwise now, and fields that Downbeat does not know and that are gone. */
function lostFields(
  sent: Schedule,
  source: ObservedSchedule | null,
  got: ObservedSchedule,
  keeping: Keeping,
): readonly FieldPath[] {
  const gone = (kept: JsonObject = {}, now: JsonObject = {}): readonly string[] =>
    Object.keys(kept).filter((key) => !Object.hasOwn(now, key));
  return [
    ...unkept(sent, got.schedule, keeping).map(({ path }) => path),
    ...gone(source?.carried, got.carried).map((key) => [key]),
    ...gone(source?.carriedInRequest, got.carriedInRequest).map((key) => ['startWorkflowRequest', key]),
  ];
}
