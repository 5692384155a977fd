import type { Io } from '../io/io.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { driftDocument, withRun } from '../report/document.ts';
import { withoutSecrets } from '../report/secrets.ts';
import { compared } from './compared.ts';
import { emit } from './emit.ts';
import type { Request } from './program.ts';

/** Asks whether the server still is as the manifests say. */
export async function run(request: Request, io: Io): Promise<ExitCode> {
  const found = await compared(request, io, { online: request.options.online === true ? 'all' : 'nothing' });
  if (found.kind === 'ended') return found.code;
  const { showSensitive = false, strict = false } = request.options;
  const document = withoutSecrets(
    withRun(driftDocument(found.plan, found.problems, { showSensitive, strict }), found.run),
    found.secretValues,
  );
  return emit(io, found.outputs, document) || (document.drifted ? exitCodes.changes : exitCodes.fine);
}
