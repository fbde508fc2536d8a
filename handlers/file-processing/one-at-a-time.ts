let last: Promise<unknown> = Promise.resolve();

/**
 * Runs work that takes hundreds of megabytes after all such work before it: files of a batch are worked side by side, and
 * the function's memory is for one picture of the largest size.
 */
export const oneAtATime = <T>(work: () => Promise<T>): Promise<T> => {
  const mine = last.then(work);
  last = mine.catch(() => undefined);
  return mine;
};
