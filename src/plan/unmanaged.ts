import type { Capabilities } from '../model/port.ts';
import type { Policy } from '../model/run-policy.ts';
import type { DesiredSchedule, ObservedSchedule } from '../model/schedule.ts';
import { onServer, placesOf } from './on-server.ts';
import { narrow } from './scope.ts';

/** The selected schedules of a server that are in no manifest and have no owner. */
export function unmanagedSchedules(
  desired: readonly DesiredSchedule[],
  observed: readonly ObservedSchedule[],
  { ignores, selection }: Pick<Policy, 'ignores' | 'selection'>,
  capabilities: Capabilities,
): readonly ObservedSchedule[] {
  const named = new Set(
    desired.flatMap(({ schedule, lifecycle }) => [schedule.name, ...lifecycle.previousNames]),
  );
  const places = placesOf(capabilities);
  const inScope = observed.filter(({ schedule }) => !ignores(schedule.name));
  return narrow(desired, inScope, selection).observed.filter(
    (raw) => !named.has(raw.schedule.name) && onServer(raw, places).markers.length === 0,
  );
}
