import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { normalize } from '../../src/model/normal.ts';
import {
  type DesiredSchedule,
  type ObservedSchedule,
  type PauseWish,
  type Schedule,
  type Tag,
  tagSet,
} from '../../src/model/schedule.ts';
import { anyJsonObject } from './values.ts';

/** What a test wants to be special about a schedule; the rest is ordinary. */
export interface Special {
  readonly name?: string;
  readonly description?: string;
  readonly cronExpression?: string;
  readonly zoneId?: string;
  readonly paused?: boolean;
  readonly pausedReason?: string;
  readonly input?: JsonObject;
  readonly workflowDef?: JsonObject;
}

/** A schedule in normal form. */
export function aSchedule(special: Special): Schedule {
  const { input = {}, workflowDef, ...top } = special;
  return normalize({
    name: 'nightly',
    cronExpression: '0 0 0 * * ?',
    ...top,
    startWorkflowRequest: { name: 'wf', input, ...(workflowDef === undefined ? {} : { workflowDef }) },
  }).schedule;
}

export function desiredOf(
  schedule: Schedule,
  managed: {
    readonly pause?: PauseWish;
    readonly tags?: readonly Tag[];
    readonly ignoreChanges?: readonly string[][];
  } = {},
): DesiredSchedule {
  const { pausedReason: _reason, ...rest } = schedule;
  return {
    schedule: { ...rest, paused: false },
    ...(managed.pause === undefined ? {} : { pause: managed.pause }),
    ...(managed.tags === undefined ? {} : { tags: tagSet(managed.tags) }),
    lifecycle: {
      protect: false,
      ignoreChanges: managed.ignoreChanges ?? [],
      previousNames: [],
      sensitive: [],
      notSensitive: [],
    },
    origin: { file: 'schedules/a.yaml', document: 0 },
  };
}

export function observedOf(schedule: Schedule, more: Partial<ObservedSchedule> = {}): ObservedSchedule {
  const literal = schedule as unknown as JsonObject;
  return { schedule, facts: {}, literal, carried: {}, carriedInRequest: {}, ...more };
}

const crons = ['0 0 0 * * ?', '0 0/5 * * * ?', '0 30 6 ? * MON-FRI', '0 0 9 L * ?', '@daily'];
const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', '+02:00'];
const entry = fc.record({ cronExpression: fc.constantFrom(...crons), zoneId: fc.constantFrom(...zones) });
const someText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const time = fc.integer({ min: 1_900_000_000_000, max: 1_990_000_000_000 });

/** Any schedule that servers keep as it is: in the API's field names, without name. */
export const anyBody: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.oneof(
      entry.map((one): JsonObject => one),
      fc.array(entry, { minLength: 1, maxLength: 3 }).map((cronSchedules): JsonObject => ({ cronSchedules })),
    ),
    fc.record(
      {
        description: someText,
        scheduleStartTime: time,
        scheduleEndTime: time.map((at) => at + 100_000_000_000),
        runCatchupScheduleInstances: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
    fc.record(
      {
        name: fc.constantFrom('w1', 'w2'),
        version: fc.integer({ min: 1, max: 9 }),
        input: anyJsonObject,
        correlationId: someText,
        taskToDomain: fc.dictionary(someText, someText, { maxKeys: 2 }),
        priority: fc.integer({ min: 0, max: 99 }),
      },
      { requiredKeys: ['name'] },
    ),
  )
  .map(([when, top, request]) => ({ ...when, ...top, startWorkflowRequest: request as Json }));

/** Any schedule in normal form, paused ones too. */
export const anySchedule: fc.Arbitrary<Schedule> = fc
  .tuple(anyBody, fc.boolean(), fc.option(someText, { nil: undefined }))
  .map(([body, paused, reason]) => {
    const raw = {
      ...body,
      name: 'nightly',
      paused,
      ...(reason === undefined ? {} : { pausedReason: reason }),
    };
    return normalize(raw).schedule;
  });
