import { flags } from '../../argv/flags.ts';
import { type ExitCode, exitCodes } from '../../model/exit.ts';
import { present } from '../../model/present.ts';
import { terminalText } from '../../report/text/escape.ts';
import type { Run } from '../../run/run.ts';
import type { AccessKey } from '../../scheduler/access.ts';
import { createScheduler } from '../../scheduler/core.ts';
import { type FaultRate, faultsOfKinds } from '../../scheduler/fault-kinds.ts';
import { seededNumbers } from '../../scheduler/random.ts';
import { serve } from '../../scheduler/serve.ts';
import { type ServedType, serverTypes } from '../../scheduler/server-types.ts';
import { refuse, type Settled } from '../../settings/settings.ts';
import { type Keeper, keepIn, readServed } from './data-file.ts';
import { assumed } from './typed-assumptions.ts';
import { faultRates } from './typed-faults.ts';

/** Runs the local scheduler until it is told to stop. */
export async function run(run: Run): Promise<ExitCode> {
  const { options } = run;
  const {
    port = flags.port.fallback,
    latency = flags.latency.fallback,
    fault = [],
    key = [],
    assume = [],
    seed = Math.floor(run.random() * 2 ** 31),
  } = options;
  const found = options.data === undefined ? undefined : readServed(run.files, options.data);
  if (found?.ok === false) return run.refuse(found.usage);
  const known = found?.value;
  const serverType = (options.serverType ??
    known?.serverType ??
    flags['serve-server-type'].fallback) as ServedType;
  if (known !== undefined && known.serverType !== serverType) {
    return run.refuse({
      message: `${JSON.stringify(options.data)} is of a server of type ${known.serverType}, not ${serverType}`,
      hint: 'leave --server-type out, or name another file with --data',
    });
  }
  const asked = faultRates(fault, serverType);
  if (!asked.ok) return run.refuse(asked.usage);
  const { rates, failedRuns } = asked.value;
  if (options.seed !== undefined && fault.length === 0) {
    return run.refuse({
      message: '--seed without --fault has nothing to repeat',
      hint: 'give a --fault',
    });
  }
  const keys = accessKeys(key, serverType);
  if (!keys.ok) return run.refuse(keys.usage);

  const guesses = assumed(assume, serverType);
  if (!guesses.ok) return run.refuse(guesses.usage);

  const unlucky = seededNumbers(seed);
  let keeper: Keeper | undefined;
  const scheduler = createScheduler({
    serverType,
    now: run.now,
    switches: guesses.value.switches,
    ...(options.completeAfter === undefined ? {} : { completeAfterMs: options.completeAfter * 1000 }),
    ...(keys.value.length === 0 ? {} : { access: { keys: keys.value } }),
    ...(rates.length === 0 ? {} : { fault: faultsOfKinds({ seed, serverType, rates }) }),
    ...(failedRuns === 0 ? {} : { failsRun: () => unlucky() < failedRuns }),
    ...present({ initial: known?.kept }),
    ...(options.data === undefined
      ? {}
      : { keep: (changes) => keeper?.keep(changes), newId: () => newId(run.random) }),
  });
  if (options.data !== undefined) {
    const opened = keepIn(run.files, options.data, scheduler);
    if (!opened.ok) return run.refuse(opened.usage);
    keeper = opened.value;
  }
  let broken: unknown;
  let breaks: (error: unknown) => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    run.onInterrupt(resolve);
    breaks = (error) => {
      broken = error;
      resolve();
    };
  });
  const server = await serve(scheduler, {
    host: '127.0.0.1',
    port,
    latencyMs: latency,
    onBroken: (error) => breaks(error),
  }).catch((error: Error) => error);
  if (server instanceof Error) {
    keeper?.close();
    return run.refuse({
      message: `port ${port} cannot be had: ${server.message}`,
      hint: 'give another --port, or 0',
    });
  }
  run.print(`A local Conductor scheduler (${serverType}) answers at ${server.url}/api\n`);
  const where = options.data === undefined ? 'in memory' : `in ${terminalText(options.data)}`;
  run.say(`It keeps everything ${where} and carries out no tasks. Ctrl-C stops it.\n`);
  if (guesses.value.words.length > 0)
    run.say(`Not known of Orkes, so assumed (see --assume): ${guesses.value.words.join(', ')}.\n`);
  const wrong = [
    ...(rates.length > 0 ? [`Requests go wrong: ${rates.map(inWords).join(', ')}.`] : []),
    ...(failedRuns > 0 ? [`Fires fail: ${percent(failedRuns)}.`] : []),
  ];
  if (wrong.length > 0) run.say(`${wrong.join(' ')} --seed ${seed} repeats it.\n`);
  await stopped;
  await server.close();
  keeper?.close();
  if (broken === undefined) return exitCodes.fine;
  return run.refuse({
    message: `${JSON.stringify(options.data)} takes no more: ${String(broken)}`,
    hint: 'what was answered is in it: make room and start again',
  });
}

function inWords({ kind, rate }: FaultRate): string {
  return `${kind} ${percent(rate)}`;
}

function percent(rate: number): string {
  return `${Number((rate * 100).toFixed(4))} %`;
}

/** Who gets a token; without `--key` anybody does, and no request needs one. */
function accessKeys(typed: readonly string[], serverType: ServedType): Settled<readonly AccessKey[]> {
  if (typed.length > 0 && serverTypes[serverType].routes.token.length === 0) {
    return refuse(`--key: ${serverType} has no authentication`, 'it is on --server-type orkes-new');
  }
  const keys: AccessKey[] = [];
  for (const text of typed) {
    const [, id, secret] = /^([^:]+):(.+)$/s.exec(text) ?? [];
    if (id === undefined || secret === undefined) {
      return refuse('a --key is not KEY:SECRET', 'for example --key local:secret');
    }
    keys.push({ id, secret });
  }
  return { ok: true, value: keys };
}

/** In the form of a UUID: with a file, ids must not begin from 1 again after a restart. */
function newId(random: () => number): string {
  const digits = (count: number): string =>
    Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join('');
  return `${digits(8)}-${digits(4)}-4${digits(3)}-8${digits(3)}-${digits(12)}`;
}
