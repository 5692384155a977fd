import { describe, inject } from 'vitest';
import { portContract } from '../contract/port.ts';

const { url } = inject('realServer');
const open = async () => ({
  url,
  close: async () => undefined,
  elapse: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
});

describe('the real server, found out', () => {
  portContract({ recognised: 'oss-2', keepsPauseReason: true, open });
});
describe('the real server, configured', () => {
  portContract({ recognised: 'oss-2', configured: 'oss-2', keepsPauseReason: true, open });
});
