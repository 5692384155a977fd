/** Runs an action on every item, so many at once, in order; once `stopped` says so, no more are begun. */
export async function onEach<T>(
  items: readonly T[],
  parallelism: number,
  stopped: () => boolean,
  action: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const work = async (): Promise<void> => {
    for (const item of queue) {
      if (stopped()) return;
      await action(item);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, parallelism) }, work));
}
