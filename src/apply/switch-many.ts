import type { Outcome, Writer } from '../model/port.ts';
import { type PauseWish, pathText } from '../model/schedule.ts';
import type { ApplyOptions } from './options.ts';
import { switchPause } from './switch.ts';
import { onEach } from './workers.ts';

export type SwitchOptions = Pick<
  ApplyOptions,
  'reader' | 'capabilities' | 'parallelism' | 'maxRetries' | 'retryDelay' | 'wait' | 'stopped'
> & { readonly writer: Pick<Writer, 'pause' | 'resume' | 'pauseMany' | 'resumeMany' | 'save'> };

/** What became of one schedule: switched, and looked at; or not, with why. */
export type SwitchEnd =
  /** `reasonLost`: it is paused, and the server did not keep the reason. */
  | { readonly kind: 'done'; readonly reasonLost?: true }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** Interrupted before anything was sent. */
  | { readonly kind: 'not-run' };

type Failure = Extract<Outcome<null>, { readonly ok: false }>['failure'];

/**
 * Pauses or resumes schedules that were seen in the other state. Several go in one request where the server has that
 * and no reason is to be stored (a bulk request carries none); whatever is not so afterwards is tried by itself. A name
 * missing from the result was not tried.
 */
export async function switchMany(
  names: readonly string[],
  wish: PauseWish,
  options: SwitchOptions,
): Promise<ReadonlyMap<string, SwitchEnd>> {
  const ends = new Map<string, SwitchEnd>();
  let left = names;
  if (names.length > 1 && wish.reason === undefined && options.capabilities.bulk && !options.stopped()) {
    for (const name of await inBulk(names, wish, options)) ends.set(name, { kind: 'done' });
    left = names.filter((name) => !ends.has(name));
  }
  await onEach(left, options.parallelism, options.stopped, async (name) => {
    ends.set(name, await switchOne(name, wish, options));
  });
  return ends;
}

/**
 * Pauses or resumes one schedule and looks whether it is so. A name that cannot be in a URL is in the body of a
 * bulk request anyway (OSS v3.32.1).
 */
export async function switchOne(name: string, wish: PauseWish, options: SwitchOptions): Promise<SwitchEnd> {
  const { reason } = wish;
  const kept: PauseWish = options.capabilities.pauseReason === 'dropped' ? { paused: wish.paused } : wish;
  const end = await switchPause(name, kept, options);
  if (end.outcome === 'not-run') return { kind: 'not-run' };
  if (end.outcome === 'done')
    return done(reason !== undefined && (kept.reason === undefined || end.note !== undefined));
  if (end.notKept?.every((path) => pathText(path) === 'pausedReason')) return done(true);
  if (end.failure?.kind === 'unaddressable' && options.capabilities.bulk) {
    const switched = await inBulk([name], wish, options);
    if (switched.includes(name)) return done(reason !== undefined);
  }
  return {
    kind: 'failed',
    failure: end.failure ?? notKept(name, wish),
  };
}

function done(reasonLost: boolean): SwitchEnd {
  return { kind: 'done', ...(reasonLost ? { reasonLost } : {}) };
}

/** The names that a list shows to be as wished after one bulk request, whatever that request answered. */
async function inBulk(
  names: readonly string[],
  { paused }: PauseWish,
  { reader, writer }: SwitchOptions,
): Promise<readonly string[]> {
  await (paused ? writer.pauseMany(names) : writer.resumeMany(names));
  const list = await reader.list();
  if (!list.ok) return [];
  const wanted = new Set(names);
  return list.value.schedules
    .filter(({ schedule }) => wanted.has(schedule.name) && schedule.paused === paused)
    .map(({ schedule }) => schedule.name);
}

/** The server took it with a success status, and a read shows that nothing happened. */
function notKept(schedule: string, { paused }: PauseWish): Failure {
  return {
    kind: 'shape',
    operation: paused ? 'pause' : 'resume',
    schedule,
    method: 'PUT',
    url: '',
    words: 'the server answered with success, and a read shows it unchanged',
    attempts: 1,
    effect: 'none',
  };
}
