/** Lets others have the place of an action while it waits. */
export type Aside = (wait: () => Promise<void>) => Promise<void>;

/**
 * Runs an action on every item, so many at once, in order; once `stopped` says so, no more are started. An action that waits
 * `aside` counts as none of them while it does.
 */
export async function onEach<T>(
  items: readonly T[],
  parallelism: number,
  stopped: () => boolean,
  action: (item: T, aside: Aside) => Promise<void>,
): Promise<void> {
  let free = Math.max(1, parallelism);
  const queue: (() => void)[] = [];
  const take = async (): Promise<void> => {
    if (free === 0) await new Promise<void>((resolve) => queue.push(resolve));
    else free -= 1;
  };
  const give = (): void => {
    const next = queue.shift();
    if (next === undefined) free += 1;
    else next();
  };
  const aside: Aside = async (wait) => {
    give();
    try {
      await wait();
    } finally {
      await take();
    }
  };
  const running: Promise<void>[] = [];
  for (const item of items) {
    await take();
    if (stopped()) {
      // Who waits aside comes back to this place.
      give();
      break;
    }
    const begun = action(item, aside).finally(give);
    // What it throws is thrown below.
    begun.catch(() => undefined);
    running.push(begun);
  }
  await Promise.all(running);
}
