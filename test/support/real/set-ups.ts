import { realVersion } from './jars.ts';

/** Everything real that the tests run on: which server, on which back end. */
export interface SetUp {
  readonly version: typeof realVersion | 'newest';
  readonly backEnd: 'sqlite' | 'postgres' | 'mariadb';
  /** Server processes on one database, behind a proxy that asks them by turns. */
  readonly processes: number;
  readonly serverType: 'oss-2';
  /** Fires start one to two minutes late, but for the first after a save. */
  readonly late: boolean;
}

export type SetUpName = 'sqlite' | 'newest' | 'postgres' | 'cluster' | 'mariadb';

const sqlite: SetUp = {
  version: realVersion,
  backEnd: 'sqlite',
  processes: 1,
  serverType: 'oss-2',
  late: false,
};

export const setUps: { readonly [N in SetUpName]: SetUp } = {
  sqlite,
  newest: { ...sqlite, version: 'newest' },
  postgres: { ...sqlite, backEnd: 'postgres', late: true },
  cluster: { ...sqlite, backEnd: 'postgres', late: true, processes: 2 },
  mariadb: { ...sqlite, backEnd: 'mariadb', late: true },
};

/** The set-up of this run: DOWNBEAT_TEST_ON, else SQLite. */
export function setUpName(): SetUpName {
  const name = process.env.DOWNBEAT_TEST_ON ?? 'sqlite';
  if (Object.hasOwn(setUps, name)) return name as SetUpName;
  throw new Error(`DOWNBEAT_TEST_ON is ${name}; there are ${Object.keys(setUps).join(', ')}.`);
}
