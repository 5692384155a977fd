import { setFlagsFromString } from 'node:v8';
import { nodeIo } from './io/node.ts';
import { onUncaught } from './io/signals.ts';
import { main, sayCrash } from './main.ts';

// Node 20 compiles the parser of its fetch (llhttp, in WebAssembly) a second time in the background, and cannot exit
// before that is done: 60 to 90 ms at the end of every run. Node 22 and later do not, and there the flags only cost.
if (process.versions.node.startsWith('20.')) {
  setFlagsFromString('--liftoff-only');
  setFlagsFromString('--wasm-lazy-compilation');
}

const io = nodeIo();
const argv = process.argv.slice(2);
onUncaught((error) => sayCrash(argv, io, error));
void main(argv, io).then((code) => {
  process.exitCode = code;
});
