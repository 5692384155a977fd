import { expect, inject, it } from 'vitest';
import { canonicalJson, isObject, type Json, objectOf } from '../../src/model/json.ts';
import { createScheduler } from '../../src/scheduler/core.ts';
import { serve } from '../../src/scheduler/serve.ts';
import { deleteSchedules } from '../support/clean-up.ts';
import { javascriptVersions, javaVersions, pythonVersions } from './install.ts';
import { javaSteps } from './java.ts';
import { javascriptSteps } from './javascript.ts';
import { pythonSteps } from './python.ts';
import { openAt } from './session.ts';
import type { Outcome } from './steps.ts';

const { url } = inject('realServer');

/** Calls whose outcomes differ between Conductor 3.32.1 and `serve`, each with its reason. */
const known: readonly { readonly method: string; readonly reason: string }[] = [];

const workflows = ['order_processing', 'ag'];
const times = new Set([
  'createTime',
  'updatedTime',
  'updateTime',
  'create_time',
  'update_time',
  'updated_time',
]);
const id = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** An outcome with everything in its place that differs from server to server: times, ids and host names. */
function settled(value: Json, key = ''): Json {
  if (times.has(key) && value !== null) return '<time>';
  if (key === 'instance') return '<host>';
  if (typeof value === 'string')
    return id.test(value)
      ? '<id>'
      : value.replace(/"instance":"[^"]*"/, '"instance":"<host>"').replace(/<!doctype html>.*$/is, '<html>');
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => settled(item));
  if (!isObject(value)) return value;
  return objectOf(Object.entries(value).map(([name, item]): [string, Json] => [name, settled(item, name)]));
}

it.each([
  ...pythonVersions.map((version) => ['conductor-python', version, pythonSteps] as const),
  ...javascriptVersions.map((version) => ['conductor-javascript', version, javascriptSteps] as const),
  ...javaVersions.map((version) => ['conductor-client (Java)', version, javaSteps] as const),
])('%s %s has the same outcomes on Conductor and on serve', async (_client, version, steps) => {
  const local = await serve(createScheduler({ serverType: 'oss-2', now: Date.now }), {
    host: '127.0.0.1',
    port: 0,
  });
  const servers = [url, local.url];
  for (const server of servers)
    for (const name of workflows) {
      const task = { name: 's', taskReferenceName: 's', type: 'SET_VARIABLE', inputParameters: { x: 1 } };
      const answer = await fetch(`${server}/api/metadata/workflow?overwrite=true`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name, version: 1, schemaVersion: 2, tasks: [task] }),
      });
      expect(answer.status).toBe(200);
    }
  const sessions = await Promise.all(servers.map((server) => openAt(version, server)));
  const different: string[] = [];
  let calls = 0;
  try {
    for (const { method, args } of steps(version, 'oss-2')) {
      const [real, ours] = await Promise.all(sessions.map((session) => session.call({ method, args })));
      calls += 1;
      const [theirs, mine] = [real, ours].map((outcome) => canonicalJson(settled(outcome as Outcome & Json)));
      if (theirs !== mine && !known.some((difference) => difference.method === method))
        different.push(`${method} ${JSON.stringify(args)}\n  real  ${theirs}\n  local ${mine}`);
    }
  } finally {
    for (const session of sessions) await session.close();
    await local.close();
    const left = (await (await fetch(`${url}/api/scheduler/schedules`)).json()) as readonly {
      name: string;
    }[];
    await deleteSchedules(
      `${url}/api`,
      left.map(({ name }) => name),
    );
  }
  expect(calls).toBeGreaterThan(20);
  expect(different.join('\n')).toBe('');
});
