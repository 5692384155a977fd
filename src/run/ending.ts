import type { Io } from '../io/io.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { type Diagnostic, problem } from '../problems/diagnostic.ts';
import { explain } from '../problems/explain.ts';
import { terminalText } from '../report/text/escape.ts';

/** `wrote`: something may have been written; `unreported`: a file that was asked for does not have the result. */
export type Standing = { readonly wrote: boolean; readonly unreported: boolean };

/**
 * The exit code of a run that is over, once the streams have taken what they take. Something was written and its result
 * is not where it was asked for: that is `partial`, not `fine`. A reader that went away (`downbeat plan | head`) wants no
 * more of what can be asked for again.
 */
export async function endOfRun(code: ExitCode, io: Io, { wrote, unreported }: Standing): Promise<ExitCode> {
  const { out } = await io.drained();
  const isLost = out !== undefined && (wrote || out.kind === 'failed');
  if (isLost) io.err(`error: standard output could not be written: ${out.why}\n`);
  await io.drained();
  if (!isLost && !unreported) return code;
  switch (code) {
    case exitCodes.fine:
    case exitCodes.changes:
    case exitCodes.refused:
      return wrote ? exitCodes.partial : exitCodes.error;
    default:
      return code;
  }
}

/** An unexpected throw, as a problem: a bug. */
export function crashOf(error: unknown, version: string): Diagnostic {
  return problem('internal-error', { what: firstLine(String(error)), version }, { kind: 'nowhere' });
}

/**
 * Says it in two lines on standard error, and with `debug` where it came from. When masking is what does not work, only
 * the kind of the error is said. Returns whether it was masked.
 */
export function crashed(
  { masked, plain }: { readonly masked: Pick<Io, 'err'>; readonly plain: Pick<Io, 'err'> },
  error: unknown,
  { version, debug }: { readonly version: string; readonly debug: boolean },
): boolean {
  const words = (what: unknown): string => {
    const { message, hint } = explain(crashOf(what, version));
    return `error: ${terminalText(message)}\nhint: ${hint}\n`;
  };
  const stack =
    debug && error instanceof Error
      ? `${(error.stack ?? '').split('\n').map(terminalText).join('\n')}\n`
      : '';
  try {
    masked.err(words(error) + stack);
    return true;
  } catch {
    plain.err(words(error instanceof Error ? error.name : typeof error));
    return false;
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
