import { runAction } from './commands/action.ts';
import { nodeIo } from './io/node.ts';
import { main } from './main.ts';
import { version } from './root.ts';

// The entry of the Action: `action.yml` names the bundle of it.
void runAction(main, nodeIo(), version).then((code) => {
  process.exitCode = code;
});
