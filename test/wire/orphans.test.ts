import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { markedDescription } from '../../src/model/marks/marker.ts';
import { createScheduler } from '../../src/scheduler/core.ts';
import { scheduleBody, serveLocal } from '../support/scheduler.ts';
import { directoryWith, manifestsOf, removeDirectories, run } from './cli.ts';

afterEach(removeDirectories);

it('1,000 orphans are refused with the flag that accepts them, and deleted with it', async () => {
  const scheduler = createScheduler({ serverType: 'oss-2', now: Date.now });
  const names = Array.from({ length: 1000 }, (_, index) => `s${index}`);
  for (const name of [...names, 'kept'])
    scheduler.put(
      scheduleBody(name, {
        description: markedDescription(name, undefined, { owner: 'us', protected: false }),
        startWorkflowRequest: { name: 'w' },
      }),
    );
  const server = await serveLocal(scheduler);
  try {
    const cwd = directoryWith(manifestsOf('kept'));
    writeFileSync(join(cwd, 'downbeat.yaml'), 'owner: us\n');
    const apply = (...flags: readonly string[]) =>
      run(['apply', '--auto-approve', '--prune', '--server', server.url, ...flags], { cwd });
    const left = (): number => scheduler.state().schedules.length;

    const refused = await apply();
    expect(refused.code).toBe(3);
    expect(refused.out).toContain('the plan has 1,000 deletes, over the limit of 300');
    const [flag = ''] = /--max-deletes \d+/.exec(refused.out) ?? [];
    expect(flag).toBe('--max-deletes 1000');
    expect(left()).toBe(1001);

    expect((await apply('--max-deletes', '999')).code).toBe(3);
    expect(left()).toBe(1001);

    const accepted = await apply(...flag.split(' '));
    expect(accepted.code).toBe(0);
    expect(accepted.out.split('\n').at(-2)).toMatch(/^Applied: 1000 done, 0 failed/);
    expect(scheduler.state().schedules.map(({ name }) => name)).toStrictEqual(['kept']);
  } finally {
    await server.close();
  }
});
