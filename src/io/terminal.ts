import type { Io } from './io.ts';

/** Standard output of this process. */
export const writeOut: Io['out'] = writerTo(() => process.stdout);

/** Standard error of this process. */
export const writeErr: Io['err'] = writerTo(() => process.stderr);

/** What sits at the ends of the streams. They are opened when they are used: opening all is much of `--version`'s time. */
export function terminal(): Io['terminal'] {
  const { stdin, stdout, stderr } = process;
  return {
    out: stdout.isTTY === true,
    err: stderr.isTTY === true,
    in: stdin.isTTY === true,
    columns: stdout.columns || stderr.columns || 80,
  };
}

/** One line typed by the user; undefined at the end of input. */
export const ask: Io['ask'] = async (question) => {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } catch {
    return undefined;
  } finally {
    lines.close();
  }
};

function writerTo(open: () => NodeJS.WriteStream): (text: string) => void {
  let stream: NodeJS.WriteStream | undefined;
  return (text) => {
    if (stream === undefined) {
      stream = open();
      // A reader that went away (`downbeat plan | head`) is no error of ours.
      stream.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') throw error;
      });
    }
    stream.write(text);
  };
}
