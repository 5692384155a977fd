import { basisOf } from '../../compare/basis.ts';
import { onlyLooks } from '../../model/hiding/hiding.ts';
import type { ObservedSchedule } from '../../model/schedule.ts';

/** Hash of a schedule as it is apart from its pause. */
export function stoppedBasis(observed: ObservedSchedule): string {
  const { pausedReason: _reason, ...schedule } = observed.schedule;
  return basisOf({ ...observed, schedule: { ...schedule, paused: false } }, onlyLooks, undefined);
}
