/**
 * Runs `work` for each item, at most `limit` at the same time.
 *
 * @throws the first error, once all that was begun has ended
 */
export const sideBySide = async <Item>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  const rest = items[Symbol.iterator]();
  const runner = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, runner));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
};

/**
 * The same where `work` finds something.
 *
 * @returns what was found, in the order of the items
 */
export const foundSideBySide = async <Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> => {
  const results = new Map<number, Result>();
  await sideBySide([...items.entries()], limit, async ([i, item]) => {
    results.set(i, await work(item));
  });
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
};
