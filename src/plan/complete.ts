import { containsDefinition, definitionInLettersOf } from '../compare/inline-workflow.ts';
import { valueAt, withValue } from '../compare/patch.ts';
import { inLettersOf, isIdentical } from '../compare/same.ts';
import type { JsonObject } from '../model/json.ts';
import type { NumberEquality } from '../model/number.ts';
import { present } from '../model/present.ts';
import type { DesiredSchedule, ObservedSchedule, Schedule } from '../model/schedule.ts';

/** The whole schedule that a manifest asks for where there is none yet: active, unless it says otherwise. */
export function fresh(desired: DesiredSchedule): Schedule {
  const { paused = false, reason } = desired.pause ?? {};
  return { ...desired.schedule, paused, ...present({ pausedReason: reason }) };
}

/**
 * The whole schedule that a manifest asks for where one exists: what it leaves to the server is the server's.
 * So the difference to `observed` is exactly what there is to do, and a save of it undoes no pause. A number that
 * is equal there has the letters that it has there.
 */
export function complete(
  desired: DesiredSchedule,
  observed: ObservedSchedule,
  numbers: NumberEquality,
): Schedule {
  const theirs = observed.schedule;
  // Nearly all of a large directory: everything that a manifest leaves to the server is as it says, too.
  if (desired.pause?.paused !== true && isIdentical(desired.schedule, theirs)) return theirs;
  const { input } = desired.schedule.startWorkflowRequest;
  const ownInput = inLettersOf(theirs.startWorkflowRequest.input, input, numbers) as JsonObject;
  let schedule = withPause(desired.schedule, pauseOf(desired, theirs));
  if (ownInput !== input)
    schedule = { ...schedule, startWorkflowRequest: { ...schedule.startWorkflowRequest, input: ownInput } };
  const written = schedule.startWorkflowRequest.workflowDef;
  const stored = theirs.startWorkflowRequest.workflowDef;
  // Servers fill about 12 defaults into an inline workflow and 14 into each task: equal means "all that is written
  // is there". Otherwise it is sent as written, since a mixture of two workflows would be neither.
  if (written !== undefined && stored !== undefined) {
    const workflowDef = containsDefinition(stored, written, numbers)
      ? stored
      : (definitionInLettersOf(stored, written, numbers) as JsonObject);
    schedule = { ...schedule, startWorkflowRequest: { ...schedule.startWorkflowRequest, workflowDef } };
  }
  for (const path of desired.lifecycle.ignoreChanges) {
    const kept = valueAt(theirs, path);
    schedule = withValue(schedule, path, kept) as Schedule;
  }
  return schedule;
}

/** A copy costs more than the look. */
function withPause(schedule: Schedule, pause: Pick<Schedule, 'paused' | 'pausedReason'>): Schedule {
  const isSame = schedule.paused === pause.paused && schedule.pausedReason === pause.pausedReason;
  return isSame ? schedule : { ...schedule, ...pause };
}

function pauseOf({ pause }: DesiredSchedule, theirs: Schedule): Pick<Schedule, 'paused' | 'pausedReason'> {
  const kept = theirs.pausedReason === undefined ? {} : { pausedReason: theirs.pausedReason };
  if (pause === undefined) return { paused: theirs.paused, ...kept };
  // A reason that is beside a running schedule has no effect; removing it is not worth a save.
  if (!pause.paused) return { paused: false, ...(theirs.paused ? {} : kept) };
  if (pause.reason !== undefined) return { paused: true, pausedReason: pause.reason };
  return { paused: true, ...kept };
}
