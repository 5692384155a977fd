import type { CommandName } from '../argv/commands.ts';
import { main } from '../main.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { parseJson } from '../model/json.ts';
import type { FailureDocument } from '../report/documents/generated/documents.ts';
import { callerIo, type World } from './caller-io.ts';

/** What every function of the library takes beside its own options. */
export type CallOptions = {
  /** Ends the call in order: requests in flight are finished, no more are sent. The exit code is 130. */
  readonly signal?: AbortSignal;
  /** The environment, files, clock and random numbers to use. Default: those of this process. */
  readonly world?: World;
};

/** What came of a call. It is resolved whatever happened: only a bug of Downbeat rejects. */
export type Outcome<D> = {
  /** As the command's: 0 fine, 1 error, 2 changes, 3 refused, 4 stale, 5 partly applied, 130 interrupted. */
  readonly exitCode: ExitCode;
  /** What the command prints with `--output json`, secrets masked; a `failure` when there is no result. */
  readonly document: D | FailureDocument;
  /** What the command says on standard error, secrets masked. */
  readonly messages: string;
};

/**
 * Runs a command in this process, with the same checks, masks and promises as on the command line, and hands back what
 * it printed. It touches neither the streams nor the exit code of the process.
 */
export async function call<D>(
  command: CommandName,
  names: readonly string[],
  options: object,
  { signal, world = {} }: CallOptions,
): Promise<Outcome<D>> {
  const { io, out, err } = callerIo(world, signal);
  const argv = [command, ...wordsOf(options), '--output=json', '--', ...names];
  const ended = await main(argv, io);
  // What writes knows itself whether it was done before; what only reads may have answered from less than there is.
  const isCutShort = signal?.aborted === true && reading.includes(command);
  const exitCode = isCutShort ? exitCodes.interrupted : ended;
  const parsed = parseJson(out());
  if (!parsed.ok) throw new Error(`downbeat ${command} printed no JSON: ${parsed.why}\n${err()}`);
  return { exitCode, document: parsed.value as D | FailureDocument, messages: err() };
}

const reading: readonly CommandName[] = ['validate', 'plan', 'next', 'audit'];

/** The flags that options stand for; the parser of the command line judges their names and values. */
function wordsOf(options: object): readonly string[] {
  return Object.entries(options).flatMap(([key, value]: [string, unknown]) => {
    const flag = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === undefined || value === false) return [];
    if (value === true) return [flag];
    return (Array.isArray(value) ? value : [value]).map((one) => `${flag}=${String(one)}`);
  });
}
