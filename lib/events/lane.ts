/** Gives out what was put in, in order, never two batches at the same time. */
export interface Lane<Item, Result> {
  /** @returns the result for this item, or the error of the batch it was sent with */
  put(item: Item): Promise<Result>;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A queue before a slow destination: while one batch is under way, what comes meanwhile gathers for the next. So one
 * caller waits for nobody, many callers share requests, and order is kept.
 *
 * @param send sends a batch and gives the results in the same order
 * @param limits.items items of a batch at most
 * @param limits.bytes bytes of a batch at most; a larger item goes alone
 */
export const openLane = <Item, Result>(
  send: (batch: readonly Item[]) => Promise<readonly Result[]>,
  limits: { readonly items: number; readonly bytes: number },
  bytesOf: (item: Item) => number,
): Lane<Item, Result> => {
  const queue: Waiting<Item, Result>[] = [];
  let busy = false;

  const next = (): Waiting<Item, Result>[] => {
    let bytes = 0;
    let count = 0;
    for (const { item } of queue.slice(0, limits.items)) {
      bytes += bytesOf(item);
      if (count > 0 && bytes > limits.bytes) break;
      count += 1;
    }
    return queue.splice(0, count);
  };

  const run = async (): Promise<void> => {
    busy = true;
    // What the same turn of the event loop puts in travels together.
    await Promise.resolve();
    while (queue.length > 0) {
      const batch = next();
      try {
        const results = await send(batch.map(({ item }) => item));
        for (const [i, { resolve, reject }] of batch.entries()) {
          const result = results[i];
          if (result === undefined) reject(new Error('the destination gave no result for an item'));
          else resolve(result);
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    busy = false;
  };

  return {
    put: (item) =>
      new Promise((resolve, reject) => {
        queue.push({ item, resolve, reject });
        if (!busy) void run();
      }),
  };
};
