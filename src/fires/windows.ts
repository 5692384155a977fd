import { addFiresPerMinute, countFires, fires, type Span } from '../cron/fire/fires.ts';
import type { FireWindow, ScheduleTiming } from '../model/timing.ts';

const minuteMs = 60_000;
/** So many are looked at one by one. */
const fewFires = 400;

/**
 * The fires of an interval, those that are at most `gap` milliseconds (a minute or more) apart drawn together, in order. Many are counted
 * minute by minute, so that a fire every second costs no more than one every minute.
 */
export function fireWindows(timing: ScheduleTiming, span: Span, gap: number): readonly FireWindow[] {
  const { from, to } = span;
  if (countFires(timing, span) <= fewFires)
    return drawnTogether(
      [...fires(timing, span)].map(({ at }) => at),
      gap,
    );
  const firstMinute = Math.floor(from / minuteMs);
  const tally = new Uint32Array(Math.ceil(to / minuteMs) - firstMinute);
  addFiresPerMinute(timing, span, tally);
  const edges = (minute: number): FireWindow => {
    const begin = Math.max(from, (firstMinute + minute) * minuteMs);
    const end = Math.min(to, (firstMinute + minute + 1) * minuteMs);
    const moments = [...fires(timing, { from: begin, to: end, since: begin - 1 })].map(({ at }) => at);
    return { first: moments[0] ?? begin, last: moments.at(-1) ?? begin, count: moments.length };
  };
  // From a fire of one minute to a fire of another it is a minute more or less: that is looked up only where it counts.
  const belong = (earlier: number, later: number): boolean => {
    const apart = later - earlier;
    if ((apart + 1) * minuteMs <= gap) return true;
    return (apart - 1) * minuteMs < gap && edges(later).first - edges(earlier).last <= gap;
  };
  const found: FireWindow[] = [];
  let [begin, end, count] = [-1, -1, 0];
  const close = (): void => {
    if (begin >= 0) found.push({ first: edges(begin).first, last: edges(end).last, count });
  };
  for (let minute = 0; minute < tally.length; minute += 1) {
    const own = tally[minute] as number;
    if (own === 0) continue;
    if (begin < 0 || !belong(end, minute)) {
      close();
      [begin, count] = [minute, 0];
    }
    end = minute;
    count += own;
  }
  close();
  return found;
}

function drawnTogether(moments: readonly number[], gap: number): readonly FireWindow[] {
  const found: FireWindow[] = [];
  for (const at of moments) {
    const before = found.at(-1);
    if (before === undefined || at - before.last > gap) found.push({ first: at, last: at, count: 1 });
    else found[found.length - 1] = { ...before, last: at, count: before.count + 1 };
  }
  return found;
}
