import { setFlagsFromString } from 'node:v8';
import { nodeIo } from './io/node.ts';
import { main } from './main.ts';

// Node 20 compiles the parser of its fetch (llhttp, in WebAssembly) a second time in the background, and cannot exit
// before that is done: 60 to 90 ms at the end of every run. Node 22 and later do not, and there the flags only cost.
if (process.versions.node.startsWith('20.')) {
  setFlagsFromString('--liftoff-only');
  setFlagsFromString('--wasm-lazy-compilation');
}

void main(process.argv.slice(2), nodeIo()).then((code) => {
  process.exitCode = code;
});
