import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import { createScheduler, type Scheduler } from '../../src/scheduler/core.ts';
import type { WireRequest, WireResponse } from '../../src/scheduler/wire.ts';
import { fakeIo } from '../support/io.ts';
import { serveLocal } from '../support/scheduler.ts';
import { lawSettings } from './settings.ts';

const cwd = mkdtempSync(join(tmpdir(), 'downbeat-secrets-'));
mkdirSync(join(cwd, 'schedules'));

let current: Scheduler | undefined;
let failing = false;
/** Answers like the scheduler, or refuses a save with a message that repeats what it was sent. */
function handle(request: WireRequest): WireResponse {
  if (failing && request.method === 'POST' && request.body !== undefined) {
    const message = `cannot store ${request.body}, that is ${encodeURIComponent(request.body)}`;
    return {
      status: 400,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ status: 400, message }),
    };
  }
  return (current as Scheduler).handle(request);
}
let served: Awaited<ReturnType<typeof serveLocal>>;
beforeAll(async () => {
  served = await serveLocal({ handle, tick: () => 0 } as unknown as Scheduler);
});
afterAll(async () => {
  await served.close();
  rmSync(cwd, { recursive: true, force: true });
});

/** As environment variables can hold them: no NUL, no half surrogate pairs; long enough to be none of our own words. */
const aSecret = fc
  .string({ unit: 'grapheme', minLength: 8, maxLength: 64 })
  .filter((text) => !/\0|\p{Surrogate}/u.test(text) && new Set(text).size > 5)
  .map((text) => `${text}\u00a7${text.length}`);

const reference = '${secret.PLANTED}';
/** Where a manifest can have it: alone, inside of a text, deep down, in a list, under a harmless or a telling key. */
const anInput = fc.constantFrom<unknown>(
  { a: reference },
  { a: `Bearer ${reference}` },
  { auth: { deep: { er: reference } }, other: 1 },
  { list: ['x', reference, { y: reference }] },
  { password: reference },
  { url: `https://u:${reference}@h/p?q=1`, again: reference },
);

it('no output of any command has the bytes of a secret, from either side', {
  timeout: 600_000,
}, async () => {
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(
      aSecret,
      aSecret,
      anInput,
      anInput,
      fc.constantFrom<string[][]>(
        ['plan'],
        ['plan', '--out', 'saved.json'],
        ['drift'],
        ['apply', '--auto-approve'],
        ['validate'],
        ['render'],
      ),
      fc.constantFrom([], ['--show-sensitive']),
      fc.constantFrom('text', 'json', 'markdown', 'github', 'sarif'),
      fc.boolean(),
      async (secret, old, input, inputBefore, command, show, format, fails) => {
        current = createScheduler({ serverType: 'oss-2', now: Date.now });
        failing = fails;
        const plant = (value: unknown, text: string): unknown =>
          JSON.parse(JSON.stringify(value).replaceAll(reference, () => JSON.stringify(text).slice(1, -1)));
        const start = { name: 'w', input };
        const manifest = { name: 'a', cronExpression: '0 0 3 * * ?', startWorkflowRequest: start };
        writeFileSync(join(cwd, 'schedules', 'a.json'), JSON.stringify(manifest));
        // The server has the same secret in another place, or an older one in the same.
        const moved = inputBefore === input ? old : secret;
        current.put({
          ...manifest,
          startWorkflowRequest: { name: 'w', input: plant(inputBefore, moved) },
        } as never);

        const offline = command[0] === 'validate' || command[0] === 'render';
        const usable = format === 'sarif' && command[0] !== 'validate' ? 'markdown' : format;
        const output = command[0] === 'render' ? [] : ['--output', usable];
        const heard = fakeIo({ cwd, env: { CONDUCTOR_SERVER_URL: served.url, PLANTED: secret } });
        await main([...command, ...output, ...(offline ? [] : [...show, '--debug'])], heard.io);
        let said = heard.out() + heard.err() + [...heard.files.values()].join('');
        const saves = command.includes('--out');
        expect(heard.files.has('saved.json')).toBe(saves);
        if (saves) {
          const later = fakeIo({
            cwd,
            env: { CONDUCTOR_SERVER_URL: served.url, PLANTED: secret },
            files: heard.files,
          });
          const code = await main(['apply', 'saved.json', ...output, ...show, '--debug'], later.io);
          said += later.out() + later.err();
          // What was sent is the secret, not the reference.
          const stored = JSON.stringify(current.state().schedules);
          if (code === 0)
            expect(JSON.parse(stored)[0].startWorkflowRequest.input).toStrictEqual(plant(input, secret));
          else expect(fails).toBe(true);
        }
        // Annotations are only there when something deserves one.
        if (usable !== 'github') expect(said.length).toBeGreaterThan(0);
        seen += 1;
        const forms = (text: string) => [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)];
        const hidden = [...forms(secret), ...(inputBefore === input ? forms(old) : [])];
        expect(hidden.filter((form) => said.includes(form))).toStrictEqual([]);
      },
    ),
    { numRuns: 2 * lawSettings.httpRuns, seed: lawSettings.seed },
  );
  expect(seen).toBeGreaterThanOrEqual(2 * lawSettings.httpRuns);
});
