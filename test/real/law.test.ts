import fc from 'fast-check';
import { expect, inject, it } from 'vitest';
import { apply } from '../../src/apply/apply.ts';
import { connect } from '../../src/conductor/connect.ts';
import { writeJson } from '../../src/model/json.ts';
import { openPolicy } from '../../src/model/run-policy.ts';
import { fireTiming } from '../../src/run/next-fire.ts';
import { deleteSchedules } from '../support/clean-up.ts';
import { anyContents, anyDesired } from '../support/desired.ts';
import { planAgainst } from '../support/plan-against.ts';

const { url, setUp } = inject('realServer');
const api = `${url}/api`;
/** Fewer where a server is slower and another run holds it to the same law. */
const runs = setUp === 'sqlite' ? 200 : 60;

it(`plan, apply, plan: nothing to do, for ${runs} random sets of manifests`, {
  timeout: 600_000,
}, async () => {
  let steps = 0;
  await fc.assert(
    fc.asyncProperty(anyDesired, anyContents, async (desired, contents) => {
      const names = new Set([
        ...contents.map(({ body }) => String(body.name)),
        ...desired.map((one) => one.schedule.name),
      ]);
      try {
        for (const { body } of contents) {
          const answer = await fetch(`${api}/scheduler/schedules`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: writeJson(body),
          });
          expect(answer.status).toBe(200);
        }
        const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
        const connection = connect({ url: api, now: Date.now, random: Math.random, wait });
        const planned = await planAgainst(connection, desired, openPolicy, Date.now);
        if (!planned.ok) throw new Error(JSON.stringify(planned.failure));
        const result = await apply(planned.plan, {
          reader: connection.reader,
          writer: connection.writer,
          capabilities: planned.observed.server.capabilities,
          parallelism: 4,
          failFast: false,
          maxRetries: 3,
          retryDelay: connection.retryDelay,
          now: Date.now,
          wait,
          ...fireTiming,
          stopped: () => false,
          counts: connection.counts,
        });
        expect(result.steps.filter(({ outcome }) => outcome !== 'done')).toStrictEqual([]);
        steps += result.steps.length;
        const again = await planAgainst(connection, desired, openPolicy, Date.now);
        if (!again.ok) throw new Error(JSON.stringify(again.failure));
        expect(again.plan.changes.flatMap((change) => change.steps)).toStrictEqual([]);
      } finally {
        await deleteSchedules(api, names);
      }
    }),
    { numRuns: runs },
  );
  // Else the law said little.
  expect(steps).toBeGreaterThan(runs);
});
