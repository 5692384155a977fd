import { completionScript, type Shell } from '../argv/completion-script.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { compareText } from '../model/schedule.ts';
import { load } from '../run/load-manifests.ts';
import { diskOf } from '../run/prologue.ts';
import type { Run } from '../run/run.ts';
import { configure } from '../settings/configure.ts';

/** Prints what a shell needs to complete our command lines; with `names`, the schedules of the manifests for it. */
export async function run(run: Run): Promise<ExitCode> {
  const { argument } = run.request;
  switch (argument) {
    case 'bash':
    case 'zsh':
    case 'fish':
      run.print(completionScript(argument satisfies Shell));
      return exitCodes.fine;
    case 'names':
      for (const name of await namesOf(run)) run.print(`${name}\n`);
      return exitCodes.fine;
    default:
      return run.refuse({
        message:
          argument === undefined
            ? 'no shell is named'
            : `there is no completion for ${JSON.stringify(argument)}`,
        hint: 'there are bash, zsh and fish: `source <(downbeat completion bash)`',
      });
  }
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
