import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isObject } from '../../../src/model/json.ts';
import type { ServedType } from '../../../src/scheduler/server-types.ts';
import { cells, type Expected, schedules } from './cells.ts';
import { registerWorkflow, semantics } from './semantics.ts';
import { type Answer, type Ask, ask, askRaw, freshWord, type Target } from './target.ts';
import { type Transcript, transcripts } from './transcripts.ts';

/** A target that was opened for the cases of one `contract`. */
export interface OpenTarget extends Target {
  close(): Promise<void>;
}

export interface ContractOptions {
  readonly serverType: ServedType;
  /** Opened before the first case, closed after the last. */
  readonly open: () => Promise<OpenTarget>;
  /** Absent = all of them; false for a server on which nothing may stay behind. */
  readonly mayLeaveTraces?: boolean;
}

/** The contract of a Conductor server over raw HTTP, run alike on the local scheduler and on a real server. */
export function contract({ serverType, open, mayLeaveTraces = true }: ContractOptions): void {
  let target: OpenTarget;
  beforeAll(async () => {
    target = await open();
  });
  afterAll(async () => target?.close());

  describe('operations', () => {
    it.each(cells)('$operation', async ({ prepare, ask: question, expect: answers }) => {
      const word = freshWord();
      const before = prepare?.(word) ?? [];
      for (const request of before) expect((await askRaw(target, request)).status).toBe(200);
      const answer = await ask(target, question(word));
      await cleanUp(target, [...before, question(word)]);
      meets(answer, answers(word)[serverType]);
    });
  });

  if (serverType === 'oss-2') {
    describe('transcripts', () => {
      it.each(transcriptsFor(mayLeaveTraces))('$title', async ({ steps }) => {
        const all = steps(freshWord());
        const answers = await play(
          target,
          all.map((step) => step.ask),
        );
        expect(answers).toHaveLength(all.length);
        all.forEach((step, index) => {
          meets(answers[index], step.expect, `${step.ask.method} ${step.ask.path}`);
        });
      });
    });
  }

  if (serverType.startsWith('oss-')) {
    describe('over time', () => {
      it.each(semantics)('$title', async ({ holds }) => {
        const word = freshWord();
        expect((await askRaw(target, registerWorkflow(word))).status).toBe(200);
        try {
          await holds(target, word);
        } finally {
          await cleanUpWord(target, word);
        }
      });
    });
  }
}

/** The transcripts that a server may be given. */
export function transcriptsFor(mayLeaveTraces: boolean): readonly Transcript[] {
  return transcripts.filter(({ leavesTraces }) => mayLeaveTraces || leavesTraces === undefined);
}

/** Sends requests one after the other, answers their answers, and removes what they saved. */
export async function play(target: Target, asks: readonly Ask[]): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const request of asks) answers.push(await ask(target, request));
  await cleanUp(target, asks);
  return answers;
}

function meets(answer: Answer | undefined, { status, type, body }: Expected, request = ''): void {
  expect(answer, request).toEqual({
    status,
    type: type === undefined ? answer?.type : type,
    body: body === undefined ? answer?.body : body,
  });
}

/** Deletes every schedule that the requests saved; those that cannot be deleted stay. */
async function cleanUp(target: Target, asks: readonly Ask[]): Promise<void> {
  const names = asks
    .filter(({ method, path }) => method === 'POST' && path.startsWith(schedules()))
    .map(({ body }) => (isObject(body as never) ? (body as { name?: unknown }).name : undefined))
    .filter((name) => typeof name === 'string');
  for (const name of new Set(names)) await askRaw(target, { method: 'DELETE', path: schedules(name) });
}

async function cleanUpWord(target: Target, word: string): Promise<void> {
  const { body } = await askRaw(target, { method: 'GET', path: schedules() });
  const list = Array.isArray(body) ? body.filter(isObject) : [];
  for (const { name } of list)
    if (String(name).startsWith(word))
      await askRaw(target, { method: 'DELETE', path: schedules(String(name)) });
  await askRaw(target, { method: 'DELETE', path: `/api/metadata/workflow/${word}/1` });
}
