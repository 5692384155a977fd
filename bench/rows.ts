import { join } from 'node:path';
import { isMinimal, tallyText } from './counts.ts';
import { type ServerKind, type WireSchedule, wireList, writeManifests } from './generate.ts';
import { type Command, measure, type Ratio, ratio, runChecked, type Samples } from './measure.ts';
import { cleanEnvironment, type ListServer, type Program, startListServer } from './processes.ts';
import { findsChanged, findsNoChanges, prints, printsNothing } from './proofs.ts';

export interface Bench {
  /** The command line under test. */
  readonly cli: string;
  readonly version: string;
  /** Everything that is written goes below it. */
  readonly folder: string;
  /** Where the bundled floors and the list server are. */
  readonly programs: string;
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
}

export interface RowResult {
  readonly findings: readonly Finding[];
  /** The wall times behind the ratios, by what was run. */
  readonly samples: Samples;
}

/** The rows, by their numbers in the table of bounds. */
export const rows: ReadonlyMap<number, (bench: Bench) => Promise<RowResult>> = new Map([
  [1, startUp],
  [2, (bench: Bench) => noOpPlan(bench, 2, 10, [{ floor: 'js-yaml', bound: 2.2 }])],
  [
    3,
    (bench: Bench) =>
      noOpPlan(bench, 3, 1000, [
        { floor: 'js-yaml', bound: 2.0 },
        { floor: 'yaml', bound: 1.6 },
      ]),
  ],
  [8, requests],
]);

async function startUp(bench: Bench): Promise<RowResult> {
  const bare: Command = {
    label: 'node -e 0',
    program: node(bench, ['-e', '0']),
    wrong: printsNothing,
  };
  const flags: readonly Command[] = [
    { label: '--version', program: node(bench, [bench.cli, '--version']), wrong: prints(bench.version) },
    {
      label: '--help',
      program: node(bench, [bench.cli, '--help']),
      wrong: prints('downbeat', 'plan', 'apply'),
    },
  ];
  const samples = await measure([bare, ...flags], bench.rounds);
  return {
    findings: flags.map(({ label }) => finding(1, samples, label, bare.label, 1.2)),
    samples,
  };
}

interface Floor {
  readonly floor: 'js-yaml' | 'yaml';
  readonly bound: number;
}

async function noOpPlan(
  bench: Bench,
  row: number,
  count: number,
  floors: readonly Floor[],
): Promise<RowResult> {
  const fleet = { count, tagEvery: 0 };
  const manifests = `row-${row}`;
  writeManifests(join(bench.folder, manifests), fleet);
  return withServer(bench, 'oss', async (server) => {
    const list = wireList(fleet, 'oss');
    const plan: Planning = { label: `plan ${count}`, program: planning(bench, manifests, server) };
    const below = floors.map(({ floor, bound }) => ({
      label: `floor ${count}, ${floor}`,
      program: node(bench, [join(bench.programs, 'floors', `${floor}.cjs`), manifests, server.url]),
      bound,
    }));
    const commands = await proven([...below, plan], server, list);
    const samples = await measure(commands, bench.rounds);
    return {
      findings: below.map(({ label, bound }) => finding(row, samples, plan.label, label, bound)),
      samples,
    };
  });
}

async function requests(bench: Bench): Promise<RowResult> {
  return { findings: [await requestsOn(bench, 'oss'), await requestsOn(bench, 'orkes')], samples: new Map() };
}

async function requestsOn(bench: Bench, kind: ServerKind): Promise<Finding> {
  const isOrkes = kind === 'orkes';
  const fleet = { count: 1000, tagEvery: isOrkes ? 4 : 0 };
  const manifests = `row-8-${kind}`;
  writeManifests(join(bench.folder, manifests), fleet);
  return withServer(bench, kind, async (server) => {
    const credentials = { CONDUCTOR_AUTH_KEY: 'bench', CONDUCTOR_AUTH_SECRET: 'bench-secret' };
    const plan = {
      label: `plan ${fleet.count}, ${kind}`,
      program: planning(bench, manifests, server, isOrkes ? credentials : {}),
    };
    const ran = await runChecked((await proven([plan], server, wireList(fleet, kind)))[0]!);
    return {
      row: 8,
      what: `requests of \`plan ${fleet.count}\` on ${isOrkes ? 'an Orkes-like list, every fourth with tags' : 'an OSS list'}`,
      bound: '1 list, at most 1 version and 1 token',
      measured: tallyText(ran.requests),
      met: isMinimal(ran.requests),
    };
  });
}

type Planning = Pick<Command, 'label' | 'program'>;

/**
 * Lets each program show on a list with one schedule changed that it does compare, then gives it the list with
 * nothing to do.
 */
async function proven(
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

async function withServer<T>(
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

function planning(bench: Bench, manifests: string, server: ListServer, env: NodeJS.ProcessEnv = {}): Program {
  return node(bench, [bench.cli, 'plan', manifests, '--server', server.url], {
    CONDUCTOR_SERVER_URL: server.url,
    ...env,
  });
}

function node(bench: Bench, args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
  return {
    file: process.execPath,
    args,
    folder: bench.folder,
    env: cleanEnvironment(env),
    signal: bench.signal,
  };
}

function finding(row: number, samples: Samples, label: string, floor: string, bound: number): Finding {
  const seen = ratio(samples, label, floor);
  return {
    row,
    what: `\`${label}\` against ${floor}`,
    bound: `≤ ${bound.toFixed(1)}`,
    measured: `${seen.median.toFixed(2)} (${seen.least.toFixed(2)} to ${seen.most.toFixed(2)})`,
    met: seen.median <= bound,
    ratio: seen,
  };
}
