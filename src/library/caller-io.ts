import type { Io } from '../io/io.ts';
import { nodeIo } from '../io/node.ts';

/** What a call may take from elsewhere than this process; whatever is absent is real. */
export type World = Partial<
  Omit<Io, 'out' | 'err' | 'terminal' | 'drained' | 'ask' | 'onInterrupt' | 'appendFile' | 'signal'>
>;

/** The Io of a call: real files, clock and network, and neither the streams nor the signals of the process. */
export function callerIo(
  world: World,
  signal: AbortSignal | undefined,
): { readonly io: Io; readonly out: () => string; readonly err: () => string } {
  const [out, err]: [string[], string[]] = [[], []];
  const io: Io = {
    ...nodeIo(),
    ...world,
    ...(signal === undefined ? {} : { signal }),
    terminal: { out: false, err: false, in: false, columns: 80 },
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    drained: async () => ({}),
    ask: async () => undefined,
    onInterrupt: (callback) => {
      if (signal?.aborted) callback();
      signal?.addEventListener('abort', callback, { once: true });
      return () => signal?.removeEventListener('abort', callback);
    },
  };
  return { io, out: () => out.join(''), err: () => err.join('') };
}
