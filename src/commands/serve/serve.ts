import { flags } from '../../argv/flags.ts';
import { type ExitCode, exitCodes } from '../../model/exit.ts';
import { present } from '../../model/present.ts';
import { terminalText } from '../../report/text/escape.ts';
import type { Run } from '../../run/run.ts';
import type { AccessKey } from '../../scheduler/access.ts';
import type { ServedAs } from '../../scheduler/data.ts';
import type { FaultRate } from '../../scheduler/fault-kinds.ts';
import { localServer } from '../../scheduler/local/local-server.ts';
import { withPage } from '../../scheduler/local/served-page.ts';
import { serve } from '../../scheduler/serve.ts';
import { editionOf, type ServedType, serverTypes, versionsOf } from '../../scheduler/server-types.ts';
import type { BackEnd } from '../../scheduler/storage/back-ends.ts';
import { refuse, type Settled } from '../../settings/settings.ts';
import { type Keeper, keepIn, readServed } from './data-file.ts';
import { troubleListening } from './listening.ts';
import { assumed } from './typed-assumptions.ts';
import { faultRates } from './typed-faults.ts';

// As many as the page shows.
const mostRequests = 100;

/** Runs the local scheduler until it is told to stop. */
export async function run(run: Run): Promise<ExitCode> {
  const { options } = run;
  const {
    host = flags.host.fallback,
    port = flags.port.fallback,
    latency = flags.latency.fallback,
    fault = [],
    key = [],
    assume = [],
    allowHost = [],
    seed = Math.floor(run.random() * 2 ** 31),
  } = options;
  const found = options.data === undefined ? undefined : readServed(run.files, options.data);
  if (found?.ok === false) return run.refuse(found.usage);
  const known = found?.value;
  const acting = servedAs(options, known?.served);
  if (!acting.ok) return run.refuse(acting.usage);
  const { serverType, version, backEnd } = acting.value;
  const asked = faultRates(fault, serverType);
  if (!asked.ok) return run.refuse(asked.usage);
  const { rates, failedRuns } = asked.value;
  if (options.seed !== undefined && fault.length === 0) {
    return run.refuse({
      message: '--seed needs --fault',
      hint: 'give a --fault',
    });
  }
  const keys = accessKeys(key, serverType);
  if (!keys.ok) return run.refuse(keys.usage);

  const guesses = assumed(assume, serverType);
  if (!guesses.ok) return run.refuse(guesses.usage);

  let keeper: Keeper | undefined;
  const local = localServer({
    serverType,
    version,
    backEnd,
    now: run.now,
    seed,
    rates,
    failedRuns,
    mostRequests,
    switches: guesses.value.switches,
    ...(options.completeAfter === undefined ? {} : { completeAfterMs: options.completeAfter * 1000 }),
    ...(keys.value.length === 0 ? {} : { access: { keys: keys.value } }),
    ...present({ initial: known?.kept, ahead: known?.ahead }),
    ...(options.data === undefined
      ? {}
      : { keep: (changes) => keeper?.keep(changes), newId: () => newId(run.random) }),
  });
  if (options.data !== undefined) {
    const opened = keepIn(run.files, options.data, local);
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
  const server = await serve(withPage(local, [host, ...allowHost]), {
    host,
    port,
    now: local.now,
    latencyMs: latency,
    onBroken: (error) => breaks(error),
  }).catch((error: Error) => error);
  if (server instanceof Error) {
    keeper?.close();
    return run.refuse(troubleListening(server, host, port));
  }
  run.print(`A local Conductor scheduler (${inWordsOf(acting.value)}) answers at ${server.url}/api\n`);
  run.say(`Its page, with schedules, runs, requests, faults and its clock: ${server.url}/\n`);
  const where = options.data === undefined ? 'in memory' : `in ${terminalText(options.data)}`;
  run.say(`It keeps everything ${where} and runs no tasks. Press Ctrl-C to stop it.\n`);
  if (guesses.value.words.length > 0)
    run.say(`Assumed about Orkes (see --assume): ${guesses.value.words.join(', ')}.\n`);
  const wrong = [
    ...(rates.length > 0 ? [`Requests fail: ${rates.map(inWords).join(', ')}.`] : []),
    ...(failedRuns > 0 ? [`Fires fail: ${percent(failedRuns)}.`] : []),
  ];
  if (wrong.length > 0) run.say(`${wrong.join(' ')} --seed ${seed} repeats it.\n`);
  await stopped;
  await server.close();
  keeper?.close();
  if (broken === undefined) return exitCodes.fine;
  return run.refuse({
    message: `${JSON.stringify(options.data)} cannot be written any more: ${String(broken)}`,
    hint: 'it has everything that was answered: free some space and start again',
  });
}

/** The server to act as: what was typed, else what the file is of, which must agree. */
function servedAs(
  { serverType, serverVersion, backend, data }: Run['options'],
  known: ServedAs | undefined,
): Settled<ServedAs> {
  const type = (serverType ?? known?.serverType ?? flags['serve-server-type'].fallback) as ServedType;
  const served: ServedAs = {
    serverType: type,
    version: serverVersion ?? known?.version ?? serverTypes[type].version,
    backEnd: (backend ?? known?.backEnd ?? flags.backend.fallback) as BackEnd,
  };
  const differing = known && agreed.find(({ key }) => known[key] !== served[key]);
  if (known && differing) {
    const { key, flag, words } = differing;
    return refuse(
      `${JSON.stringify(data)} is from a server ${words} ${known[key]}, not ${served[key]}`,
      `remove --${flag}, or choose another file with --data`,
    );
  }
  const versions = versionsOf[type];
  if (versions === undefined && (serverVersion !== undefined || served.backEnd !== 'sqlite')) {
    const flag = serverVersion === undefined ? 'backend' : 'server-version';
    return refuse(
      `--${flag}: it is not known what that changes on ${type}`,
      'remove it, or use --server-type oss-1 or oss-2',
    );
  }
  if (editionOf(type, served.version) === undefined)
    return refuse(
      `--server-version: unknown version of ${type}: ${JSON.stringify(served.version)}`,
      `${type} is ${versions}`,
    );
  return { ok: true, value: served };
}

/** What a file and the flags must agree about. */
const agreed = [
  { key: 'serverType', flag: 'server-type', words: 'of type' },
  { key: 'version', flag: 'server-version', words: 'of version' },
  { key: 'backEnd', flag: 'backend', words: 'on' },
] as const;

function inWordsOf({ serverType, version, backEnd }: ServedAs): string {
  const isUsual = version === serverTypes[serverType].version;
  return [
    isUsual ? serverType : `${serverType} ${version}`,
    ...(backEnd === 'sqlite' ? [] : [`on ${backEnd}`]),
  ].join(' ');
}

function inWords({ kind, rate }: FaultRate): string {
  return `${kind} ${percent(rate)}`;
}

function percent(rate: number): string {
  return `${Number((rate * 100).toFixed(4))} %`;
}

/** Who gets a token; without `--key` everyone does, and no request needs one. */
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
