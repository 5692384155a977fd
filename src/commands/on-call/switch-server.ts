import type { Request } from '../../argv/program.ts';
import type { Io } from '../../io/io.ts';
import { type ExitCode, exitCodes } from '../../model/exit.ts';
import type { Json } from '../../model/json.ts';
import type { Capabilities, Outcome, Writer } from '../../model/port.ts';
import { type CommandDocument, commandDocument } from '../../report/documents/switch.ts';
import { wrap } from '../../report/text/wrap.ts';
import { confirm, interruptible, nobodyToAsk } from '../../run/confirm.ts';
import { connected, outdatedProblem } from '../../run/connect-only.ts';
import { emit, styleOf } from '../../run/emit.ts';

interface Whole {
  readonly operation: CommandDocument['operation'];
  /** What it really does on a server that can this. */
  readonly words: (capabilities: Capabilities) => string;
  readonly question: string;
  readonly send: (writer: Writer) => Promise<Outcome<Json>>;
}

/** One request about the scheduler as a whole: says what it does, asks, sends it, shows the answer. */
export async function whole(
  request: Request,
  io: Io,
  { operation, words, question, send }: Whole,
): Promise<ExitCode> {
  const { options, command } = request;
  const unasked = nobodyToAsk(io, options, operation === 'requeue' ? command : `${command} --all`);
  if (unasked !== undefined) return unasked;
  return interruptible(io, async (signal) => {
    const opened = connected(request, io, signal);
    if (opened.kind === 'ended') return opened.code;
    const { connection, outputs, fail, refuse } = opened.value;
    const server = await connection.reader.identify();
    if (!server.ok) return fail(server.failure);
    const outdated = outdatedProblem(server.value);
    if (outdated.length > 0) return refuse(outdated);
    const { serverType, version, capabilities } = server.value;
    const { width } = styleOf(io, 'err');
    io.err(`${wrap(words(capabilities), width, '').join('\n')}\n`);
    const ended = await confirm(io, options, question, signal);
    if (ended !== undefined) return ended;
    const answer = await send(connection.writer);
    if (!answer.ok) return fail(answer.failure);
    const target = { url: connection.url, serverType, ...(version === undefined ? {} : { version }) };
    return emit(io, outputs, commandDocument({ operation, target, answer: answer.value })) || exitCodes.fine;
  });
}
