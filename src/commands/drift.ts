import type { Request } from '../argv/program.ts';
import type { Io } from '../io/io.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { withRun } from '../report/documents/document.ts';
import { driftDocument } from '../report/documents/drift.ts';
import { withoutSecrets } from '../report/documents/secrets.ts';
import { compared } from '../run/compare-with-server.ts';
import { emit } from '../run/emit.ts';

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
