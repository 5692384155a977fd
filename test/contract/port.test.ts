import { describe } from 'vitest';
import type { ServerType } from '../../src/model/port.ts';
import type { ServedType } from '../../src/scheduler/server-types.ts';
import { serveLocal, testScheduler } from '../support/scheduler.ts';
import { portContract } from './port.ts';

// What an older Orkes server is shows only in its verbs.
const recognised: { readonly [B in ServedType]: ServerType } = {
  'oss-1': 'oss-1',
  'oss-2': 'oss-2',
  'orkes-old': 'orkes-new',
  'orkes-new': 'orkes-new',
  documented: 'documented',
};

for (const [serverType, expected] of Object.entries(recognised) as [ServedType, ServerType][]) {
  const open = async () => {
    const scheduler = testScheduler({ serverType });
    const served = await serveLocal(scheduler);
    return { ...served, elapse: async (ms: number) => scheduler.advance(ms) };
  };
  const keepsPauseReason = serverType.startsWith('oss') || serverType === 'orkes-new';
  const login = serverType.startsWith('orkes')
    ? { credentials: { kind: 'key', key: 'id', secret: 'secret' } as const }
    : {};

  describe(`the local scheduler as ${serverType}, found out`, () => {
    portContract({ recognised: expected, keepsPauseReason, open, ...login });
  });
  describe(`the local scheduler as ${serverType}, configured`, () => {
    portContract({ recognised: serverType, configured: serverType, keepsPauseReason, open, ...login });
  });
}
