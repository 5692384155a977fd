import type { Io } from '../io/io.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import type { AccessKey } from '../scheduler/access.ts';
import { behaviours, type ServedBehaviour } from '../scheduler/behaviours.ts';
import { createScheduler } from '../scheduler/core.ts';
import { type FaultRate, faultsOfKinds } from '../scheduler/fault-kinds.ts';
import { serve } from '../scheduler/serve.ts';
import { usageError } from './emit.ts';
import type { Request } from './program.ts';
import { faultRates } from './serve-faults.ts';
import { refuse, type Settled } from './settings.ts';

/** Runs the local scheduler until it is told to stop. */
export async function run({ options }: Request, io: Io): Promise<ExitCode> {
  const {
    port = 8080,
    latency = 0,
    fault = [],
    key = [],
    seed = Math.floor(io.random() * 2 ** 31),
  } = options;
  const behaviour = (options.behaviour ?? 'oss-2') as ServedBehaviour;
  const rates = faultRates(fault, behaviour);
  if (!rates.ok) return usageError(io, rates.usage);
  if (options.seed !== undefined && rates.value.length === 0) {
    return usageError(io, {
      message: '--seed without --fault has nothing to repeat',
      hint: 'give a --fault',
    });
  }
  const keys = accessKeys(key, behaviour);
  if (!keys.ok) return usageError(io, keys.usage);

  const scheduler = createScheduler({
    behaviour,
    now: io.now,
    ...(keys.value.length === 0 ? {} : { access: { keys: keys.value } }),
    ...(rates.value.length === 0 ? {} : { fault: faultsOfKinds({ seed, behaviour, rates: rates.value }) }),
  });
  const interrupted = new Promise<void>((resolve) => io.onInterrupt(resolve));
  const server = await serve(scheduler, { host: '127.0.0.1', port, latencyMs: latency }).catch(
    (error: Error) => error,
  );
  if (server instanceof Error) {
    return usageError(io, {
      message: `port ${port} cannot be had: ${server.message}`,
      hint: 'give another --port, or 0',
    });
  }
  io.out(`A local Conductor scheduler (${behaviour}) answers at ${server.url}/api\n`);
  io.err('It keeps everything in memory and starts no workflows. Ctrl-C stops it.\n');
  if (rates.value.length > 0) {
    io.err(`Requests go wrong: ${rates.value.map(inWords).join(', ')}. --seed ${seed} repeats it.\n`);
  }
  await interrupted;
  await server.close();
  return exitCodes.fine;
}

function inWords({ kind, rate }: FaultRate): string {
  return `${kind} ${Number((rate * 100).toFixed(4))} %`;
}

/** Who gets a token; without `--key` anybody does, and no request needs one. */
function accessKeys(typed: readonly string[], behaviour: ServedBehaviour): Settled<readonly AccessKey[]> {
  if (typed.length > 0 && behaviours[behaviour].routes.token.length === 0) {
    return refuse(`--key: ${behaviour} has no authentication`, 'it is on --behaviour orkes-new');
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
