import type { Plan } from '../model/plan.ts';
import type { Capabilities } from '../model/port.ts';
import { present } from '../model/present.ts';
import { type DesiredSchedule, type ObservedSchedule, type Tag, tagSet } from '../model/schedule.ts';
import { type OnServer, onServer, placesOf } from './on-server.ts';

/** What a schedule is, apart from what changes: the words that people look for it by. */
export type Subject = {
  readonly workflow: string;
  /** After the plan; absent = none. */
  readonly owner?: string;
  /** After the plan, without markers; absent = not known. */
  readonly tags?: readonly Tag[];
};

/** The subject of each change of a plan and of each manifest, by its name. */
export function subjectsOf(
  { changes, owner }: Plan,
  desired: readonly DesiredSchedule[],
  observed: readonly ObservedSchedule[],
  capabilities: Capabilities,
): ReadonlyMap<string, Subject> {
  const wanted = new Map(desired.map((one) => [one.schedule.name, one]));
  const changed = new Map(changes.map((change) => [change.name, change]));
  const places = placesOf(capabilities);
  const there = new Map(observed.map((one) => [one.schedule.name, one]));
  const names = new Set([...wanted.keys(), ...changed.keys()]);
  return new Map(
    [...names].flatMap((name): readonly (readonly [string, Subject])[] => {
      const change = changed.get(name);
      const source = change?.kind === 'rename' ? (change.previous[0]?.name ?? name) : name;
      const raw = there.get(source);
      const [one, other] = [wanted.get(name), raw && onServer(raw, places)];
      const schedule = one?.schedule ?? other?.observed.schedule;
      if (schedule === undefined) return [];
      const stays = change?.kind === 'leave' || change?.kind === 'delete';
      const workflow = schedule.startWorkflowRequest.name;
      const tags = tagsOf(one, other);
      return [[name, { workflow, ...present({ owner: stays ? ownerOf(other) : owner, tags }) }]];
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
