import { Agent, createServer, request } from 'node:http';

/** A proxy that sends each request to the next of several servers; nothing is remembered of who asked whom. */
export async function roundRobin(
  targets: readonly number[],
): Promise<{ readonly port: number; close(): Promise<void> }> {
  // A connection that is kept may be one that its other end is about to close.
  const agent = new Agent({ keepAlive: false });
  let turn = 0;
  const server = createServer((from, to) => {
    const port = targets[turn++ % targets.length];
    const { method, url, headers } = from;
    const onward = request({ host: '127.0.0.1', port, method, path: url, headers, agent }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(to);
    });
    onward.once('error', () => to.destroy());
    from.pipe(onward);
  });
  // The answers carry what the target says of its own connections.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('No port.');
  return {
    port: address.port,
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
