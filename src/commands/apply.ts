import { type ExitCode, exitCodes } from '../model/exit.ts';
import { exitOfPlan } from '../plan/exit-of-plan.ts';
import { problem } from '../problems/diagnostic.ts';
import { terminalText } from '../report/text/escape.ts';
import { carryOut, show } from '../run/carry-out.ts';
import { compared } from '../run/compare-with-server.ts';
import { cannotAsk, confirm } from '../run/confirm.ts';
import { placed } from '../run/load-manifests.ts';
import type { Run } from '../run/run.ts';
import { uncoveredNote } from '../run/uncovered-note.ts';

/** Makes the server equal to a directory of manifests, or carries out a plan that was saved to a file. */
export async function run(run: Run): Promise<ExitCode> {
  const { argument } = run.request;
  const { expectDigest } = run.options;
  if (expectDigest !== undefined && !/^[0-9a-f]{64}$/.test(expectDigest)) {
    return run.refuse({
      message: `--expect-digest ${JSON.stringify(expectDigest)} is not a digest: a digest has 64 characters, 0 to 9 and a to f`,
      hint: 'copy it from the last line of `downbeat plan`',
    });
  }
  if (argument !== undefined) {
    const file = run.files.readFile(argument);
    if (file.kind === 'read' || file.kind === 'unreadable')
      return (await import('./apply-saved.ts')).applyFile(run, argument, file);
    if (file.kind === 'missing') {
      return run.refuse({
        message: `no directory or file ${JSON.stringify(argument)}`,
        hint: 'pass the directory of manifests, or the file that `downbeat plan --out FILE` wrote',
      });
    }
  }
  const unasked = expectDigest === undefined ? cannotAsk(run, reading) : undefined;
  return unasked ?? run.interruptible(() => applyDirectory(run));
}

const reading = {
  first: 'read the plan with `downbeat plan`, then ',
  or: ', or pass --expect-digest for exactly that plan',
};

async function applyDirectory(run: Run): Promise<ExitCode> {
  const { expectDigest } = run.options;
  const found = await compared(run, 'changes', { judges: true });
  if (found.kind === 'ended') return run.signal.aborted ? exitCodes.interrupted : found.code;
  const { plan, problems } = found.value;
  const { digest = '', verdict } = plan;
  const changed =
    expectDigest === undefined || expectDigest === digest || verdict === 'blocked'
      ? []
      : placed([problem('plan-changed', { digest, expected: expectDigest }, { kind: 'nowhere' })]);
  const refused = verdict === 'blocked' || changed.length > 0;
  show(run, found.value, [...changed, ...problems], { final: refused });
  if (expectDigest !== undefined) run.say(uncoveredNote(plan.masked, found.value.digestKey));
  if (refused) return changed.length > 0 ? exitCodes.stale : exitOfPlan(plan, false);
  const asks = verdict === 'ready' && expectDigest === undefined;
  const stopped = asks ? await confirm(run, `Apply this to ${terminalText(plan.target.url)}?`) : undefined;
  const names = new Set(found.value.desired.map(({ schedule }) => schedule.name));
  return stopped ?? carryOut(run, { ...found.value, names });
}
