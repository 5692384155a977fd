import { isatty } from 'node:tty';
import type { Io, Loss, Losses } from './io.ts';
import { reasonOf } from './reasons.ts';

const [out, err] = [sinkOf(() => process.stdout), sinkOf(() => process.stderr)];

/** Standard output of this process. */
export const writeOut: Io['out'] = out.write;

/** Standard error of this process. */
export const writeErr: Io['err'] = err.write;

/** What the two did not take: see `Io`. */
export async function drained(): Promise<Losses> {
  const [lostOut, lostErr] = [await out.drained(), await err.drained()];
  return { ...(lostOut && { out: lostOut }), ...(lostErr && { err: lostErr }) };
}

/** What sits at the ends of the streams. None is opened for it: that takes a millisecond each. */
export function terminal(): Io['terminal'] {
  const out = isatty(1);
  const err = isatty(2);
  const columns = (out && process.stdout.columns) || (err && process.stderr.columns) || 80;
  return { out, err, in: isatty(0), columns };
}

/** One line typed by the user: see `Io`. */
export const ask: Io['ask'] = async (question, signal) => {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // A terminal that is read key by key sends no signal for Ctrl-C.
  lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const ended = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
  try {
    const answer = await Promise.race([lines.question(question, { ...(signal && { signal }) }), ended]);
    // What replaces bytes that are not UTF-8, and was not typed.
    return answer?.includes('\ufffd') ? undefined : answer;
  } catch {
    return undefined;
  } finally {
    lines.close();
  }
};

function sinkOf(open: () => NodeJS.WriteStream): {
  readonly write: (text: string) => void;
  readonly drained: () => Promise<Loss | undefined>;
} {
  let stream: NodeJS.WriteStream | undefined;
  let loss: Loss | undefined;
  return {
    write: (text) => {
      if (loss !== undefined) return;
      if (stream === undefined) {
        stream = open();
        // What comes after is written elsewhere anyway, and the end of the run says so.
        stream.on('error', (error: NodeJS.ErrnoException) => {
          loss ??= { kind: error.code === 'EPIPE' ? 'closed' : 'failed', why: reasonOf(error) };
        });
      }
      stream.write(text);
    },
    drained: async () => {
      if (stream === undefined || loss !== undefined) return loss;
      await new Promise<void>((resolve) => void stream?.write('', () => resolve()));
      // An error is told after the write that met it.
      await new Promise<void>((resolve) => void setImmediate(resolve));
      return loss;
    },
  };
}
