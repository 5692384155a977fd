import type { ApplyResult } from './result.ts';

/** What the exit codes mean, the same for every command. */
export const exitCodes = {
  /** Also: everything was already as planned. */
  fine: 0,
  /** Usage, bad manifests, no answer, every write failed, "no" at the prompt. */
  error: 1,
  /** `plan --detailed-exitcode` has changes; `drift` found some; `pull --check` would write. */
  changes: 2,
  /** A guard or an owner refused. */
  refused: 3,
  /** The server is no longer as the plan saw it; nothing was written. */
  stale: 4,
  /** Some of it was written; some failed, was stale, or was overwritten or lost before the run ended. */
  partial: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export function exitOfResult({ counts, interrupted, closingLook }: ApplyResult): ExitCode {
  if (interrupted) return exitCodes.interrupted;
  if (counts.overwritten > 0 || counts.lost > 0) return exitCodes.partial;
  // Each write was checked, but what is there in the end is not known.
  if (closingLook.outcome === 'failed' && counts.done > 0) return exitCodes.partial;
  if (counts.failed === 0 && counts.stale === 0 && counts.notRun === 0) return exitCodes.fine;
  if (counts.done > 0) return exitCodes.partial;
  return counts.failed === 0 && counts.stale > 0 ? exitCodes.stale : exitCodes.error;
}
