import { shells } from '../argv/commands.ts';
import { completionScript } from '../argv/completion-script.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { compareText } from '../model/schedule.ts';
import { load } from '../run/load-manifests.ts';
import { diskOf } from '../run/prologue.ts';
import type { Run } from '../run/run.ts';
import { configure } from '../settings/configure.ts';

/** Prints what a shell needs to complete our command lines; with `names`, the schedules of the manifests for it. */
export async function run(run: Run): Promise<ExitCode> {
  const { argument } = run.request;
  if (argument === 'names') {
    for (const name of await namesOf(run)) run.print(`${name}\n`);
    return exitCodes.fine;
  }
  const shell = shells.find((one) => one === argument);
  if (shell === undefined) {
    return run.refuse({
      message:
        argument === undefined ? 'completion needs a shell' : `unknown shell ${JSON.stringify(argument)}`,
      hint: `use one of ${shells.join(', ')}, as in \`source <(downbeat completion bash)\``,
    });
  }
  run.print(completionScript(shell));
  return exitCodes.fine;
}

/** Names on a line each, of whatever manifests can be read: somebody is in the middle of typing, so nothing is said. */
async function namesOf(run: Run): Promise<readonly string[]> {
  const { command, options } = run.request;
  const settled = configure({ command, options }, diskOf(run), run.trust);
  if (settled.kind !== 'configured') return [];
  const { desired } = await load(run, settled.value, { allowEmpty: true, missingSecrets: 'opaque' });
  return desired
    .map(({ schedule }) => schedule.name)
    .filter((name) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name))
    .sort(compareText);
}
