import { setTimeout as sleep } from 'node:timers/promises';

/** Waits; returns early when the signal says so. */
export const pauseFor = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
};

/** Waits for work to end, however it ends, but no longer than this. */
export const within = async (milliseconds: number, work: Promise<unknown>): Promise<void> => {
  const timer = new AbortController();
  const ended = work.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([ended, pauseFor(milliseconds, timer.signal)]);
  timer.abort();
};
