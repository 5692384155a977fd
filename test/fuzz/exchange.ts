import { connect, type Socket } from 'node:net';

/** What a server answered to some bytes; `null` = it closed the connection without an answer. */
export type RawAnswer = {
  readonly status: number;
  /** Names in lower case; several of a name are joined by a comma. */
  readonly headers: { readonly [name: string]: string };
  readonly body: Buffer;
} | null;

/** A connection that sends bytes as they are, one request after the other. */
export type Line = {
  /** Sends one request; the answer to a HEAD has no body, whatever its length says. */
  send(bytes: Buffer, isHead: boolean): Promise<RawAnswer>;
  close(): void;
};

const patienceMs = 30_000;

/** Opens a connection when there is something to send, and another one when the server has closed it. */
export function openLine(port: number): Line {
  let socket: Socket | undefined;

  function opened(): Socket {
    if (socket !== undefined && !socket.destroyed && socket.readyState === 'open') return socket;
    const fresh = connect(port, '127.0.0.1');
    fresh.setNoDelay(true);
    socket = fresh;
    return fresh;
  }

  function attempt(bytes: Buffer, isHead: boolean): Promise<RawAnswer> {
    const wire = opened();
    let seen: Buffer = Buffer.alloc(0);
    return new Promise((resolve, reject) => {
      const patience = setTimeout(
        () => end(() => reject(new Error('The server did not answer.'))),
        patienceMs,
      );
      const end = (action: () => void): void => {
        clearTimeout(patience);
        wire.off('data', onData);
        wire.off('close', onClose);
        wire.off('error', onError);
        action();
      };
      const onData = (chunk: Buffer): void => {
        seen = Buffer.concat([seen, chunk]);
        const answer = readAnswer(seen, isHead, false);
        if (answer === undefined) return;
        const closes = /close/i.test(answer?.headers.connection ?? '');
        if (closes) wire.destroy();
        end(() => resolve(answer));
      };
      const onClose = (): void => end(() => resolve(readAnswer(seen, isHead, true) ?? null));
      // A reset after an answer comes with a `close` of its own.
      const onError = (): void => undefined;
      wire.on('data', onData);
      wire.on('close', onClose);
      wire.on('error', onError);
      wire.write(bytes);
    });
  }

  return {
    async send(bytes, isHead) {
      const reused = socket !== undefined && !socket.destroyed;
      const answer = await attempt(bytes, isHead);
      // The server may have closed an idle connection just then.
      return answer === null && reused ? attempt(bytes, isHead) : answer;
    },
    close: () => socket?.destroy(),
  };
}

/** One whole answer; undefined = more must come. */
function readAnswer(seen: Buffer, isHead: boolean, ended: boolean): RawAnswer | undefined {
  const headEnd = seen.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [statusLine = '', ...lines] = seen.subarray(0, headEnd).toString('latin1').split('\r\n');
  const status = Number(statusLine.split(' ')[1]);
  const headers: { [name: string]: string } = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  const rest = seen.subarray(headEnd + 4);
  if (status === 100) return readAnswer(rest, isHead, ended);
  if (isHead || status === 204 || status === 304) return { status, headers, body: Buffer.alloc(0) };
  if (headers['transfer-encoding'] === 'chunked') {
    const body = unchunked(rest);
    return body === undefined ? undefined : { status, headers, body };
  }
  const length = headers['content-length'];
  if (length === undefined) return ended ? { status, headers, body: rest } : undefined;
  return rest.length < Number(length)
    ? undefined
    : { status, headers, body: rest.subarray(0, Number(length)) };
}

function unchunked(bytes: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    const end = lineEnd + 2 + size;
    if (bytes.length < end + 2) return undefined;
    if (size === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(lineEnd + 2, end));
    at = end + 2;
  }
}
