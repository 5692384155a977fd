import { completionScript, type Shell } from '../argv/completion-script.ts';
import type { Request } from '../argv/program.ts';
import type { Io } from '../io/io.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { compareText } from '../model/schedule.ts';
import { usageError } from '../run/emit.ts';
import { load } from '../run/load-manifests.ts';
import { configure } from '../settings/configure.ts';

/** Prints what a shell needs to complete our command lines; with `names`, the schedules of the manifests for it. */
export async function run({ command, argument, options }: Request, io: Io): Promise<ExitCode> {
  switch (argument) {
    case 'bash':
    case 'zsh':
    case 'fish':
      io.out(completionScript(argument satisfies Shell));
      return exitCodes.fine;
    case 'names':
      for (const name of names({ command, options }, io)) io.out(`${name}\n`);
      return exitCodes.fine;
    default:
      return usageError(io, {
        message:
          argument === undefined
            ? 'no shell is named'
            : `there is no completion for ${JSON.stringify(argument)}`,
        hint: 'there are bash, zsh and fish: `source <(downbeat completion bash)`',
      });
  }
}

/** Names on a line each, of whatever manifests can be read: somebody is in the middle of typing, so nothing is said. */
function names(request: Request, io: Io): readonly string[] {
  const settled = configure(request, io);
  if (settled.kind !== 'configured') return [];
  const { desired } = load(io, settled.value, { allowEmpty: true, missingSecrets: 'opaque' });
  return desired
    .map(({ schedule }) => schedule.name)
    .filter((name) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name))
    .sort(compareText);
}
