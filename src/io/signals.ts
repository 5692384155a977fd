import { Worker } from 'node:worker_threads';

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls back at the first signal that asks the process to end. The next one ends it at once; a Ctrl-C does that also
 * while this thread computes. Returns how to take it back.
 */
export function onInterrupt(callback: () => void): () => void {
  let interrupted = false;
  let over = false;
  const handle = (name: NodeJS.Signals): void => {
    if (over) return;
    if (interrupted) {
      takeBack();
      process.kill(process.pid, name);
      return;
    }
    interrupted = true;
    // With no handler left, the next signal does what it does by default. One that came already is told in this turn.
    setImmediate(takeBack);
    callback();
  };
  const watcher = watchOf(() => handle('SIGINT'));
  const takeBack = (): void => {
    over = true;
    for (const name of names) process.removeListener(name, handle);
    void watcher?.terminate();
  };
  for (const name of names) process.on(name, handle);
  return takeBack;
}

// Node hears of signals between two turns of this thread only, but for a script that a SIGINT breaks off. One that
// waits in another thread is broken off at once, and from then on a SIGINT has its default action again.
const script = `
const cell = new Int32Array(new SharedArrayBuffer(4));
globalThis.rest = () => Atomics.wait(cell, 0, 0);
try {
  require('node:vm').runInThisContext('for (;;) rest()', { breakOnSigint: true });
} catch {
  require('node:worker_threads').parentPort.postMessage('SIGINT');
}`;

/** Undefined where there can be no other thread: then a Ctrl-C waits for the end of what is computed. */
function watchOf(callback: () => void): Worker | undefined {
  try {
    // Nothing that is loaded into this thread is for that one.
    const watcher = new Worker(script, { eval: true, env: {}, execArgv: [], stdin: false });
    watcher.on('message', callback);
    watcher.on('error', () => undefined);
    watcher.unref();
    return watcher;
  } catch {
    return undefined;
  }
}

/** A throw that nothing caught: `say` says so, and the process ends with 1. */
export function onUncaught(say: (error: unknown) => void): void {
  process.on('uncaughtException', (error) => {
    process.exitCode = 1;
    say(error);
    process.exit();
  });
}
