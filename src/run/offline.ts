import type { Request } from '../argv/program.ts';
import type { Io } from '../io/io.ts';
import type { ExitCode } from '../model/exit.ts';
import type { DesiredSchedule, Schedule } from '../model/schedule.ts';
import type { LocatedDiagnostic } from '../problems/diagnostic.ts';
import { failureDocument } from '../report/documents/failure.ts';
import { type Configured, configure } from '../settings/configure.ts';
import type { Output } from '../settings/settings.ts';
import { emitFailure, usageError } from './emit.ts';
import { load } from './load-manifests.ts';

/** They have errors, and that has been said. */
export interface Ended {
  readonly kind: 'ended';
  readonly code: ExitCode;
}

export type Manifests =
  | { readonly kind: 'loaded'; readonly desired: readonly DesiredSchedule[]; readonly configured: Configured }
  | Ended;

/** What commands that look ahead begin with: the manifests, offline, secrets unknown. Warnings are for `validate`. */
export function manifests(request: Request, io: Io, outputs: readonly Output[]): Manifests {
  const settled = configure(request, io);
  if (settled.kind === 'usage') return { kind: 'ended', code: usageError(io, settled.usage) };
  if (settled.kind === 'broken') return fail(io, outputs, settled.problems);
  const loaded = load(io, settled.value, {
    allowEmpty: request.options.allowEmpty === true,
    missingSecrets: 'opaque',
  });
  if (loaded.broken)
    return fail(
      io,
      outputs,
      loaded.problems.filter(({ diagnostic }) => diagnostic.severity === 'error'),
    );
  return { kind: 'loaded', desired: loaded.desired, configured: settled.value };
}

/** Says what is wrong: to people, and as JSON where that was asked for. */
export function fail(io: Io, outputs: readonly Output[], problems: readonly LocatedDiagnostic[]): Ended {
  return { kind: 'ended', code: emitFailure(io, outputs, failureDocument(problems)) };
}

/** The schedule as its manifest has it: running unless that pauses it. */
export function asWritten({ schedule, pause }: DesiredSchedule): Schedule {
  return { ...schedule, paused: pause?.paused ?? false };
}
