import type { FieldPath } from './schedule.ts';

/** A secret that has to be defined from now on. */
export type NewSecret = {
  readonly name: string;
  readonly schedule: string;
  readonly path: FieldPath;
};
