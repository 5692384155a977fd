import type { UsualLateness } from '../../model/fires/audit.ts';

const seconds = 1000;
// A prompt server is within a second or two of the time (OSS 3.32.1 on SQLite), so more is worth a word.
const lateMs = 10 * seconds;
const promptMissedMs = 30 * seconds;
// On PostgreSQL and MySQL each fire but the first after a save starts 60 to 120 s late (seen on 3.32.1).
const slowMissedMs = 150 * seconds;
const fewestRuns = 5;

/**
 * How late this server is, from the lateness of past runs in milliseconds: of runs that another one of the same
 * schedule came before, since its last change. Too few = as if it were a slow one.
 */
export function usualLateness(lateness: Iterable<number>): UsualLateness {
  const sorted = Float64Array.from(lateness).sort();
  const runs = sorted.length;
  if (runs < fewestRuns) return { runs, lateAfter: lateMs, missedAfter: slowMissedMs };
  const median = Math.max(0, sorted[Math.floor(runs / 2)] as number);
  const most = sorted[Math.min(runs - 1, Math.floor(runs * 0.95))] as number;
  const prompt = median <= lateMs;
  return {
    runs,
    median,
    lateAfter: Math.max(lateMs, 2 * median),
    missedAfter: prompt
      ? Math.min(slowMissedMs, Math.max(promptMissedMs, 1.5 * most))
      : Math.max(slowMissedMs, 2 * median),
  };
}
