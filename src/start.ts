import type { others } from './commands/on-demand.ts';
import { nodeIo } from './io/node.ts';
import { onInterrupt, onInterruptUnwatched, onTermination, onUncaught } from './io/signals.ts';
import { optimizeLater } from './io/tiering.ts';
import { isInterrupted, main, sayCrash } from './main.ts';

/** Runs this process's command line. `rest`: the commands that are loaded on demand, where they are there already. */
export function start(rest?: typeof others): void {
  const io = nodeIo(optimizeLater);
  const argv = process.argv.slice(2);
  onUncaught((error) => sayCrash(argv, io, error));
  // Watching for a Ctrl-C while this thread computes takes a thread (30 ms of processor time), so only where a file of an
  // earlier run may be left.
  const onSignal = writesFiles(argv) ? onInterrupt : hasOutputs(argv) ? onInterruptUnwatched : onTermination;
  void main(argv, io, onSignal, rest).then((code) => {
    process.exitCode = code;
    // What was stopped may still wait for an answer.
    if (isInterrupted(code)) process.exit();
  });
}

/** Whether a line asks for reports, of which each run gives one, an interrupted one too. */
function hasOutputs(argv: readonly string[]): boolean {
  return argv.some((word) => /^(?:-o|--out)/.test(word));
}

/** Whether a line has `--out`, or an output that goes to a file, such as `json=FILE`. */
function writesFiles(argv: readonly string[]): boolean {
  return argv.some((word, index) => {
    if (/^--out(?:=|$)/.test(word)) return true;
    const isValue = /^(?:-o|--output)$/.test(argv[index - 1] ?? '');
    return isValue ? word.includes('=') : /^(?:-o|--output=).*=/.test(word);
  });
}
