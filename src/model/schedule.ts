import type { Json, JsonObject } from './json.ts';

/** A label of a schedule on servers that have tags. A schedule holds a set of pairs; one key may occur with several values. */
export type Tag = {
  readonly key: string;
  readonly value: string;
};

/** One timer of a schedule: Spring cron with six fields (or a macro) in an IANA zone. */
export type CronEntry = {
  readonly cronExpression: string;
  readonly zoneId: string;
};

/** Days with names, by day number (0 = 1970-01-01). */
export type NamedDays = {
  readonly name: string;
  readonly days: ReadonlyMap<number, string>;
};

/** Timers as a person wrote them, and the calendars whose days they leave out or keep to: see `cron/days`. */
export type DaysWish = {
  readonly entries: readonly CronEntry[];
  readonly except: readonly NamedDays[];
  readonly only: readonly NamedDays[];
};

/** What a fire starts, in normal form. */
export type StartRequest = {
  readonly name: string;
  /** Absent = the latest version at the time of the fire. */
  readonly version?: number;
  readonly input: JsonObject;
  readonly correlationId?: string;
  readonly taskToDomain: { readonly [task: string]: string };
  /** 0 to 99. */
  readonly priority: number;
  readonly workflowDef?: JsonObject;
  readonly externalInputPayloadStoragePath?: string;
  readonly idempotencyKey?: string;
  /** Only beside a key; without one it has no effect and counts as absent. */
  readonly idempotencyStrategy?: string;
};

/**
 * A schedule in normal form: the one shape in which the two sides are compared. Values that servers hold to be
 * equal are the same value here, and what is at its default and optional is absent (`undefined` never occurs).
 * The rules are section "normal form" of the servers' facts, implemented once in `normal.ts`.
 */
export type Schedule = {
  readonly name: string;
  readonly description?: string;
  /** One timer: expression and zone. Both absent exactly when `cronSchedules` is there. */
  readonly cronExpression?: string;
  readonly zoneId?: string;
  /** Several timers, sorted (their order has no effect), never empty. A repeated entry fires twice. */
  readonly cronSchedules?: readonly CronEntry[];
  readonly startWorkflowRequest: StartRequest;
  /** Epoch milliseconds; a fire exactly at it counts. 0 is a time, not "none". */
  readonly scheduleStartTime?: number;
  /** Epoch milliseconds; a fire exactly at it counts. */
  readonly scheduleEndTime?: number;
  readonly runCatchupScheduleInstances: boolean;
  readonly paused: boolean;
  readonly pausedReason?: string;
};

/** What a manifest says of being paused. */
export type PauseWish = {
  readonly paused: boolean;
  /** Absent = the manifest does not manage the reason. Only ever beside `paused: true`. */
  readonly reason?: string;
};

/** Ours only: never sent to a server. Paths are field paths as segments. */
export type Lifecycle = {
  readonly protect: boolean;
  readonly ignoreChanges: readonly FieldPath[];
  readonly previousNames: readonly string[];
  readonly sensitive: readonly FieldPath[];
  /** What looks like a credential there is none. */
  readonly notSensitive: readonly FieldPath[];
};

/** `['startWorkflowRequest', 'input', 'batchSize']`. Array elements are not addressed: an array changes as a whole. */
export type FieldPath = readonly string[];

/** One manifest after everything was resolved. */
export type DesiredSchedule = {
  /** Its timers are compiled from these, which are what is shown. Absent = they are as written. */
  readonly days?: DaysWish;
  /** `paused` is false and the reason absent here, whatever the manifest says: see `pause`. */
  readonly schedule: Schedule;
  /** Absent = the server's value stays. */
  readonly pause?: PauseWish;
  /** Absent = the server's tags stay. Sorted by key, then value, without repetition. `[]` = none at all. */
  readonly tags?: readonly Tag[];
  /** Only without `tags`: these are there too, and take the place of the server's with their keys. Never empty. */
  readonly addedTags?: readonly Tag[];
  readonly lifecycle: Lifecycle;
  readonly origin: Origin;
  /** Texts of `schedule` that secrets went into. Absent = none. Their values must not leave the program. */
  readonly secrets?: readonly SecretUse[];
  /** Where a variable went in that is a credential by its name: hidden as `lifecycle.sensitive` is. Absent = nowhere. */
  readonly credentials?: readonly FieldPath[];
};

/**
 * One text of `schedule` with secrets in it. `schedule` holds the resolved text, so that comparing and saving work as
 * for any other; what is shown or stored has `reference` instead.
 */
export type SecretUse = {
  /** To the text, from the schedule down: keys, and list items by their index as text. Below `startWorkflowRequest.input`. */
  readonly path: FieldPath;
  /** The text as a manifest has it: `Bearer ${secret.TOKEN}`. Nothing else in it is left to resolve. */
  readonly reference: string;
  /** The secrets in it, each once. */
  readonly names: readonly string[];
  /** False = a secret of it is not defined here, and `schedule` holds `reference` instead of the text. */
  readonly known: boolean;
};

/** Where a manifest is: file relative to the working directory, document and array item counted from 0. */
export type Origin = {
  readonly file: string;
  readonly document: number;
  /** Only when the document is an array of manifests. */
  readonly item?: number;
};

/** One schedule as a server has it. */
export type ObservedSchedule = {
  readonly schedule: Schedule;
  /** Sorted. Absent = not known from this answer (or the server has none). */
  readonly tags?: readonly Tag[];
  readonly facts: ServerFacts;
  /** The answer as it was read: what does not change is sent back by its letters. */
  readonly literal: JsonObject;
  /** Fields of the schedule and of its start request that Downbeat does not know: sent back on every save. */
  readonly carried: JsonObject;
  readonly carriedInRequest: JsonObject;
  /** `cronSchedules` has a null in it: OSS 3.32.1 stores that and then answers every write with a 500. */
  readonly hasNullTimer?: true;
};

/** Facts that a server keeps about a schedule: shown, never compared, never sent. Times are epoch milliseconds. */
export type ServerFacts = {
  readonly createTime?: number;
  readonly updatedTime?: number;
  readonly createdBy?: string;
  readonly updatedBy?: string;
};

/** One difference between two normal forms. A side that is absent has no such key. */
export type FieldChange = {
  readonly path: FieldPath;
  readonly before?: Json;
  readonly after?: Json;
};

/** Orders tags by key, then value, and drops repetitions: a server holds a set of pairs. */
export function tagSet(tags: Iterable<Tag>): readonly Tag[] {
  const seen = new Map<string, Tag>();
  for (const { key, value } of tags) seen.set(JSON.stringify([key, value]), { key, value });
  return [...seen.values()].sort((a, b) => compareText(a.key, b.key) || compareText(a.value, b.value));
}

/** Order by code unit: the same on every machine and in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A field path as people write it: `startWorkflowRequest.input.batchSize`. */
export function pathText(path: FieldPath): string {
  return path.join('.');
}
