import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { troubleListening } from '../../../src/commands/serve/listening.ts';
import { main } from '../../../src/main.ts';
import { fakeIo } from '../../support/io.ts';

async function served(...flags: readonly string[]): Promise<string> {
  const heard = fakeIo({ cwd: '.' });
  expect(await main(['serve', ...flags], heard.io)).toBe(1);
  expect(heard.err()).not.toMatch(/\bE[A-Z]{4,}|getaddrinfo|listen /);
  return heard.err();
}

it('says that a port is in use', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  try {
    expect(await served('--port', String(port))).toBe(
      `error: port ${port} on 127.0.0.1 is already in use\nhint: stop the program that uses it, or choose another --port (0 = any free one)\n`,
    );
  } finally {
    other.close();
  }
});

it('says that an address is not of this machine', async () => {
  expect(await served('--host', '192.0.2.1', '--port', '0')).toContain(
    'error: "192.0.2.1" is not an address of this machine\nhint: use --host 127.0.0.1',
  );
});

it.each([
  ['ENOTFOUND', 'no address was found for the host "h.test"'],
  ['EAI_AGAIN', 'no address was found for the host "h.test"'],
  ['EACCES', 'this user may not listen on port 80 of h.test'],
  ['EOTHER', 'cannot listen on h.test, port 80: EOTHER'],
])('%s: %s', (code, message) => {
  const error = Object.assign(new Error('of the system'), { code });
  expect(troubleListening(error, 'h.test', 80).message).toBe(message);
});
