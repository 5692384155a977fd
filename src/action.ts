import { runAction } from './action/step.ts';
import { version } from './argv/root.ts';
import { nodeIo } from './io/node.ts';
import { main } from './main.ts';

// The entry of the Action: `action.yml` names the bundle of it.
void runAction(main, nodeIo(), version).then((code) => {
  process.exitCode = code;
});
