import { createServer, type IncomingMessage, METHODS, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Scheduler } from './core.ts';
import { badPath, type WireRequest, type WireResponse } from './wire.ts';

export type ServeOptions = {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** Every answer waits so long. */
  readonly latencyMs?: number;
  /** The scheduler can keep no more: what it was doing is not answered. Absent = it throws. */
  readonly onBroken?: (error: unknown) => void;
  /** Where the `Date` header of answers comes from, epoch milliseconds. Absent = the clock of the machine. */
  readonly now?: () => number;
};

/** A scheduler on a port. */
export type Served = {
  /** Scheme, host and port, without `/api`. */
  readonly url: string;
  readonly port: number;
  /** Stops the clock and drops every connection. */
  close(): Promise<void>;
};

// How late a fire can start. A real server is up to 1.3 s late.
const tickMs = 100;

/** Puts a scheduler on a port and lets it fire on its clock. Rejects when the port cannot be had. */
export function serve(
  scheduler: Pick<Scheduler, 'handle' | 'tick'>,
  { host, port, latencyMs = 0, onBroken, now }: ServeOptions,
): Promise<Served> {
  const dated = (answer: WireResponse): WireResponse =>
    now === undefined
      ? answer
      : { ...answer, headers: { ...answer.headers, date: new Date(now()).toUTCString() } };
  const attempt = <T>(action: () => T): T | undefined => {
    try {
      return action();
    } catch (error) {
      if (onBroken === undefined) throw error;
      onBroken(error);
      return undefined;
    }
  };
  const server = createServer((incoming, outgoing) => {
    read(incoming).then(
      (request) => {
        const answer = attempt(() => scheduler.handle(request));
        if (answer === undefined) outgoing.destroy();
        else send(outgoing, dated(answer), latencyMs);
      },
      // The client went away in the middle of its body.
      () => outgoing.destroy(),
    );
  });
  server.on('clientError', (error: Error & { readonly rawPacket?: Buffer }, socket) => {
    const unread = unreadRequest(error.rawPacket);
    const answer = attempt(() => (unread === undefined ? badPath() : scheduler.handle(unread)));
    if (answer === undefined || !socket.writable) socket.destroy();
    else socket.end(asText(dated(answer)));
  });
  // Longer than clients keep a connection, so that none of them writes into one that is just being closed.
  server.keepAliveTimeout = 60_000;
  const clock = setInterval(() => attempt(scheduler.tick), tickMs);
  clock.unref();

  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      clearInterval(clock);
      reject(error);
    });
    server.listen(port, host, () => {
      const address = server.address();
      const taken = typeof address === 'object' && address !== null ? address.port : port;
      resolve({
        url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
        port: taken,
        close: () =>
          new Promise((closed) => {
            clearInterval(clock);
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}

/** What Node does not read because it knows the verb as none of HTTP; a server does, and says that it is the wrong one. */
function unreadRequest(packet: Buffer | undefined): WireRequest | undefined {
  const [line = ''] = packet?.toString('latin1').split('\r\n', 1) ?? [];
  const [, method, target] = /^([A-Za-z]+) (\/[^ ]*) HTTP\/1\.1$/.exec(line) ?? [];
  if (method === undefined || target === undefined || METHODS.includes(method)) return undefined;
  const [path = '/', ...query] = target.split('?');
  return { method, path, query: query.join('?'), headers: {} };
}

function asText({ status, headers, body }: WireResponse): string {
  const lines = Object.entries({
    ...headers,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`;
}

async function read(incoming: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const [path = '/', ...query] = (incoming.url ?? '/').split('?');
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: incoming.method ?? 'GET',
    path,
    query: query.join('?'),
    headers: Object.fromEntries(headers),
    body: bytes.toString('utf8'),
    bytes,
  };
}

function send(outgoing: ServerResponse, response: WireResponse, latencyMs: number): void {
  const delay = latencyMs + (response.delayMs ?? 0);
  if (delay > 0) setTimeout(() => write(outgoing, response), delay).unref();
  else write(outgoing, response);
}

function write(outgoing: ServerResponse, { status, headers, body, broken }: WireResponse): void {
  const bytes = Buffer.from(body);
  // An answer without a body has no middle but its head.
  if (broken === 'reset' || (broken === 'cut-off' && bytes.length === 0)) {
    outgoing.socket?.resetAndDestroy();
    return;
  }
  outgoing.writeHead(status, { ...headers, 'content-length': bytes.length });
  if (broken === 'cut-off') {
    // The half must be on the wire before the connection breaks.
    outgoing.write(bytes.subarray(0, bytes.length / 2), () => outgoing.socket?.destroy());
    return;
  }
  outgoing.end(bytes);
}
