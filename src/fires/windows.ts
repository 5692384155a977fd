import { addFiresPerMinute, countFires, fires, type Span } from '../cron/fire/fires.ts';
import type { FireWindow, ScheduleTiming } from '../model/timing.ts';

const minuteMs = 60_000;
/** So many are looked at one by one. */
const fewFires = 400;

/**
 * The fires of an interval, those that are at most `gap` milliseconds apart drawn together, in order. Many are counted
 * minute by minute, so that a fire every second costs no more than one every minute.
 */
export function fireWindows(timing: ScheduleTiming, span: Span, gap: number): readonly FireWindow[] {
  const { from, to } = span;
  if (countFires(timing, span) <= fewFires) {
    const moments = [...fires(timing, span)].map(({ at }) => ({ first: at, last: at, count: 1 }));
    return drawnTogether(moments, gap);
  }
  const firstMinute = Math.floor(from / minuteMs);
  const tally = new Uint32Array(Math.ceil(to / minuteMs) - firstMinute);
  addFiresPerMinute(timing, span, tally);
  const minutes = [...tally.entries()].flatMap(([index, count]): readonly FireWindow[] => {
    const first = (firstMinute + index) * minuteMs;
    return count === 0 ? [] : [{ first, last: first + minuteMs - 1, count }];
  });
  // A minute's own edges are a minute too wide at most: the fires at both ends are looked up.
  return drawnTogether(minutes, Math.max(gap, minuteMs)).map(({ first, last, count }) => {
    const begin = Math.max(first, from);
    const end = Math.min(last + 1, to);
    const lastMinute = Math.max(begin, Math.floor(last / minuteMs) * minuteMs);
    const opening = fires(timing, { from: begin, to: end, since: begin - 1 }).next().value?.at ?? begin;
    let closing = opening;
    for (const { at } of fires(timing, { from: lastMinute, to: end, since: lastMinute - 1 })) closing = at;
    return { first: opening, last: closing, count };
  });
}

function drawnTogether(windows: readonly FireWindow[], gap: number): readonly FireWindow[] {
  const found: FireWindow[] = [];
  for (const window of windows) {
    const before = found.at(-1);
    if (before === undefined || window.first - before.last > gap) found.push(window);
    else found[found.length - 1] = { ...before, last: window.last, count: before.count + window.count };
  }
  return found;
}
