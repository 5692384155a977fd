import { nodeIo } from './io/node.ts';
import { onUncaught } from './io/signals.ts';
import { main, sayCrash } from './main.ts';

const io = nodeIo();
const argv = process.argv.slice(2);
onUncaught((error) => sayCrash(argv, io, error));
void main(argv, io).then((code) => {
  process.exitCode = code;
});
