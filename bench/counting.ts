import { countFires } from '../src/cron/fire/fires.ts';
import { type Bench, finding, type RowResult } from './bench.ts';

interface Count {
  readonly label: string;
  readonly expression: string;
  /** Its fires in Berlin in 2027. */
  readonly fires: number;
}

const ordinary: Count = {
  label: 'counting a year at 07:30 on weekdays',
  expression: '0 30 7 * * MON-FRI',
  fires: 261,
};
/** Those that a walk from fire to fire, or from day to day, would be long at. */
const hard: readonly Count[] = [
  { label: 'every second', expression: '* * * * * *', fires: 31_536_000 },
  { label: 'never', expression: '0 0 9 31 2 *', fires: 0 },
  // With the days that Spring takes by mistake.
  { label: 'L-28', expression: '0 0 9 L-28 * *', fires: 12 },
  { label: 'every second of L-31', expression: '* * * L-31 * *', fires: 777_603 },
];
const year = { from: Date.UTC(2027, 0, 1), to: Date.UTC(2028, 0, 1) };
// One count is too short for the clock.
const repeats = 20;
const bound = 20;

/** Counting the fires of a year, against those of an ordinary cron; every count is checked. */
export async function counting(bench: Bench): Promise<RowResult> {
  const counts = [ordinary, ...hard];
  const samples = new Map<string, number[]>(counts.map(({ label }) => [label, []]));
  // One round more: the first compiles, and asks for the zone's changes.
  for (let round = -1; round < bench.rounds; round += 1)
    for (const { label, expression, fires } of counts) {
      bench.signal.throwIfAborted();
      const timing = { entries: [{ cronExpression: expression, zoneId: 'Europe/Berlin' }], catchup: false };
      const start = performance.now();
      for (let repeat = 0; repeat < repeats; repeat += 1) {
        const count = countFires(timing, year);
        if (count !== fires) throw new Error(`${expression}: ${count} fires and not ${fires}`);
      }
      if (round >= 0) samples.get(label)?.push(performance.now() - start);
    }
  return {
    findings: hard.map(({ label }) => finding(14, samples, label, ordinary.label, bound)),
    samples,
  };
}
