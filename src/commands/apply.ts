import { apply } from '../apply/apply.ts';
import type { Io } from '../io/io.ts';
import { type ExitCode, exitCodes, exitOfPlan, exitOfResult } from '../model/exit.ts';
import { firesOfChanges } from '../plan/fires.ts';
import { planDocument, resultDocument } from '../report/document.ts';
import { terminalText } from '../report/escape.ts';
import { withoutSecrets } from '../report/secrets.ts';
import { compared } from './compared.ts';
import { emit, tell, usageError } from './emit.ts';
import { nextFireOf } from './fires.ts';
import type { Request } from './program.ts';
import type { Output } from './settings.ts';

/** Plans, shows, asks, and makes the server equal to the manifests. */
export async function run(request: Request, io: Io): Promise<ExitCode> {
  const { options } = request;
  if (options.autoApprove !== true && !io.terminal.in) {
    return usageError(io, {
      message: 'nobody is there to approve: standard input is no terminal',
      hint: 'read the plan with `downbeat plan`, then run apply with --auto-approve',
    });
  }
  const interruption = new AbortController();
  const takeBack = io.onInterrupt(() => {
    io.err('\nInterrupted: the requests in flight are finished, no more are started.\n');
    interruption.abort();
  });
  try {
    return await applyCompared(request, io, interruption.signal);
  } finally {
    takeBack();
  }
}

async function applyCompared(request: Request, io: Io, signal: AbortSignal): Promise<ExitCode> {
  const { options } = request;
  const found = await compared(request, io, signal);
  if (found.kind === 'ended') return signal.aborted ? exitCodes.interrupted : found.code;
  const { plan, observed, problems, connection, settings, outputs, secretValues } = found;

  // The plan is for people to read; what machines asked for is the result. Only text on stdout gets both.
  const shown = withoutSecrets(
    planDocument(plan, problems, {
      showSensitive: options.showSensitive === true,
      fires: firesOfChanges(plan, observed.schedules, observed.at),
    }),
    secretValues,
  );
  const text = outputs.filter(({ format, to }) => format === 'text' && to.kind === 'stdout');
  emit(io, text, shown);
  tell(io, outputs, shown);
  if (plan.verdict === 'blocked') {
    emit(io, without(outputs, text), shown);
    return exitOfPlan(plan, false);
  }

  if (plan.verdict === 'ready' && options.autoApprove !== true) {
    const answer = await io.ask(`\nApply this to ${terminalText(plan.target.url)}? Only "yes" will do: `);
    if (answer?.trim() !== 'yes' || signal.aborted) {
      io.err('Nothing was written.\n');
      return signal.aborted ? exitCodes.interrupted : exitCodes.error;
    }
  }

  const result = await apply(plan, {
    reader: connection.reader,
    writer: connection.writer,
    capabilities: observed.server.capabilities,
    seen: { schedules: observed.schedules, at: observed.at + observed.clockSkew },
    parallelism: settings.parallelism,
    failFast: options.failFast === true,
    maxRetries: settings.maxRetries,
    now: () => io.now() + observed.clockSkew,
    wait: (milliseconds) => io.wait(milliseconds, signal),
    nextFire: nextFireOf,
    stopped: () => signal.aborted,
    counts: connection.counts,
    ...progressOn(
      io,
      plan.changes.reduce((sum, { steps }) => sum + steps.length, 0),
    ),
  });
  const document = withoutSecrets(resultDocument(result, []), secretValues);
  if (text.length > 0 && plan.verdict === 'ready') io.out('\n');
  tell(io, outputs, document);
  const wrote = emit(io, plan.verdict === 'ready' ? outputs : without(outputs, text), document);
  return wrote || exitOfResult(result);
}

function without(outputs: readonly Output[], others: readonly Output[]): readonly Output[] {
  return outputs.filter((one) => !others.includes(one));
}

/** From so many steps on, somebody who waits at a terminal wants to see that it goes on. */
const longApply = 20;

/** One line that counts, on a terminal alone, and gone at the end. */
function progressOn(io: Io, total: number): { readonly onStep?: () => void } {
  if (!io.terminal.err || total < longApply) return {};
  let ended = 0;
  return {
    onStep: () => {
      ended += 1;
      const line = `${ended} of ${total} steps`;
      io.err(ended < total ? `\r${line}` : `\r${' '.repeat(line.length)}\r`);
    },
  };
}
