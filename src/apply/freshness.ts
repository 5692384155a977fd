import { type Capabilities, fail, type Outcome, type Reader, succeed } from '../model/port.ts';
import type { ObservedSchedule } from '../model/schedule.ts';

/** How old a list may be to prove that a name is free, in milliseconds. */
const maxAge = 5000;

/** Looks a name up, at most `maxAge` old. `null` = there is no such schedule. */
export type Lookup = (name: string) => Promise<Outcome<ObservedSchedule | null>>;

/**
 * Before a create: is the name still free? One list answers for every create of the next seconds. Where the list
 * leaves out what the key may not read, only a GET can tell: a 403 there means that the name is taken.
 */
export function freshList(world: {
  readonly reader: Reader;
  readonly capabilities: Capabilities;
  readonly now: () => number;
  readonly seen?: { readonly schedules: readonly ObservedSchedule[]; readonly at: number };
}): Lookup {
  const { reader, capabilities, now, seen } = world;
  if (capabilities.hidesUnreadable) {
    return async (name) => {
      const found = await reader.get(name);
      return found.ok || found.failure.kind !== 'forbidden'
        ? found
        : fail({ ...found.failure, kind: 'hidden' });
    };
  }
  type Names = Outcome<ReadonlyMap<string, ObservedSchedule>>;
  let names: Promise<Names> | undefined = seen && Promise.resolve(succeed(byName(seen.schedules)));
  let at = seen?.at ?? Number.NEGATIVE_INFINITY;
  return async (name) => {
    if (names === undefined || now() - at > maxAge) {
      at = now();
      names = reader.list().then((list): Names => (list.ok ? succeed(byName(list.value.schedules)) : list));
    }
    const known = await names;
    if (!known.ok) {
      names = undefined;
      return known;
    }
    return succeed(known.value.get(name) ?? null);
  };
}

function byName(schedules: readonly ObservedSchedule[]): ReadonlyMap<string, ObservedSchedule> {
  return new Map(schedules.map((one) => [one.schedule.name, one]));
}
