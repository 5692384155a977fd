import { describe } from 'vitest';
import type { Behaviour } from '../../src/model/port.ts';
import type { ServedBehaviour } from '../../src/scheduler/behaviours.ts';
import { serveLocal, testScheduler } from '../support/scheduler.ts';
import { portContract } from './port.ts';

// What an older Orkes server is shows only in its verbs.
const recognised: { readonly [B in ServedBehaviour]: Behaviour } = {
  'oss-1': 'oss-1',
  'oss-2': 'oss-2',
  'orkes-old': 'orkes-new',
  'orkes-new': 'orkes-new',
  documented: 'documented',
};

for (const [behaviour, expected] of Object.entries(recognised) as [ServedBehaviour, Behaviour][]) {
  const open = async () => {
    const scheduler = testScheduler({ behaviour });
    const served = await serveLocal(scheduler);
    return { ...served, elapse: async (ms: number) => scheduler.advance(ms) };
  };
  const keepsPauseReason = behaviour.startsWith('oss') || behaviour === 'orkes-new';
  const login = behaviour.startsWith('orkes')
    ? { credentials: { kind: 'key', key: 'id', secret: 'secret' } as const }
    : {};

  describe(`the local scheduler as ${behaviour}, found out`, () => {
    portContract({ recognised: expected, keepsPauseReason, open, ...login });
  });
  describe(`the local scheduler as ${behaviour}, configured`, () => {
    portContract({ recognised: behaviour, configured: behaviour, keepsPauseReason, open, ...login });
  });
}
