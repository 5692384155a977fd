import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { wait } from '../../../src/io/clock.ts';

it('waiting for no time lets what was begun go out', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    let isConnected = false;
    socket.on('connect', () => {
      isConnected = true;
    });
    await wait(0);
    expect(isConnected).toBe(true);
    socket.destroy();
  } finally {
    server.close();
  }
});
