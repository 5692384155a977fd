import type { Request } from '../argv/program.ts';
import type { Io } from '../io/io.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { exitOfPlan } from '../plan/exit-of-plan.ts';
import { problem } from '../problems/diagnostic.ts';
import { terminalText } from '../report/text/escape.ts';
import { carryOut, show } from '../run/carry-out.ts';
import { compared } from '../run/compare-with-server.ts';
import { interruptible } from '../run/confirm.ts';
import { usageError } from '../run/emit.ts';
import { placed } from '../run/load-manifests.ts';

/** Makes the server equal to a directory of manifests, or carries out a plan that was saved to a file. */
export async function run(request: Request, io: Io): Promise<ExitCode> {
  const { argument, options } = request;
  const { expectDigest } = options;
  if (expectDigest !== undefined && !/^[0-9a-f]{64}$/.test(expectDigest)) {
    return usageError(io, {
      message: '--expect-digest is not a digest: 64 of the characters 0 to 9 and a to f',
      hint: 'it stands at the end of what `downbeat plan` prints',
    });
  }
  if (argument !== undefined) {
    const file = io.readFile(argument);
    if (file.kind === 'read' || file.kind === 'unreadable')
      return (await import('./apply-saved.ts')).run(request, argument, file, io);
    if (file.kind === 'missing') {
      return usageError(io, {
        message: `there is neither a directory nor a file ${JSON.stringify(argument)}`,
        hint: 'name the directory of manifests, or the file that `downbeat plan --out FILE` wrote',
      });
    }
  }
  if (options.autoApprove !== true && expectDigest === undefined && !io.terminal.in) {
    return usageError(io, {
      message: 'nobody is there to approve: standard input is no terminal',
      hint: 'read the plan with `downbeat plan`, then run apply with --auto-approve, or with --expect-digest for exactly that plan',
    });
  }
  return interruptible(io, (signal) => applyDirectory(request, io, signal));
}

async function applyDirectory(request: Request, io: Io, signal: AbortSignal): Promise<ExitCode> {
  const { options } = request;
  const { expectDigest } = options;
  const found = await compared(request, io, { online: 'changes', signal });
  if (found.kind === 'ended') return signal.aborted ? exitCodes.interrupted : found.code;
  const { plan } = found;
  const { digest = '', verdict } = plan;
  const changed =
    expectDigest === undefined || expectDigest === digest || verdict === 'blocked'
      ? []
      : placed([problem('plan-changed', { digest, expected: expectDigest }, { kind: 'nowhere' })]);
  const refused = verdict === 'blocked' || changed.length > 0;
  show(found, [...changed, ...found.problems], options, io, { final: refused });
  if (refused) return changed.length > 0 ? exitCodes.stale : exitOfPlan(plan, false);

  if (verdict === 'ready' && options.autoApprove !== true && expectDigest === undefined) {
    const answer = await io.ask(`\nApply this to ${terminalText(plan.target.url)}? Only "yes" will do: `);
    if (answer?.trim() !== 'yes' || signal.aborted) {
      io.err('Nothing was written.\n');
      return signal.aborted ? exitCodes.interrupted : exitCodes.error;
    }
  }
  return carryOut(found, options, io, signal);
}
