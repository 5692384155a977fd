import type { PolicyEntry } from '../generated/report-parts.ts';
import type { Origin } from '../schedule.ts';

/** A policy and where it was written. */
export type WrittenPolicy = {
  readonly entry: PolicyEntry;
  readonly origin: Origin;
};
