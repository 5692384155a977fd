import { nodeIo } from './io/node.ts';
import { onInterrupt, onTermination, onUncaught } from './io/signals.ts';
import { isInterrupted, main, sayCrash } from './main.ts';

const io = nodeIo();
const argv = process.argv.slice(2);
onUncaught((error) => sayCrash(argv, io, error));
// Watching for a Ctrl-C while this thread computes takes a thread, so only where a file of an earlier run may be left.
const writesFiles = argv.some((word) => /^(?:-o|--out)/.test(word));
void main(argv, io, writesFiles ? onInterrupt : onTermination).then((code) => {
  process.exitCode = code;
  // What was stopped may still wait for an answer.
  if (isInterrupted(code)) process.exit();
});
