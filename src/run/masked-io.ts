import type { Io, WriteTrouble } from '../io/io.ts';
import type { Masker } from '../masking/masker.ts';

/**
 * The world after a masker. What is said is masked; a file that somebody reads back must be exact, so a text that would
 * bring a known secret into one is refused instead.
 */
export function maskedIo(io: Io, masker: Masker): Io {
  const { hide, count } = masker;
  const refusal = (text: string, before: string): WriteTrouble | undefined =>
    count(text) > count(before)
      ? { kind: 'failed', why: 'it would contain the value of a secret' }
      : undefined;
  return {
    ...io,
    // Not spread: it is looked up when it is asked for.
    get terminal() {
      return io.terminal;
    },
    out: (text) => io.out(hide(text)),
    err: (text) => io.err(hide(text)),
    ask: (question, signal) => io.ask(hide(question), signal),
    appendFile: (path, text) => io.appendFile(path, hide(text)),
    writeFile: (path, text, how) => {
      const { over } = how ?? {};
      return refusal(text, typeof over === 'object' ? over.text : '') ?? io.writeFile(path, text, how);
    },
  };
}
