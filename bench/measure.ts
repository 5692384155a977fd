import { type RequestCounts, type Tally, tally } from './counts.ts';
import { type Finished, type ListServer, type Program, run } from './processes.ts';

export interface Ran extends Finished {
  readonly requests: Tally;
}

/** A program with the proof that it did its work. */
export interface Command {
  readonly label: string;
  readonly program: Program;
  /** The server whose requests count as this command's. */
  readonly server?: ListServer;
  /** Brings the world back to where each run begins; not measured. */
  readonly before?: () => Promise<void>;
  /** What is wrong with a run, if anything: a fast run that did nothing must not count. */
  readonly wrong: (ran: Ran) => string | undefined;
}

/** Wall times in milliseconds, one per round, by label. */
export type Samples = ReadonlyMap<string, readonly number[]>;

/** Runs a command once and proves it; throws when it did not do its work. */
export async function runChecked(command: Command): Promise<Ran> {
  await command.before?.();
  await command.server?.takeCounts();
  const finished = await run(command.program);
  const counts: RequestCounts = (await command.server?.takeCounts()) ?? {};
  const ran = { ...finished, requests: tally(counts) };
  const wrong = command.wrong(ran);
  if (wrong === undefined) return ran;
  throw new Error(
    `${command.label}: ${wrong}\n  exit code ${ran.code}\n  stdout: ${clip(ran.stdout)}\n  stderr: ${clip(ran.stderr)}`,
  );
}

/**
 * Rounds in turn (A B C, A B C …), so that what disturbs the machine disturbs all of them alike; one round before
 * them is not measured, since whoever is first finds the files cold.
 */
export async function measure(commands: readonly Command[], rounds: number): Promise<Samples> {
  for (const command of commands) await runChecked(command);
  const samples = new Map<string, number[]>(commands.map(({ label }) => [label, []]));
  for (let round = 0; round < rounds; round++) {
    for (const command of commands) {
      const { milliseconds } = await runChecked(command);
      samples.get(command.label)?.push(milliseconds);
    }
  }
  return samples;
}

export interface Ratio {
  /** Median of the ratios of each round. */
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** How much longer the one takes than the other, round by round. Both must have been in every round. */
export function ratio(samples: Samples, label: string, floor: string): Ratio {
  const above = samples.get(label) ?? [];
  const below = samples.get(floor) ?? [];
  if (above.length === 0 || above.length !== below.length)
    throw new Error(`no rounds with both ${label} and ${floor}`);
  const ratios = above.map((milliseconds, round) => milliseconds / below[round]!);
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}

export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('no values');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function clip(text: string): string {
  return text.length > 600 ? `${text.slice(0, 600)} …` : text;
}
