import type { Io } from '../io/io.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { validationDocument, withRun } from '../report/document.ts';
import { configure } from './configure.ts';
import { emit, usageError } from './emit.ts';
import { load } from './load.ts';
import type { Request } from './program.ts';
import { runOf } from './run-entry.ts';
import { outputsOf, runFormats } from './settings.ts';

/** Checks the manifests, offline. */
export async function run(request: Request, io: Io): Promise<ExitCode> {
  const { options } = request;
  const outputs = outputsOf(options.output, [...runFormats, 'sarif']);
  if (!outputs.ok) return usageError(io, outputs.usage);
  const settled = configure(request, io);
  if (settled.kind === 'usage') return usageError(io, settled.usage);
  const { desired, problems, files, broken } =
    settled.kind === 'broken'
      ? { desired: [], problems: settled.problems, files: 0, broken: true }
      : load(io, settled.value, {
          allowEmpty: options.allowEmpty === true,
          missingSecrets: 'opaque',
          clockChanges: true,
        });
  const document = withRun(
    validationDocument({ files, manifests: desired.length }, problems),
    runOf(request, io.env, settled.kind === 'broken' ? undefined : settled.value.config),
  );
  const written = emit(io, outputs.value, document);
  if (broken || (options.failOn === 'warning' && problems.length > 0)) return exitCodes.error;
  return written;
}
