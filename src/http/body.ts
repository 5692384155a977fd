import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Duplex, Readable } from 'node:stream';

/** What became of the body of an answer. */
export type Body =
  | { readonly kind: 'text'; readonly text: string }
  /** Not all of it came in time. */
  | { readonly kind: 'late' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'not-utf-8' }
  /** It ends in the middle of a character. */
  | { readonly kind: 'cut-off' };

export interface BodyLimits {
  /** Milliseconds from now. */
  readonly ms: number;
  /** After decompression. */
  readonly mostBytes: number;
  /** Refuse what is not UTF-8; otherwise each faulty byte becomes the replacement character. */
  readonly strict: boolean;
}

/** Reads a body, which comes in buffers, to its end or to the first limit. Rejects with what the connection says. */
export function readBody(body: Readable, { ms, mostBytes, strict }: BodyLimits): Promise<Body> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const end = (read: Body): void => {
      clearTimeout(timer);
      resolve(read);
    };
    const giveUp = (read: Body): void => {
      body.removeAllListeners('data').destroy();
      end(read);
    };
    const timer = setTimeout(giveUp, ms, { kind: 'late' });
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    // It may have broken off between its headers and this.
    if (body.errored) fail(body.errored);
    body.on('error', fail);
    body.on('data', (piece: Buffer) => {
      size += piece.byteLength;
      pieces.push(piece);
      if (size <= mostBytes) return;
      const read = textOf(pieces, strict);
      giveUp(read.kind === 'not-utf-8' ? read : { kind: 'too-large' });
    });
    body.on('end', () => {
      const read = textOf(pieces, strict);
      // Two turns of the event loop show that a server closes after its answer without saying so.
      setImmediate(() => setImmediate(end, read));
    });
  });
}

function textOf(pieces: readonly Buffer[], strict: boolean): Body {
  const bytes = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
  if (strict && !isUtf8(bytes)) return { kind: isBegun(bytes) ? 'cut-off' : 'not-utf-8' };
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return { kind: 'text', text: bytes.toString('utf8', hasMark ? 3 : 0) };
}

/** Whether bytes that are not UTF-8 would be with more of them. */
function isBegun(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/**
 * The body of an answer without its compression. Of several codings the last is undone first; where one is not known,
 * none is, as in Node's fetch.
 */
export async function unpacked(response: IncomingMessage): Promise<Readable> {
  const codings = response.headers['content-encoding'];
  if (codings === undefined) return response;
  const { constants, createBrotliDecompress, createGunzip, createInflate } = await import('node:zlib');
  // Servers send compressed answers that lack their end; what is missing shows in the JSON.
  const flushing = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
  const operation = constants.BROTLI_OPERATION_FLUSH;
  const decoders = new Map<string, () => Duplex>([
    ['gzip', () => createGunzip(flushing)],
    ['x-gzip', () => createGunzip(flushing)],
    ['deflate', () => createInflate(flushing)],
    ['br', () => createBrotliDecompress({ flush: operation, finishFlush: operation })],
  ]);
  const steps = codings.toLowerCase().split(',').reverse();
  const chosen = steps.flatMap((coding) => decoders.get(coding.trim()) ?? []);
  if (chosen.length < steps.length) return response;
  return chosen.reduce<Readable>((source, decoder) => {
    const next = decoder();
    // A pipe passes no error on.
    if (source.errored) next.destroy(source.errored);
    source.on('error', (error) => next.destroy(error));
    return source.pipe(next);
  }, response);
}
