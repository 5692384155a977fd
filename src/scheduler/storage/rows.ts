import { isObject, type Json, type JsonObject, writeJson } from '../../model/json.ts';
import { compareText } from '../../model/schedule.ts';
import type { Change } from '../data.ts';
import type { Timer } from '../timers.ts';
import { type BackEndRow, tablePlaces } from './back-ends.ts';

/** One stored schedule. */
export type Stored = {
  readonly name: string;
  /** Every field as reads answer it. */
  readonly schedule: JsonObject;
  /** The same as JSON text, written once per save. */
  readonly text: string;
  readonly timers: readonly Timer[];
};

/** The table of schedules with their timers, as a database keeps it: by the key of the name. */
export type Rows = {
  get(name: string): Stored | undefined;
  /** In the order in which they were written last. */
  values(): Iterable<Stored>;
  /** In the order of a list. */
  inListOrder(): Iterable<Stored>;
  /** Writes a row; what its name is equal to is replaced. */
  write(schedule: JsonObject, timers: readonly Timer[]): void;
  /** Gives a schedule other timers, as a fire does: the row stays as and where it is. */
  setTimers(stored: Stored, timers: readonly Timer[]): void;
  remove(stored: Stored): void;
  /** Why the database does not take a row, in its words. */
  refusal(name: string, schedule: JsonObject): string | undefined;
  /** No timer is ready before this time; epoch milliseconds, `Infinity` = there is none. */
  soonest(): number;
  /** Looks at all timers again, after some of them have gone. */
  seekSoonest(): void;
};

export function scheduleRows(backEnd: BackEndRow, note: (change: Change) => void): Rows {
  const { keyOf, listOrder, longestName = Number.POSITIVE_INFINITY } = backEnd;
  const rows = new Map<string, Stored>();
  const places = listOrder === 'place' ? tablePlaces() : undefined;
  let soonest = Number.POSITIVE_INFINITY;
  const isTooLong = (value: Json): boolean => {
    const text = String(value);
    return text.length > longestName && [...text].length > longestName;
  };
  return {
    get: (name) => rows.get(keyOf(name)),
    values: () => rows.values(),
    inListOrder() {
      if (listOrder === 'last write') return rows.values();
      const keys = places?.keys() ?? [...rows.keys()].sort(compareText);
      return Array.from(keys, (key) => rows.get(key) as Stored);
    },
    write(schedule, timers) {
      const name = String(schedule.name);
      const key = keyOf(name);
      const old = rows.get(key);
      rows.delete(key);
      rows.set(key, { name, schedule, text: writeJson(schedule), timers });
      places?.write(key);
      if (old !== undefined && old.name !== name) note({ kind: 'deleted', name: old.name });
      note({ kind: 'schedule', schedule, timers });
      for (const timer of timers) soonest = Math.min(soonest, timer.notBefore);
    },
    setTimers(stored, timers) {
      rows.set(keyOf(stored.name), { ...stored, timers });
      note({ kind: 'timers', name: stored.name, timers });
    },
    remove({ name }) {
      rows.delete(keyOf(name));
      places?.leave(keyOf(name));
      note({ kind: 'deleted', name });
    },
    refusal(name, { startWorkflowRequest: request }) {
      const { nullWords, longWords } = backEnd;
      if (isTooLong(name)) return longWords('scheduler_name');
      if (!isObject(request) || request.name === undefined) return nullWords('workflow_name');
      return isTooLong(request.name) ? longWords('workflow_name') : undefined;
    },
    soonest: () => soonest,
    seekSoonest() {
      soonest = Number.POSITIVE_INFINITY;
      for (const { timers } of rows.values())
        for (const timer of timers) soonest = Math.min(soonest, timer.notBefore);
    },
  };
}
