import { type ExitCode, exitCodes } from '../../model/exit.ts';
import type { Json } from '../../model/json.ts';
import type { Capabilities, Outcome, Writer } from '../../model/port.ts';
import { documentOf } from '../../report/documents/document.ts';
import type { CommandDocument } from '../../report/documents/generated/documents.ts';
import { wrap } from '../../report/text/wrap.ts';
import { cannotAsk, confirm } from '../../run/confirm.ts';
import { identify, openAlone, targetOf } from '../../run/prologue.ts';
import type { Run } from '../../run/run.ts';

interface ServerSwitch {
  readonly operation: CommandDocument['operation'];
  /** What it really does on a server that can this. */
  readonly words: (capabilities: Capabilities) => string;
  readonly question: string;
  readonly send: (writer: Writer) => Promise<Outcome<Json>>;
}

/** One request about the scheduler as a whole: says what it does, asks, sends it, shows the answer. */
export async function switchServer(
  run: Run,
  { operation, words, question, send }: ServerSwitch,
): Promise<ExitCode> {
  const unasked = cannotAsk(run);
  if (unasked !== undefined) return unasked;
  return run.interruptible(async () => {
    const opened = openAlone(run);
    if (opened.kind === 'ended') return opened.code;
    const { connection } = opened.value;
    const server = await identify(run, connection);
    if (server.kind === 'ended') return server.code;
    run.warn(`${wrap(words(server.value.capabilities), run.width, '').join('\n')}\n`);
    const stopped = await confirm(run, question);
    if (stopped !== undefined) return stopped;
    const answer = await send(connection.writer);
    if (!answer.ok) return run.fail([], answer.failure);
    const target = targetOf(connection, server.value);
    run.report(documentOf('command', { operation, target, answer: answer.value }));
    return exitCodes.fine;
  });
}
