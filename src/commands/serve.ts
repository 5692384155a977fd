import type { Io } from '../io/io.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import type { Behaviour } from '../model/port.ts';
import { createScheduler } from '../scheduler/core.ts';
import { serve } from '../scheduler/serve.ts';
import { usageError } from './emit.ts';
import type { Request } from './program.ts';

/** Runs the local scheduler until it is told to stop. */
export async function run({ options }: Request, io: Io): Promise<ExitCode> {
  const { port = 8080, behaviour = 'oss-2', latency = 0 } = options;
  const scheduler = createScheduler({ behaviour: behaviour as Exclude<Behaviour, 'oss-0'>, now: io.now });
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
  await interrupted;
  await server.close();
  return exitCodes.fine;
}
