/** Days with names, such as public holidays; days are day numbers, 0 = 1970-01-01. */
export type Calendar = {
  readonly name: string;
  /** Why each day is in it: `Christmas Day`. Never empty texts. */
  readonly days: ReadonlyMap<number, string>;
  /** The zone that its dates are of; absent = that of each schedule. */
  readonly zoneId?: string;
  /** The last day that it knows of; absent = it goes on without an end. */
  readonly last?: number;
};
