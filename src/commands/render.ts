import type { Request } from '../argv/program.ts';
import type { Io } from '../io/io.ts';
import { renderManifests } from '../manifest/edit/render.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { validationDocument } from '../report/documents/validation.ts';
import { tell, usageError } from '../run/emit.ts';
import { load } from '../run/load-manifests.ts';
import { configure } from '../settings/configure.ts';

/** Prints what the manifests ask for, with everything filled in but secrets; offline. */
export async function run(request: Request, io: Io): Promise<ExitCode> {
  const settled = configure(request, io);
  if (settled.kind === 'usage') return usageError(io, settled.usage);
  const { desired, problems, files, broken } =
    settled.kind === 'broken'
      ? { desired: [], problems: settled.problems, files: 0, broken: true }
      : load(io, settled.value, {
          allowEmpty: request.options.allowEmpty === true,
          missingSecrets: 'opaque',
        });
  if (problems.length > 0) tell(io, [], validationDocument({ files, manifests: desired.length }, problems));
  if (broken) return exitCodes.error;
  io.out(renderManifests(desired));
  return exitCodes.fine;
}
