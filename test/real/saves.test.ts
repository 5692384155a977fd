import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { schedules } from '../contract/http/cells.ts';
import { openLocal } from '../contract/http/local.ts';
import { type OpenTarget, play } from '../contract/http/suite.ts';
import { freshWord, type Target } from '../contract/http/target.ts';

const { url } = inject('realServer');
const real: Target = { url, now: Date.now, wait: async () => undefined };

let local: OpenTarget;
beforeAll(async () => {
  local = await openLocal('oss-2');
});
afterAll(async () => local.close());

const scalar = fc.oneof(
  fc.constantFrom(null, true, false, '', ' ', '0', '1', '2', 'true', 'FALSE', 'x', 'UTC', '+02:00'),
  fc.constantFrom(0, 1, -1, 0.1, 1.5, 2_147_483_648, 1_800_000_000_000),
  fc.integer(),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const anything = fc.oneof(
  { weight: 9, arbitrary: scalar },
  { weight: 1, arbitrary: fc.constantFrom([], {}, [{}], ['x'], { a: 1 }) },
);
const map = (values: fc.Arbitrary<unknown>) =>
  fc.dictionary(fc.string({ minLength: 1 }), values, { maxKeys: 4 });
const entry = fc.record(
  { cronExpression: anything, zoneId: anything, surprise: anything },
  { requiredKeys: [] },
);

type Part = Readonly<Record<string, unknown>>;

/** One field with some value, which more often than not has the right type. */
function field(name: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<Part> {
  return fc
    .oneof({ weight: 3, arbitrary: value }, { weight: 1, arbitrary: anything })
    .map((it) => ({ [name]: it }));
}

/** A few fields, so that what is refused about one does not hide the others. */
function few(...fields: readonly fc.Arbitrary<Part>[]): fc.Arbitrary<Part> {
  return fc.array(fc.oneof(...fields), { maxLength: 4 }).map((parts) => Object.assign({}, ...parts));
}

const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, min: -1e9, max: 1e9 }));
const text = fc.string({ unit: 'grapheme', maxLength: 12 });

const startRequest = few(
  field('version', number),
  field('correlationId', text),
  field('input', map(fc.jsonValue({ maxDepth: 3 }))),
  field('taskToDomain', map(scalar)),
  field('priority', number),
  field('idempotencyKey', text),
  field(
    'idempotencyStrategy',
    fc.constantFrom('FAIL', 'RETURN_EXISTING', 'FAIL_ON_RUNNING', 'x', 0, 1, 2, 3),
  ),
  field('surprise', anything),
).map((fields) => ({ name: 'w', ...fields }));

const body = fc
  .tuple(
    startRequest,
    few(
      field('description', text),
      field('cronExpression', fc.constantFrom('0 0 0 1 1 ?', 'bad', '@yearly')),
      field('zoneId', fc.constantFrom('UTC', 'Europe/Berlin', 'GMT-3', '+2', 'Mars/X', 'est')),
      field('cronSchedules', fc.array(entry, { maxLength: 3 })),
      field('startWorkflowRequest', startRequest),
      field('paused', fc.constantFrom(true, 'true', 1)),
      field('pausedReason', text),
      field('scheduleStartTime', number),
      field('scheduleEndTime', number),
      field('runCatchupScheduleInstances', fc.boolean()),
      field('createdBy', text),
      field('nextRunTime', number),
      field('surprise', anything),
    ),
  )
  .map(([request, fields]): Part => ({ startWorkflowRequest: request, ...fields }));

it('takes, changes or refuses any body of a save as the real server does', { timeout: 300_000 }, async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(body, async (fields) => {
      const name = freshWord();
      const asks = [
        { method: 'POST', path: schedules(), body: { name, ...fields } },
        { method: 'GET', path: schedules(name) },
      ];
      const answers = await play(real, asks);
      expect(await play(local, asks)).toEqual(answers);
      if (answers[1]?.status === 200) taken += 1;
    }),
    { numRuns: 400 },
  );
  // Else the property said little.
  expect(taken).toBeGreaterThan(100);
});
