import { afterAll, beforeAll, describe } from 'vitest';
import type { JsonObject } from '../../../src/model/json.ts';
import { createScheduler, type Scheduler } from '../../../src/scheduler/core.ts';
import type { Served } from '../../../src/scheduler/serve.ts';
import { ownerSituations } from '../../support/owner-situations.ts';
import { serveLocal, wireRequest } from '../../support/scheduler.ts';

describe.each(['oss-2', 'orkes-new'] as const)('on %s', (serverType) => {
  let scheduler: Scheduler;
  let served: Served;
  beforeAll(async () => {
    scheduler = createScheduler({ serverType, acceptAnyWorkflow: true, now: Date.now });
    served = await serveLocal(scheduler);
  });
  afterAll(() => served.close());
  const hasTags = serverType === 'orkes-new';

  ownerSituations({
    hasTags,
    many: 40,
    env: () => ({
      CONDUCTOR_SERVER_URL: served.url,
      ...(hasTags ? { CONDUCTOR_AUTH_KEY: 'k', CONDUCTOR_AUTH_SECRET: 's' } : {}),
    }),
    async put(body, tags) {
      scheduler.put(body as JsonObject, tags);
    },
    async stored(names) {
      const { schedules, tags } = scheduler.state();
      const found = schedules.filter(({ name }) => names.includes(String(name)));
      return new Map(found.map((body) => [String(body.name), { body, tags: tags[String(body.name)] ?? [] }]));
    },
    async clear(names) {
      const token = scheduler.handle(wireRequest('POST', '/api/token', { keyId: 'k', keySecret: 's' }));
      const headers: Record<string, string> =
        token.status === 200 ? { 'x-authorization': String(JSON.parse(token.body).token) } : {};
      for (const name of names)
        scheduler.handle(wireRequest('DELETE', `/api/scheduler/schedules/${name}`, undefined, headers));
    },
  });
});
