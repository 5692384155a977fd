import type { Capabilities } from '../model/port.ts';
import type { DesiredSchedule, ObservedSchedule, Schedule } from '../model/schedule.ts';
import type { DiagnosticArgs, DiagnosticCode } from '../problems/codes.ts';
import { type Diagnostic, problem } from '../problems/diagnostic.ts';

/**
 * The desired state as this server can hold it. What it is known not to keep is dropped here, before the diff, with
 * one warning that names the schedules: it is then neither a change for ever nor a failed write. An idempotency key is
 * kept, and only has no effect. Without its crons a schedule would never fire, so they are an error.
 */
export function adapt(
  desired: readonly DesiredSchedule[],
  observed: readonly ObservedSchedule[],
  can: Capabilities,
): { readonly desired: readonly DesiredSchedule[]; readonly diagnostics: readonly Diagnostic[] } {
  const theirs = new Map(observed.map(({ schedule }) => [schedule.name, schedule]));
  const losesReason = ({ schedule, pause }: DesiredSchedule): boolean =>
    pause?.reason !== undefined && !takesReason(theirs.get(schedule.name), can);
  const tagged = can.tags ? [] : desired.filter(({ tags }) => tags !== undefined && tags.length > 0);
  const reasoned = desired.filter(losesReason);
  const several = desired.filter(({ schedule }) => schedule.cronSchedules !== undefined);
  const keyed = can.idempotency
    ? []
    : desired.filter(({ schedule }) => schedule.startWorkflowRequest.idempotencyKey !== undefined);
  return {
    desired: desired.map((one) => adaptOne(one, can, losesReason(one))),
    diagnostics: [
      ...(tagged.length > 0 ? [about('tags-not-kept', { names: namesOf(tagged) })] : []),
      ...(reasoned.length > 0
        ? [about('reason-not-kept', { names: namesOf(reasoned), kept: can.pauseReason })]
        : []),
      ...(several.length > 0 && can.cronSchedules !== 'kept'
        ? [about('crons-not-kept', { names: namesOf(several), kept: can.cronSchedules })]
        : []),
      ...(keyed.length > 0 ? [about('idempotency-not-kept', { names: namesOf(keyed) })] : []),
    ],
  };
}

/** A pause without a reason, or with the server's own, is all there will be of one on a server that may not keep them. */
function takesReason(theirs: Schedule | undefined, { pauseReason }: Capabilities): boolean {
  if (pauseReason !== 'unknown') return pauseReason === 'kept';
  const { paused = false, pausedReason } = theirs ?? {};
  return !paused || (pausedReason !== undefined && !pausedReason.startsWith('Security Error'));
}

function about<C extends DiagnosticCode>(code: C, args: DiagnosticArgs[C]): Diagnostic {
  return problem(code, args, { kind: 'nowhere' });
}

function namesOf(schedules: readonly DesiredSchedule[]): readonly string[] {
  return schedules.map(({ schedule }) => schedule.name).sort();
}

function adaptOne(one: DesiredSchedule, can: Capabilities, losesReason: boolean): DesiredSchedule {
  // A copy costs more than the look.
  if (!losesReason && (one.tags === undefined || can.tags)) return one;
  const { tags, pause, ...rest } = one;
  return {
    ...rest,
    ...(tags !== undefined && can.tags ? { tags } : {}),
    ...(pause === undefined ? {} : { pause: losesReason ? { paused: pause.paused } : pause }),
  };
}
