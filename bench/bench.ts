import { join } from 'node:path';
import type { ServerKind, WireSchedule } from './generate.ts';
import { type Command, type Ratio, ratio, runChecked, type Samples } from './measure.ts';
import { cleanEnvironment, type ListServer, type Program, startListServer } from './processes.ts';
import { findsChanged, findsNoChanges } from './proofs.ts';

export interface Bench {
  /** The command line under test. */
  readonly cli: string;
  readonly version: string;
  /** Everything that is written goes below it. */
  readonly folder: string;
  /** Where the bundled floors and the list server are. */
  readonly programs: string;
  /** This folder, for what is not bundled. */
  readonly sources: string;
  readonly rounds: number;
  readonly signal: AbortSignal;
}

/** One bound and what was seen. */
export interface Finding {
  readonly row: number;
  readonly what: string;
  readonly bound: string;
  readonly measured: string;
  readonly met: boolean;
  readonly ratio?: Ratio;
  /** The bound as a number, of a ratio. */
  readonly most?: number;
}

export interface RowResult {
  readonly findings: readonly Finding[];
  /** The wall times behind the ratios, by what was run. */
  readonly samples: Samples;
}

export type Planning = Pick<Command, 'label' | 'program'>;

/**
 * Lets each program show on a list with one schedule changed that it does compare, then gives it the list with
 * nothing to do.
 */
export async function proven(
  plans: readonly Planning[],
  server: ListServer,
  list: readonly WireSchedule[],
): Promise<readonly Command[]> {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error('an empty list proves nothing');
  await server.setList([{ ...first, description: 'Changed by hand' }, ...rest]);
  for (const plan of plans) await runChecked({ ...plan, server, wrong: findsChanged(first.name) });
  await server.setList(list);
  return plans.map((plan) => ({ ...plan, server, wrong: findsNoChanges }));
}

export async function withServer<T>(
  bench: Bench,
  kind: ServerKind,
  use: (server: ListServer) => Promise<T>,
): Promise<T> {
  const server = await startListServer(join(bench.programs, 'list-server.cjs'), kind);
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

export function planning(
  bench: Bench,
  manifests: string,
  server: ListServer,
  env: NodeJS.ProcessEnv = {},
): Program {
  return node(bench, [bench.cli, 'plan', manifests, '--server', server.url], {
    CONDUCTOR_SERVER_URL: server.url,
    ...env,
  });
}

export function node(bench: Bench, args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
  return {
    file: process.execPath,
    args,
    folder: bench.folder,
    env: cleanEnvironment(env),
    signal: bench.signal,
  };
}

export function finding(row: number, samples: Samples, label: string, floor: string, bound: number): Finding {
  const seen = ratio(samples, label, floor);
  return {
    row,
    what: `\`${label}\` against ${floor}`,
    bound: `≤ ${bound}`,
    measured: `${seen.median.toFixed(2)} (${seen.least.toFixed(2)} to ${seen.most.toFixed(2)})`,
    met: seen.median <= bound,
    ratio: seen,
    most: bound,
  };
}
