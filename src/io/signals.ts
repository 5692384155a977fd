/** Calls back at the first signal that asks the process to end. Returns how to take it back. */
export function onInterrupt(callback: () => void): () => void {
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const handle = (): void => {
    // With no handler left, the next signal does what it does by default: it ends the process.
    takeBack();
    callback();
  };
  const takeBack = (): void => {
    for (const name of names) process.removeListener(name, handle);
  };
  for (const name of names) process.on(name, handle);
  return takeBack;
}

/** A throw that nothing caught: `say` says so, and the process ends with 1. */
export function onUncaught(say: (error: unknown) => void): void {
  process.on('uncaughtException', (error) => {
    process.exitCode = 1;
    say(error);
    process.exit();
  });
}
