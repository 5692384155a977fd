import type { Plan } from '../model/plan.ts';
import type { Capabilities } from '../model/port.ts';
import { present } from '../model/present.ts';
import { type DesiredSchedule, type ObservedSchedule, type Tag, tagSet } from '../model/schedule.ts';
import { type OnServer, onServer, placesOf } from './on-server.ts';

/** What a schedule is, apart from what changes: the words that people look for it by. */
export type Subject = {
  readonly workflow: string;
  /** After the plan; absent = nobody's. */
  readonly owner?: string;
  /** After the plan, without markers; absent = not known. */
  readonly tags?: readonly Tag[];
};

/** The subject of each change of a plan, by its name. */
export function subjectsOf(
  { changes, owner }: Plan,
  desired: readonly DesiredSchedule[],
  observed: readonly ObservedSchedule[],
  capabilities: Capabilities,
): ReadonlyMap<string, Subject> {
  const names = new Set(
    changes.flatMap((change) => [
      change.name,
      ...(change.kind === 'rename' ? change.previous.map(({ name }) => name) : []),
    ]),
  );
  const wanted = new Map(desired.map((one) => [one.schedule.name, one]));
  const places = placesOf(capabilities);
  const there = new Map(
    observed
      .filter(({ schedule }) => names.has(schedule.name))
      .map((one) => [one.schedule.name, onServer(one, places)]),
  );
  return new Map(
    changes.flatMap((change): readonly (readonly [string, Subject])[] => {
      const source = change.kind === 'rename' ? (change.previous[0]?.name ?? change.name) : change.name;
      const [one, other] = [wanted.get(change.name), there.get(source)];
      const schedule = one?.schedule ?? other?.observed.schedule;
      if (schedule === undefined) return [];
      const stays = change.kind === 'leave' || change.kind === 'delete';
      const workflow = schedule.startWorkflowRequest.name;
      const tags = tagsOf(one, other);
      return [[change.name, { workflow, ...present({ owner: stays ? ownerOf(other) : owner, tags }) }]];
    }),
  );
}

function ownerOf(one: OnServer | undefined): string | undefined {
  return one?.markers[0]?.owner;
}

function tagsOf(one: DesiredSchedule | undefined, other: OnServer | undefined): Subject['tags'] {
  if (one?.tags !== undefined) return one.tags;
  const known = other === undefined ? [] : other.observed.tags;
  const added = one?.addedTags ?? [];
  if (known === undefined) return added.length === 0 ? undefined : added;
  const keys = new Set(added.map(({ key }) => key));
  return tagSet([...known.filter(({ key }) => !keys.has(key)), ...added]);
}
