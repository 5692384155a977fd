import type { Options, Request } from '../argv/program.ts';
import type { Io } from '../io/io.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import type { RunEntry } from '../model/run-entry.ts';
import type { LocatedDiagnostic } from '../problems/diagnostic.ts';
import { withRun } from '../report/documents/document.ts';
import { failureDocument } from '../report/documents/failure.ts';
import { withoutSecrets } from '../report/documents/secrets.ts';
import { validationDocument } from '../report/documents/validation.ts';
import { emit, emitFailure, usageError } from '../run/emit.ts';
import { type Loaded, load } from '../run/load-manifests.ts';
import { type Configured, configure } from '../settings/configure.ts';
import { runOf } from '../settings/run-entry.ts';
import { type Output, outputsOf, runFormats } from '../settings/settings.ts';

/** How this run says what it found. */
interface Telling {
  readonly io: Io;
  readonly options: Options;
  readonly outputs: readonly Output[];
  readonly run: RunEntry;
}

/** Checks the manifests; offline unless it is asked to look the workflows up. */
export async function run(request: Request, io: Io): Promise<ExitCode> {
  const { options } = request;
  const outputs = outputsOf(options.output, [...runFormats, 'sarif']);
  if (!outputs.ok) return usageError(io, outputs.usage);
  const settled = configure(request, io);
  if (settled.kind === 'usage') return usageError(io, settled.usage);
  const config = settled.kind === 'broken' ? undefined : settled.value.config;
  const telling = { io, options, outputs: outputs.value, run: runOf(request, io.env, config) };
  if (settled.kind === 'broken') return report(telling, { problems: settled.problems });
  const loaded = load(io, settled.value, {
    allowEmpty: options.allowEmpty === true,
    missingSecrets: 'opaque',
    clockChanges: true,
  });
  return options.online === true && !loaded.broken
    ? withServer(telling, loaded, settled.value)
    : report(telling, loaded);
}

async function withServer(telling: Telling, loaded: Loaded, { config }: Configured): Promise<ExitCode> {
  const { io, options, outputs, run } = telling;
  const [{ open }, { lookUp }] = await Promise.all([
    import('../run/stages.ts'),
    import('../run/look-up-workflows.ts'),
  ]);
  const opened = open(io, options, config, new AbortController().signal);
  if (!opened.ok) return usageError(io, opened.usage);
  const { rules } = config;
  const { workflows } = opened.connection;
  const looking = { rules, settle: loaded.settle, required: true };
  const { problems: found, failure } = await lookUp(workflows, loaded.desired, looking);
  const problems = [...found, ...loaded.problems];
  if (failure === undefined) return report(telling, { ...loaded, problems });
  const document = withRun(failureDocument(problems, failure), run);
  // A SARIF log is of what was found, and this is the word that it could not be.
  const others = outputs.filter(({ format }) => format !== 'sarif');
  return emitFailure(io, others, withoutSecrets(document, loaded.secretValues));
}

function report(
  { io, options, outputs, run }: Telling,
  found: Partial<Loaded> & { readonly problems: readonly LocatedDiagnostic[] },
): ExitCode {
  const { desired = [], files = 0, problems } = found;
  const document = validationDocument({ files, manifests: desired.length }, problems);
  const written = emit(io, outputs, withRun(document, run));
  const broken = problems.some(({ diagnostic }) => diagnostic.severity === 'error');
  return broken || (options.failOn === 'warning' && problems.length > 0) ? exitCodes.error : written;
}
