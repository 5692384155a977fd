import { writeSync } from 'node:fs';
import { reasonOf } from './reasons.ts';

/**
 * Writes a text to standard output without opening its stream, which takes 3 ms. What cannot be written is said on
 * standard error, and the exit code is 1, unless the reader is gone.
 */
export function print(text: string): void {
  const bytes = Buffer.from(text);
  let at = 0;
  try {
    while (at < bytes.length) at += writeSync(1, bytes, at);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A full pipe that does not wait: the stream does.
    if (code === 'EAGAIN') process.stdout.on('error', failed).write(bytes.subarray(at));
    else failed(error as NodeJS.ErrnoException);
  }
}

function failed(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  process.exitCode = 1;
  process.stderr.write(
    `error: standard output could not be written: ${reasonOf(error)}\nhint: free some space, or send it elsewhere\n`,
  );
}
