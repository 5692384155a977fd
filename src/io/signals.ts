import type { Worker } from 'node:worker_threads';

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type Name = (typeof names)[number];

// All who listen share one watcher: Node tells only the newest of several of a SIGINT.
const callbacks = new Set<() => void>();
const listened = new Set<Name>();
let watcher: Worker | undefined;
let interrupted = false;

/**
 * Calls back at the first signal that asks the process to end. The next one ends it at once; a Ctrl-C does that also
 * while this thread computes. Returns how to take it back.
 */
export function onInterrupt(callback: () => void): () => void {
  const takeBack = listen(callback, names);
  watcher ??= watchOf(() => handle('SIGINT'));
  return takeBack;
}

/** The same without a thread that watches: a Ctrl-C while this one computes waits until it is done. */
export function onInterruptUnwatched(callback: () => void): () => void {
  return listen(callback, names);
}

/** The same for what only other programs send: a Ctrl-C ends the process, as it does by default. */
export function onTermination(callback: () => void): () => void {
  return listen(callback, ['SIGTERM', 'SIGHUP']);
}

function listen(callback: () => void, wanted: readonly Name[]): () => void {
  const own = (): void => callback();
  callbacks.add(own);
  for (const name of wanted) {
    if (listened.has(name)) continue;
    listened.add(name);
    process.on(name, handle);
  }
  return () => {
    callbacks.delete(own);
    if (callbacks.size === 0) stop();
  };
}

function handle(name: NodeJS.Signals): void {
  if (listened.size === 0) return;
  if (interrupted) {
    stop();
    process.kill(process.pid, name);
    return;
  }
  interrupted = true;
  // With no handler left, the next signal does what it does by default. One that came already is told in this turn.
  setImmediate(stop);
  for (const callback of [...callbacks]) callback();
}

function stop(): void {
  for (const name of names) process.removeListener(name, handle);
  listened.clear();
  callbacks.clear();
  interrupted = false;
  void watcher?.terminate();
  watcher = undefined;
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
    // Most runs start none.
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    // Nothing that is loaded into this thread is for that one.
    const made = new Worker(script, { eval: true, env: {}, execArgv: [], stdin: false });
    made.on('message', callback);
    made.on('error', () => undefined);
    made.unref();
    return made;
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
