#!/usr/bin/env node
import { rootAnswer } from './argv/root.ts';
import { print } from './io/print.ts';

/** What has a smaller file, read in half the time. A word that only looks like one of them costs some milliseconds. */
const first: readonly string[] = ['validate', 'plan', 'drift', 'serve'];

// The bin is CommonJS and this small, because starting Node's ES module loader takes a fifth of what `--version` takes.
const answer = rootAnswer(process.argv.slice(2));
if (answer !== undefined) print(answer);
else {
  // One that comes while the program loads waits until that listens.
  const early: NodeJS.Signals[] = [];
  const keep = (name: NodeJS.Signals): void => void early.push(name);
  for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, keep);
  const [command = ''] = process.argv.slice(2).filter((word) => !word.startsWith('-'));
  const started = first.includes(command)
    ? import('./start.ts').then(({ start }) => start())
    : import('./start-any.ts').then(({ startAny }) => startAny());
  void started.finally(() => {
    for (const name of ['SIGTERM', 'SIGHUP']) process.removeListener(name, keep);
    if (early[0] !== undefined) process.kill(process.pid, early[0]);
  });
}
