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

/**
 * Reads a body to its end, or to the first limit. Throws what the connection throws.
 *
 * The deadline is not a signal: between the caller's and the one that fetch listens to, Node 20 lets the garbage
 * collector take the link away, and a body that stalls hangs for ever.
 */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  { ms, mostBytes, strict }: BodyLimits,
): Promise<Body> {
  const reader = body?.getReader();
  if (reader === undefined) return { kind: 'text', text: '' };
  // It closes the connection and ends the read that is waiting.
  const close = (): void => void reader.cancel().catch(() => {});
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    close();
  }, ms);
  const decoder = new TextDecoder('utf-8', { fatal: strict });
  const decode = (bytes?: Uint8Array): string | undefined => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch {
      return undefined;
    }
  };
  try {
    let text = '';
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (late) return { kind: 'late' };
      const piece = decode(value);
      if (done) return piece === undefined ? { kind: 'cut-off' } : { kind: 'text', text: text + piece };
      size += value.byteLength;
      if (piece !== undefined && size <= mostBytes) {
        text += piece;
        continue;
      }
      close();
      return { kind: piece === undefined ? 'not-utf-8' : 'too-large' };
    }
  } finally {
    clearTimeout(timer);
  }
}
