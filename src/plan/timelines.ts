import { countFires } from '../cron/fire/fires.ts';
import { fireWindows } from '../fires/windows.ts';
import type { ScheduleTiming, Timeline } from '../model/timing.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** The shortest that has enough fires of both sides is taken. */
const lengths: readonly number[] = [2 * dayMs, 14 * dayMs, 60 * dayMs, 400 * dayMs];
const enough = 2;
/** Fires closer than this share of the axis are one mark. */
const share = 1 / 48;

/** A side of a timeline; paused = nothing fires. */
export type Side = { readonly timing: ScheduleTiming; readonly paused: boolean };

/** Draws the fires of both sides from the hour of `now` (epoch milliseconds) on. `before`: where it is other than `after`. */
export function timelineOf(after: Side, before: Side | undefined, now: number): Timeline {
  const from = Math.floor(now / hourMs) * hourMs;
  const sides = before === undefined ? [after] : [before, after];
  const running = sides.filter(({ paused }) => !paused);
  const has = (length: number): boolean =>
    running.every(({ timing }) => countFires(timing, spanOf(now, from + length)) >= enough);
  const length = lengths.find(has) ?? longestNeeded(running, now, from);
  const windows = ({ timing, paused }: Side) =>
    paused ? [] : fireWindows(timing, spanOf(now, from + length), length * share);
  return {
    from,
    to: from + length,
    ...(before === undefined ? {} : { before: windows(before) }),
    after: windows(after),
  };
}

/** The shortest that shows as much as the longest would. */
function longestNeeded(sides: readonly Side[], now: number, from: number): number {
  const [longest = 0] = lengths.slice(-1);
  const count = (length: number): number =>
    sides.reduce((sum, { timing }) => sum + countFires(timing, spanOf(now, from + length)), 0);
  const all = count(longest);
  return lengths.find((length) => count(length) === all) ?? longest;
}

function spanOf(
  now: number,
  to: number,
): { readonly from: number; readonly to: number; readonly since: number } {
  return { from: now + 1, to, since: now };
}
