/**
 * Ends early when `signal` is aborted. No time at all is one turn of the event loop or two, in which requests that were
 * begun are sent.
 */
export function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  // A timer of 0, or one turn, may end before the loop has looked for new connections.
  if (milliseconds === 0) return new Promise((resolve) => void setImmediate(() => setImmediate(resolve)));
  return new Promise((resolve) => {
    const ends = signal === undefined ? undefined : endsAt(signal);
    const done = (): void => {
      clearTimeout(timer);
      ends?.delete(done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    if (signal?.aborted) done();
    else ends?.add(done);
  });
}

const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/** One listener for everything that waits: Node warns of more than ten. */
function endsAt(signal: AbortSignal): Set<() => void> {
  const known = waiting.get(signal);
  if (known !== undefined) return known;
  const ends = new Set<() => void>();
  waiting.set(signal, ends);
  signal.addEventListener('abort', () => {
    for (const end of ends) end();
  });
  return ends;
}
