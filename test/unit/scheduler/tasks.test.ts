import { describe, expect, it } from 'vitest';
import { type JsonObject, parseJson } from '../../../src/model/json.ts';
import type { WireResponse } from '../../../src/scheduler/wire.ts';
import { type TestScheduler, testScheduler } from '../../support/scheduler.ts';

const worker = (name: string): JsonObject => ({ name, taskReferenceName: `${name}_ref`, type: 'SIMPLE' });
const set = { name: 's', taskReferenceName: 's', type: 'SET_VARIABLE', inputParameters: { x: 1 } };

function jsonOf(answer: WireResponse): JsonObject {
  const parsed = parseJson(answer.body);
  if (!parsed.ok) throw new Error(answer.body);
  return parsed.value as JsonObject;
}

/** A scheduler on which a workflow with these tasks was started. */
function started(tasks: readonly JsonObject[], options: { readonly completeAfterMs?: number } = {}) {
  const scheduler = testScheduler(options);
  scheduler.ask('POST', '/api/metadata/workflow', { name: 'w', tasks });
  const id = scheduler.ask('POST', '/api/workflow', { name: 'w', input: { q: 1 } }).body;
  return { scheduler, id, run: () => jsonOf(scheduler.ask('GET', `/api/workflow/${id}`)) };
}

function poll(scheduler: TestScheduler, type: string): JsonObject {
  const answer = scheduler.ask('GET', `/api/tasks/poll/${type}?workerid=me`);
  expect(answer.status).toBe(200);
  return jsonOf(answer);
}

describe('a workflow', () => {
  it.each([
    [[set], 'COMPLETED'],
    [[worker('a')], 'RUNNING'],
    [[set, worker('a')], 'RUNNING'],
    [[{ ...set, type: 'WAIT' }], 'RUNNING'],
  ])('of %j is %s after its start', (tasks, status) => {
    expect(started(tasks).run()).toMatchObject({ status, workflowName: 'w', input: { q: 1 } });
  });

  it('continues as workers report, in the order of its tasks, and completes with the last', () => {
    const { scheduler, id, run } = started([worker('a'), set, worker('b')]);
    expect(scheduler.ask('GET', '/api/tasks/poll/b').status).toBe(204);
    for (const name of ['a', 'b']) {
      const task = poll(scheduler, name);
      expect(task).toMatchObject({ taskType: name, status: 'IN_PROGRESS', workerId: 'me', pollCount: 1 });
      expect(scheduler.ask('GET', `/api/tasks/poll/${name}`).status).toBe(204);
      expect(run().status).toBe('RUNNING');
      const result = { workflowInstanceId: id, taskId: task.taskId ?? null, status: 'COMPLETED' };
      expect(scheduler.ask('POST', '/api/tasks', result).body).toBe(task.taskId);
    }
    expect(run()).toMatchObject({
      status: 'COMPLETED',
      tasks: [{ status: 'COMPLETED' }, { status: 'COMPLETED' }, { status: 'COMPLETED' }],
    });
  });

  it('fails at once on a terminal error, else after four tries of a task', () => {
    const last = (status: string, times: number): unknown => {
      const { scheduler, id, run } = started([worker('a')]);
      for (let time = 0; time < times; time += 1) {
        const { taskId = null } = poll(scheduler, 'a');
        scheduler.ask('POST', '/api/tasks', {
          workflowInstanceId: id,
          taskId,
          status,
          reasonForIncompletion: 'no',
        });
      }
      return run().status;
    };
    expect(last('FAILED_WITH_TERMINAL_ERROR', 1)).toBe('FAILED');
    expect(last('FAILED', 3)).toBe('RUNNING');
    expect(last('FAILED', 4)).toBe('FAILED');
  });

  it('is completed by the clock if asked for', () => {
    const { scheduler, run } = started([worker('a')], { completeAfterMs: 5000 });
    scheduler.advance(4900);
    expect(run().status).toBe('RUNNING');
    scheduler.advance(200);
    expect(run()).toMatchObject({ status: 'COMPLETED', endTime: scheduler.clock.now() - 100 });
  });

  it('is terminated once', () => {
    const { scheduler, id, run } = started([worker('a')]);
    expect(scheduler.ask('DELETE', `/api/workflow/${id}?reason=stop`).status).toBe(200);
    expect(scheduler.ask('DELETE', `/api/workflow/${id}?reason=again`).status).toBe(200);
    expect(run()).toMatchObject({ status: 'TERMINATED', reasonForIncompletion: 'stop' });
    expect(scheduler.ask('DELETE', '/api/workflow/none').status).toBe(404);
    expect(scheduler.ask('GET', '/api/tasks/poll/a').status).toBe(204);
  });
});

it('searches workflows by status and type, the newest first', () => {
  const { scheduler, id } = started([worker('a')]);
  scheduler.advance(1000);
  scheduler.ask('POST', '/api/metadata/workflow', { name: 'done', tasks: [set] });
  scheduler.ask('POST', '/api/workflow', { name: 'done' });
  const found = (query: string): unknown => {
    const answer = scheduler.ask('GET', `/api/workflow/search?query=${encodeURIComponent(query)}`);
    return answer.status === 200
      ? (jsonOf(answer).results as readonly JsonObject[]).map(({ workflowType }) => workflowType)
      : answer.status;
  };
  expect(found('')).toEqual(['done', 'w']);
  expect(found('status IN (RUNNING)')).toEqual(['w']);
  expect(found("workflowType = 'done' AND status IN (COMPLETED,FAILED)")).toEqual(['done']);
  expect(found(`workflowId='${id}'`)).toEqual(['w']);
  expect(found('x')).toBe(400);
});

it.each([
  [
    { workflowInstanceId: 'none', taskId: 't', status: 'COMPLETED' },
    404,
    'No such workflow found by id: none',
  ],
  [{ taskId: 't' }, 400, 'Workflow Id cannot be null or empty'],
  [{ workflowInstanceId: 'none', status: 'DONE' }, 500, 'JSON parse error'],
])('refuses the result %j', (result, status, says) => {
  const answer = testScheduler().ask('POST', '/api/tasks', result);
  expect(answer.status).toBe(status);
  expect(answer.body).toContain(says);
});

it('answers polls without a task', () => {
  const scheduler = testScheduler();
  expect(scheduler.ask('GET', '/api/tasks/poll/a')).toMatchObject({ status: 204, body: '' });
  expect(scheduler.ask('GET', '/api/tasks/poll/batch/a?count=5')).toMatchObject({ status: 200, body: '[]' });
  expect(scheduler.ask('GET', '/api/tasks/none').status).toBe(404);
});
