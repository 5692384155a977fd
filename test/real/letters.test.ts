import fc from 'fast-check';
import { afterEach, expect, inject, it } from 'vitest';
import { apply } from '../../src/apply/apply.ts';
import { connect } from '../../src/conductor/connect.ts';
import { main } from '../../src/main.ts';
import { openPolicy } from '../../src/model/run-policy.ts';
import { anyLetterCase, anyTree, heldLetters, lettersOf, textOf } from '../law/letters.ts';
import { deleteSchedules } from '../support/clean-up.ts';
import { fakeIo } from '../support/io.ts';
import { neverFires } from '../support/never-fires.ts';
import { planAgainst } from '../support/plan-against.ts';
import { testScheduler } from '../support/scheduler.ts';

const api = `${inject('realServer').url}/api`;
const schedules = `${api}/scheduler/schedules`;
const headers = { 'content-type': 'application/json' };
const cases = Number(process.env.DOWNBEAT_LAW_RUNS ?? 1000);
const bodies = Number(process.env.DOWNBEAT_BODIES ?? 10_000);

async function save(body: string): Promise<void> {
  const answer = await fetch(schedules, { method: 'POST', headers, body });
  expect(answer.status, body).toBe(200);
}

async function answerOf(name: string): Promise<string> {
  return (await fetch(`${schedules}/${name}`)).text();
}

/** Read by neither of the two. */
function inputOf(answer: string): string {
  const { startWorkflowRequest } = lettersOf(answer) as {
    readonly startWorkflowRequest: { readonly input: unknown };
  };
  return JSON.stringify(startWorkflowRequest.input);
}

afterEach(() => deleteSchedules(api, ['numbers', 'before', 'after']));

it(`the local scheduler keeps ${bodies} random bodies as the real server does`, {
  timeout: 3_600_000,
}, async () => {
  const local = testScheduler();
  const many = fc.array(anyTree, { minLength: 1, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(many, async (values) => {
      const input = textOf(Object.fromEntries(values.map((value, index) => [`v${index}`, value])));
      const body = `{"name":"numbers","cronExpression":"0 0 9 * * ?","startWorkflowRequest":{"name":"w","input":${input}}}`;
      await save(body);
      expect(local.ask('POST', '/api/scheduler/schedules', body).status).toBe(200);
      expect(inputOf(local.ask('GET', '/api/scheduler/schedules/numbers').body)).toBe(
        inputOf(await answerOf('numbers')),
      );
    }),
    { numRuns: bodies },
  );
});

it(`an answer changes only where the plan said so, to the letter: ${cases} cases`, {
  timeout: 3_600_000,
}, async () => {
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  let changed = 0;
  await fc.assert(
    fc.asyncProperty(anyLetterCase, async (one) => {
      await deleteSchedules(api, ['before', 'after']);
      const connection = connect({ url: api, now: Date.now, random: Math.random, wait });
      const found = await heldLetters(one, {
        save,
        answer: answerOf,
        observe: async (name) => {
          const got = await connection.reader.get(name);
          if (!got.ok || got.value === null) throw new Error(`there is no ${name}`);
          return got.value;
        },
        run: async (desired) => {
          const policy = { ...openPolicy, ...one.policy };
          const planned = await planAgainst(connection, desired, policy, Date.now);
          if (!planned.ok) return { kind: 'failed', failure: planned.failure };
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
            // Nothing of these is near a fire that would matter.
            ...neverFires,
            stopped: () => false,
            counts: connection.counts,
          });
          return { kind: 'applied', plan: planned.plan, result };
        },
        command: async (cwd, words) => {
          const heard = fakeIo({ cwd, writes: 'disk', wait });
          const code = await main([...words, '--server', api], heard.io);
          return { code, out: heard.out(), err: heard.err() };
        },
      });
      changed += found.length;
    }),
    { numRuns: cases },
  );
  expect(changed).toBeGreaterThan(cases / 4);
});
