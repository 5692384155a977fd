import { unkept } from '../compare/diff.ts';
import type { Failure, SaveBody } from '../model/port.ts';
import type { FieldPath, ObservedSchedule, Schedule } from '../model/schedule.ts';
import { failedBy, type StepEnd, unchecked } from './end.ts';
import type { ApplyOptions } from './options.ts';

/**
 * Saves a schedule and looks whether the server kept it. `before` is the schedule as read just now, `null` for a
 * create; what Downbeat does not know of it is sent back.
 *
 * After an answer that was lost, or an error that may have come after the effect, the schedule is read before it is
 * written again. An error of the store itself (500) leaves an existing schedule looking active with its timer gone
 * (OSS v3.32.1): it is saved once more, and if that fails too, as it was, so that it goes on firing.
 *
 * A create of a name that is taken after all (409, or 403 where the key does not see everything) stays a refused
 * create: sent as an update, it would take over what is somebody else's.
 */
export async function saveSchedule(
  target: Schedule,
  before: ObservedSchedule | null,
  options: ApplyOptions,
  /** A create under a new name takes over what Downbeat does not know of the old one. */
  source: ObservedSchedule | null = before,
): Promise<StepEnd> {
  let body: SaveBody = {
    schedule: target,
    carried: source?.carried ?? {},
    carriedInRequest: source?.carriedInRequest ?? {},
  };
  let mode: 'create' | 'update' = before === null ? 'create' : 'update';
  for (let tries = 0; ; tries += 1) {
    const answer = await options.writer.save(body, mode);
    if (answer.ok) return check(body, answer.value, options);
    const failure = answer.failure;
    if (mode === 'create' && isTaken(failure, options)) return takenName(target, failure, tries > 0, options);
    if (failure.effect === 'none') return failedBy(failure);

    const found = await options.reader.get(target.name);
    if (!found.ok)
      return failedBy(failure, 'it could not be read afterwards, so whether it was saved is not known');
    const there = found.value;
    const took = there !== null && unkept(target, there.schedule).length === 0;
    if (took && !brokeTheStore(failure)) return { outcome: 'done', note: lostAnswer };
    if (!took && !isAsBefore(there, before)) {
      return failedBy(failure, 'somebody else changed it at the same moment; it was not written again');
    }
    const allowed = brokeTheStore(failure) ? (there === null ? 0 : 1) : options.maxRetries;
    if (tries >= allowed || options.stopped()) return giveUp(failure, there, options);
    // What is there is what we sent, so from now on this is no create.
    if (took) [body, mode] = [there, 'update'];
    await options.wait(options.retryDelay(tries));
  }
}

function isTaken({ kind }: Failure, { capabilities }: ApplyOptions): boolean {
  return kind === 'conflict' || (kind === 'forbidden' && capabilities.hidesUnreadable);
}

/**
 * The end of a create that was refused. A schedule that this key sees is our own, if an answer to an earlier attempt
 * was lost (`sentBefore`), or was created by somebody since we looked; one that it does not see is somebody's too.
 */
async function takenName(
  target: Schedule,
  failure: Failure,
  sentBefore: boolean,
  options: ApplyOptions,
): Promise<StepEnd> {
  const found = await options.reader.get(target.name);
  const known: Failure = sentBefore ? { ...failure, effect: 'unknown' } : failure;
  if (!found.ok && found.failure.kind !== 'forbidden')
    return failedBy(known, 'it could not be read afterwards to see whose it is');
  const there = found.ok ? found.value : null;
  if (there === null) return failedBy({ ...known, kind: 'hidden' });
  if (!sentBefore) return { outcome: 'stale', note: 'somebody created it since the plan was made' };
  return unkept(target, there.schedule).length === 0
    ? { outcome: 'done', note: lostAnswer }
    : failedBy(known, 'somebody else changed it at the same moment; it was not written again');
}

const lostAnswer = 'the answer was lost; a read shows it saved';

/** An error of the server itself; 502 to 504 are a gateway's, which may or may not have passed the request on. */
function brokeTheStore({ kind, status = 0 }: Failure): boolean {
  return kind === 'status' && status >= 500 && (status < 502 || status > 504);
}

function isAsBefore(there: ObservedSchedule | null, before: ObservedSchedule | null): boolean {
  if (there === null || before === null) return there === before;
  return unkept(before.schedule, there.schedule).length === 0;
}

async function giveUp(
  failure: Failure,
  there: ObservedSchedule | null,
  options: ApplyOptions,
): Promise<StepEnd> {
  if (there === null)
    return failedBy({ ...failure, effect: 'none' }, 'a read shows that there is no such schedule');
  if (!brokeTheStore(failure)) return failedBy({ ...failure, effect: 'none' }, 'a read shows it unchanged');
  const restored = await options.writer.save(there, 'update');
  return failedBy(
    failure,
    restored.ok
      ? 'it was saved again as it stands on the server, so that it goes on firing'
      : 'it looks active but may never fire again: save it once more, or pause and resume it',
  );
}

async function check(
  body: SaveBody,
  answer: ObservedSchedule | null,
  options: ApplyOptions,
): Promise<StepEnd> {
  let got = answer;
  if (got === null) {
    const found = await options.reader.get(body.schedule.name);
    if (!found.ok)
      return unchecked(found.failure, 'the server took the save; it could not be read to check it');
    if (found.value === null)
      return { outcome: 'failed', notKept: [['name']], note: 'the server took it and has no such schedule' };
    got = found.value;
  }
  const lost: FieldPath[] = [
    ...unkept(body.schedule, got.schedule).map(({ path }) => path),
    ...Object.keys(body.carried)
      .filter((key) => !Object.hasOwn(got.carried, key))
      .map((key) => [key]),
    ...Object.keys(body.carriedInRequest)
      .filter((key) => !Object.hasOwn(got.carriedInRequest, key))
      .map((key) => ['startWorkflowRequest', key]),
  ];
  return lost.length === 0 ? { outcome: 'done' } : { outcome: 'failed', notKept: lost };
}
