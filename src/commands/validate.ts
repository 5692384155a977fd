import type { Io } from '../io/io.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { validationDocument } from '../report/document.ts';
import { emit, usageError } from './emit.ts';
import type { Request } from './program.ts';
import { outputsOf } from './settings.ts';
import { defaultDirectory, load } from './stages.ts';

/** Checks the manifests, offline. */
export async function run({ argument = defaultDirectory, options }: Request, io: Io): Promise<ExitCode> {
  const outputs = outputsOf(options.output);
  if (!outputs.ok) return usageError(io, outputs.usage);
  const { desired, problems, files, broken } = load(io, argument, options.allowEmpty === true);
  const written = emit(io, outputs.value, validationDocument({ files, manifests: desired.length }, problems));
  if (broken || (options.failOn === 'warning' && problems.length > 0)) return exitCodes.error;
  return written;
}
