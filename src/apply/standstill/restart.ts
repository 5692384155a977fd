import { isPausedByRename } from '../../model/marks/renaming.ts';
import { present } from '../../model/present.ts';
import type { ObservedSchedule } from '../../model/schedule.ts';
import type { Standstill } from '../../model/standstill.ts';
import { isOurs, markOf } from '../../model/standstill.ts';
import { switchOne } from '../switch-many.ts';
import { onEach } from '../workers.ts';
import { keep } from './kept-record.ts';
import { freshly, type StandstillEnd, type StandstillOptions, type StandstillResult } from './stop.ts';
import { stoppedBasis } from './stopped-basis.ts';

/**
 * Resumes what the record paused and nothing else: whatever somebody else paused since stays paused. When none of it is
 * left, the record says so, and a last look at the list finds what another run has paused in the meantime and what Downbeat
 * paused for something else. `started`: the record as it was read last.
 */
export async function restartEach(
  started: Standstill,
  options: StandstillOptions,
): Promise<StandstillResult> {
  const { reader, keeper } = options;
  const ends = new Map<string, StandstillEnd>();
  let record = started;
  let broken: string | undefined;
  const stopped = (): boolean => options.stopped() || broken !== undefined;
  const ended = (): StandstillResult => {
    for (const { name } of record.running) if (!ends.has(name)) ends.set(name, { kind: 'not-run' });
    return { kind: 'ended', record, ends, ...present({ broken }) };
  };

  for (let round = 0; ; round += 1) {
    const list = await reader.list();
    if (!list.ok) {
      if (round === 0) return { kind: 'failed', failure: list.failure };
      // Each resume was looked at; whether another run has paused something since is not known.
      broken ??= 'the list of schedules could not be read at the end';
      return ended();
    }
    const observed = new Map(list.value.schedules.map((one) => [one.schedule.name, one]));
    const todo: { readonly name: string; readonly basis: string; readonly seen: ObservedSchedule }[] = [];
    for (const { name, basis } of record.running) {
      const seen = observed.get(name);
      if (seen === undefined) {
        ends.set(name, { kind: 'gone' });
        continue;
      }
      const end = endOfPaused(record, ends.get(name), seen);
      if (end === undefined) todo.push({ name, basis, seen });
      else ends.set(name, end);
    }
    for (const one of list.value.schedules) {
      const { name } = one.schedule;
      if (record.running.some((known) => known.name === name)) continue;
      if (isMarked(record, one)) todo.push({ name, basis: stoppedBasis(one), seen: one });
      else if (isMarkedOtherwise(record, one)) ends.set(name, { kind: 'left', seen: one, otherMark: true });
    }
    if (round > 0 && todo.length > 0) {
      const still = keep(keeper, (now = record) =>
        now.mark === record.mark && (now.resumedAt === undefined) === (record.resumedAt === undefined)
          ? now
          : { why: 'another run pauses everything again' },
      );
      if (!still.ok) broken = still.why;
    }
    const isClosed = record.resumedAt !== undefined && (round > 0 || started.resumedAt !== undefined);
    if ((isClosed && todo.length === 0) || stopped() || round > options.maxRetries + 1) return ended();
    await onEach(todo, options.parallelism, stopped, async ({ name, basis, seen }) => {
      const changed = stoppedBasis(seen) !== basis;
      const switched = (): ReturnType<typeof switchOne> => switchOne(name, { paused: false }, options);
      const end = await freshly(name, 'resume', record, switched, options);
      ends.set(name, end.kind === 'done' && changed ? { ...end, changed } : end);
      options.onEnd?.();
    });
    const isOpen = record.running.some(({ name }) => {
      const end = ends.get(name);
      return end === undefined || end.kind === 'failed';
    });
    // What was not sent was stopped.
    if (isOpen || stopped()) return ended();
    // Who still pauses for this record sees from now on that it is over.
    const known = record;
    const kept = keep(keeper, (now = known) => {
      if (now.mark !== known.mark) return { why: 'another run has started its own record in it' };
      if (now.resumedAt !== undefined) return now;
      const isGrown = now.running.length > known.running.length;
      return isGrown ? now : { ...now, resumedAt: options.now() };
    });
    if (kept.ok) record = kept.record;
    else broken = kept.why;
  }
}

/** Why there is nothing to do for a schedule of the record, if so. */
function endOfPaused(
  record: Standstill,
  known: StandstillEnd | undefined,
  seen: ObservedSchedule,
): StandstillEnd | undefined {
  if (!seen.schedule.paused) return known ?? { kind: 'already' };
  if (isOurs(record, seen)) return undefined;
  return isMarkedOtherwise(record, seen) ? { kind: 'left', seen, otherMark: true } : { kind: 'left', seen };
}

function isMarked({ mark }: Standstill, { schedule }: ObservedSchedule): boolean {
  return schedule.paused && markOf(schedule.pausedReason ?? '') === mark;
}

/** Paused by Downbeat for another record, or for a rename that was not finished. */
function isMarkedOtherwise({ mark }: Standstill, { schedule }: ObservedSchedule): boolean {
  const { paused, pausedReason = '' } = schedule;
  const other = markOf(pausedReason);
  return paused && ((other !== undefined && other !== mark) || isPausedByRename(schedule));
}
