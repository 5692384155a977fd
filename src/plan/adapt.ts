import type { Capabilities } from '../model/port.ts';
import type { DesiredSchedule } from '../model/schedule.ts';
import { type Diagnostic, problem } from '../problems/diagnostic.ts';

/**
 * The desired state as this server can hold it. What it is known not to keep is dropped here, before the diff, with
 * one warning that names the schedules: it is then neither a change for ever nor a failed write. An idempotency key is
 * kept, and only has no effect.
 */
export function adapt(
  desired: readonly DesiredSchedule[],
  can: Capabilities,
): { readonly desired: readonly DesiredSchedule[]; readonly diagnostics: readonly Diagnostic[] } {
  const tagged = can.tags ? [] : desired.filter(({ tags }) => tags !== undefined && tags.length > 0);
  const reasoned = can.pauseReason ? [] : desired.filter(({ pause }) => pause?.reason !== undefined);
  const keyed = can.idempotency
    ? []
    : desired.filter(({ schedule }) => schedule.startWorkflowRequest.idempotencyKey !== undefined);
  return {
    desired: desired.map((one) => adaptOne(one, can)),
    diagnostics: [
      ...(tagged.length > 0 ? [warning('tags-not-kept', tagged)] : []),
      ...(reasoned.length > 0 ? [warning('reason-not-kept', reasoned)] : []),
      ...(keyed.length > 0 ? [warning('idempotency-not-kept', keyed)] : []),
    ],
  };
}

function warning(
  code: 'tags-not-kept' | 'reason-not-kept' | 'idempotency-not-kept',
  about: readonly DesiredSchedule[],
): Diagnostic {
  return problem(code, { names: about.map(({ schedule }) => schedule.name).sort() }, { kind: 'nowhere' });
}

function adaptOne(one: DesiredSchedule, can: Capabilities): DesiredSchedule {
  const { tags, pause, ...rest } = one;
  return {
    ...rest,
    ...(tags !== undefined && can.tags ? { tags } : {}),
    ...(pause === undefined ? {} : { pause: can.pauseReason ? pause : { paused: pause.paused } }),
  };
}
