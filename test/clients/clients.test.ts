import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import { type ServedType, serverTypes } from '../../src/scheduler/server-types.ts';
import { javascriptVersions, javaVersions, pythonVersions } from './install.ts';
import { javaSteps } from './java.ts';
import { javascriptSteps } from './javascript.ts';
import { pythonSteps } from './python.ts';
import { open } from './session.ts';
import { cell, type Step } from './steps.ts';

type Client = {
  readonly client: string;
  readonly version: string;
  readonly steps: (version: string, serverType: ServedType) => readonly Step[];
  readonly list: string;
  readonly listArgs: readonly Json[];
  /** How its request for a token looks. */
  readonly token: string;
};

const token = 'POST /api/token {"keyId":"K","keySecret":"SEC"}';
const clients: readonly Client[] = [
  ...pythonVersions.map((version) => ({
    client: 'conductor-python',
    version,
    steps: pythonSteps,
    list: 'get_all_schedules',
    listArgs: [],
    token,
  })),
  ...javascriptVersions.map((version) => ({
    client: 'conductor-javascript',
    version,
    steps: javascriptSteps,
    list: 'getAllSchedules',
    listArgs: [],
    token: `${token} (chunked)`,
  })),
  ...javaVersions.map((version) => ({
    client: 'conductor-client (Java)',
    version,
    steps: javaSteps,
    list: 'getAllSchedules',
    listArgs: [null],
    token,
  })),
];
const served = Object.keys(serverTypes) as readonly ServedType[];

/** Methods that the JavaScript client has for itself: private in its types. */
const internal = ['constructor', 'client', 'authHeaders', 'pauseResumeWithVerbFallback', 'raw'];

describe.each(clients)('$client $version', ({ version, steps, list, listArgs, token }) => {
  it.each(served)('talks to %s', async (serverType) => {
    const expected = steps(version, serverType);
    const session = await open(version, serverType);
    try {
      expect(session.opened).toEqual({ sent: [token], outcome: { returns: expect.any(Array) } });
      const { returns: methods } = session.opened.outcome as { returns: readonly string[] };
      const called = new Set(expected.map(({ method }) => method));
      expect(methods.filter((method) => !called.has(method) && !internal.includes(method))).toEqual([]);

      const seen: Step[] = [];
      for (const { method, args } of expected) {
        seen.push({ method, args, ...(await session.call({ method, args })) });
      }
      expect(seen).toEqual(expected);
    } finally {
      expect(await session.close()).toBe(0);
    }
  });

  it.each(served)('gets a new token from %s when one expires', async (serverType) => {
    const session = await open(version, serverType);
    try {
      session.scheduler.expireTokens();
      const request = 'GET /api/scheduler/schedules';
      expect(await session.call({ method: list, args: listArgs })).toEqual({
        // Conductor OSS has no tokens: the 404 at the start was the end of it.
        sent: cell(serverType, { orkes: [request, token, request], else: [request] }),
        outcome: { returns: [] },
      });
    } finally {
      expect(await session.close()).toBe(0);
    }
  });
});
