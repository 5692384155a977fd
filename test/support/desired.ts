import fc from 'fast-check';
import type { JsonObject } from '../../src/model/json.ts';
import { normalize } from '../../src/model/normal.ts';
import type { DesiredSchedule, PauseWish, Tag } from '../../src/model/schedule.ts';
import { anyBody, desiredOf } from './schedules.ts';

/** Few enough names that both sides meet. */
const names: readonly string[] = [
  'a',
  'b',
  'c',
  'd',
  'nightly order 50%',
  'ключ',
  'a;b?c#d+e',
  'x'.repeat(40),
];

const aTag: fc.Arbitrary<Tag> = fc.record({
  key: fc.constantFrom('team', 'env', 'ключ'),
  value: fc.constantFrom('a', 'b', 'c d', '1'),
});

const someTags = fc.uniqueArray(aTag, { maxLength: 3, selector: ({ key, value }) => `${key}:${value}` });

const aPause: fc.Arbitrary<PauseWish> = fc.oneof(
  fc.constant({ paused: false }),
  fc.constant({ paused: true }),
  fc.constantFrom('why', 'später').map((reason) => ({ paused: true, reason })),
);

/** One manifest: everything that is optional is there or not. */
function aDesired(name: string): fc.Arbitrary<DesiredSchedule> {
  return fc
    .tuple(anyBody, fc.option(aPause, { nil: undefined }), fc.option(someTags, { nil: undefined }))
    .map(([body, pause, tags]) =>
      desiredOf(normalize({ ...body, name }).schedule, {
        ...(pause === undefined ? {} : { pause }),
        ...(tags === undefined ? {} : { tags }),
      }),
    );
}

/** With one cron each, as for a server that is not known to keep several. */
export function withOneCron(desired: readonly DesiredSchedule[]): readonly DesiredSchedule[] {
  return desired.map((one) => {
    const { cronSchedules, ...rest } = one.schedule;
    return { ...one, schedule: { ...rest, ...cronSchedules?.[0] } };
  });
}

/** A set of manifests with distinct names. */
export const anyDesired: fc.Arbitrary<readonly DesiredSchedule[]> = fc
  .uniqueArray(fc.constantFrom(...names), { maxLength: 5 })
  .chain((chosen) => fc.tuple(...chosen.map(aDesired)));

/** What a server holds before: bodies as somebody saved them, with tags. */
export interface There {
  readonly body: JsonObject;
  readonly tags: readonly Tag[];
}

export const anyContents: fc.Arbitrary<readonly There[]> = fc
  .uniqueArray(fc.constantFrom(...names), { maxLength: 5 })
  .chain((chosen) =>
    fc.tuple(
      ...chosen.map((name) =>
        fc
          .tuple(
            anyBody,
            someTags,
            fc.boolean(),
            fc.option(fc.constantFrom('INC-1', 'why'), { nil: undefined }),
          )
          .map(
            ([body, tags, paused, reason]): There => ({
              body: {
                ...body,
                name,
                paused,
                ...(paused && reason !== undefined ? { pausedReason: reason } : {}),
              },
              tags,
            }),
          ),
      ),
    ),
  );
