import { runAction } from './action/step.ts';
import { version } from './argv/root.ts';
import { nodeIo } from './io/node.ts';
import { onUncaught } from './io/signals.ts';
import { optimizeLater } from './io/tiering.ts';
import { main, sayCrash } from './main.ts';

// The entry of the Action: `action.yml` names the bundle of it.
const io = nodeIo(optimizeLater);
onUncaught((error) => sayCrash([], io, error));
void runAction(main, io, version).then((code) => {
  process.exitCode = code;
});
