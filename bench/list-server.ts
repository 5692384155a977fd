import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RequestCounts } from './counts.ts';

/**
 * A program: answers the list from memory and counts what it was asked. Run with an IPC channel, over which it tells
 * its port and with which it ends. Its own routes, under /bench, are not counted:
 * `PUT /bench/list` sets the list's text, `GET /bench/requests` gives the counts, `DELETE /bench/requests` zeroes them.
 * With the argument `orkes` it wants a token first, as Orkes does; else it answers as OSS 3.32.1.
 */
const wantsToken = process.argv[2] === 'orkes';
const token = 'bench-token';
let list = Buffer.from('[]');
let counts: { [request: string]: number } = {};

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const called = `${request.method} ${pathname}`;
    if (!pathname.startsWith('/bench/')) counts[called] = (counts[called] ?? 0) + 1;
    const answer = (status: number, body: string | Buffer, type = 'application/json'): void => {
      response
        .writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
        .end(body);
    };
    switch (called) {
      case 'GET /api/scheduler/schedules':
        if (wantsToken && request.headers['x-authorization'] !== token)
          return answer(401, '{"error":"INVALID_TOKEN","message":"Token is invalid"}');
        return answer(200, list);
      case 'GET /api/version':
        return answer(200, wantsToken ? '5.2.0' : '3.32.1', 'text/plain');
      case 'POST /api/token':
        return wantsToken ? answer(200, JSON.stringify({ token })) : answer(404, noRoute(pathname));
      case 'PUT /bench/list':
        list = Buffer.concat(chunks);
        return answer(200, '');
      case 'GET /bench/requests':
        return answer(200, JSON.stringify(counts satisfies RequestCounts));
      case 'DELETE /bench/requests':
        counts = {};
        return answer(200, '');
      default:
        return answer(404, noRoute(pathname));
    }
  });
});

function noRoute(pathname: string): string {
  return JSON.stringify({
    status: 404,
    message: `No static resource ${pathname.slice(1)}.`,
    retryable: false,
  });
}

// Also when the other side was killed: nobody is left to end this process then.
process.on('disconnect', () => {
  server.close();
  server.closeAllConnections();
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
