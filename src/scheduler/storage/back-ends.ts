import { collisionKey } from '../../model/alike.ts';
import type { BackEnd } from '../../model/port.ts';

export type { BackEnd };

/** How one database makes a scheduler differ from another's, as data. Facts: OSS 3.32.1, live or its source. */
export type BackEndRow = {
  /**
   * A timer that was at work once is put back without being freed, and only a sweep, one a minute, frees those that are
   * ready for a minute: every fire after the first since a save starts 60 to 120 s late, and what falls due in the meantime
   * never does.
   */
  readonly startsLate: boolean;
  /**
   * The order of a list: the last written last; the places of a table, in which a new version of a row takes one that
   * another left; or the primary key, which is the name.
   */
  readonly listOrder: 'last write' | 'place' | 'name';
  /** Equal for names that are one row. */
  readonly keyOf: (name: string) => string;
  /** How `LIKE` compares keys: ASCII letters in any case, or to the letter. */
  readonly likes: 'any case' | 'to the letter';
  /** In characters, of the names of schedules and workflows; absent = any length. */
  readonly longestName?: number;
  /** A page of fewer than 0 is everything, or the words of the 500. */
  readonly negativeSize: { readonly words: string } | 'all';
  /** The words of the 500 for a column that must not be null. */
  readonly nullWords: (column: string) => string;
  /** Likewise for a name that is too long. */
  readonly longWords: (column: string) => string;
};

const statement =
  'INSERT OR REPLACE INTO scheduler (scheduler_name, workflow_name, json_data, next_run_time) VALUES (?, ?, ?, ?)';
const pageOnMySql = 'SELECT json_data FROM scheduler WHERE 1=1 ORDER BY scheduler_name ASC LIMIT ? OFFSET ?';

const itself = (name: string): string => name;

export const backEndRows: { readonly [B in BackEnd]: BackEndRow } = {
  sqlite: {
    startsLate: false,
    listOrder: 'last write',
    keyOf: itself,
    likes: 'any case',
    negativeSize: 'all',
    nullWords: (column) =>
      `PreparedStatementCallback; uncategorized SQLException for SQL [${statement}]; SQL state [null]; error code [19]; [SQLITE_CONSTRAINT_NOTNULL] A NOT NULL constraint failed (NOT NULL constraint failed: scheduler.${column})`,
    longWords: itself,
  },
  postgres: {
    startsLate: true,
    listOrder: 'place',
    keyOf: itself,
    likes: 'to the letter',
    longestName: 255,
    negativeSize: { words: 'ERROR: LIMIT must not be negative' },
    nullWords: (column) =>
      `ERROR: null value in column "${column}" of relation "scheduler" violates not-null constraint`,
    longWords: () => 'ERROR: value too long for type character varying(255)',
  },
  mysql: {
    startsLate: true,
    listOrder: 'name',
    keyOf: collisionKey,
    likes: 'to the letter',
    longestName: 255,
    negativeSize: {
      words: `You have an error in your SQL syntax; check the manual that corresponds to your server version for the right syntax to use near '-1 OFFSET 0' at line 1 [${pageOnMySql}]`,
    },
    nullWords: (column) => `Column '${column}' cannot be null`,
    longWords: (column) => `Data truncation: Data too long for column '${column}' at row 1`,
  },
};

/** A sweep runs so often, from the start of the process on, in milliseconds; it frees timers that are ready for as long. */
const sweepEvery = 60_000;

/** When a timer that becomes ready at a time is freed by a sweep, in a process that began at `begun`; epoch milliseconds. */
export function freedAt(ready: number, begun: number): number {
  return begun + (Math.floor((ready + sweepEvery - begun) / sweepEvery) + 1) * sweepEvery;
}

/** The places of a table: what is written gets the first free one, and leaves its old one free for the next. */
export type Places = {
  write(key: string): void;
  leave(key: string): void;
  /** The keys in the order of their places. */
  keys(): Iterable<string>;
};

/** An empty table. */
export function tablePlaces(): Places {
  const rows: (string | undefined)[] = [];
  const placeOf = new Map<string, number>();
  const free: number[] = [];
  return {
    write(key) {
      const place = free.pop() ?? rows.length;
      rows[place] = key;
      const old = placeOf.get(key);
      placeOf.set(key, place);
      if (old === undefined) return;
      rows[old] = undefined;
      free.push(old);
    },
    leave(key) {
      const old = placeOf.get(key);
      if (old === undefined) return;
      placeOf.delete(key);
      rows[old] = undefined;
      free.push(old);
    },
    keys: () => rows.filter((key) => key !== undefined),
  };
}
