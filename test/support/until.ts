import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until `probe` gives something other than undefined, null or false, and returns it.
 *
 * @param what what is awaited, for the message when it never comes
 * @param probe asked every `everyMs`; an exception counts as "not yet"
 * @param options.timeoutMs how long to wait at most, milliseconds
 */
export const until = async <T>(
  what: string,
  probe: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  options: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> => {
  const { timeoutMs = 30_000, everyMs = 50 } = options;
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== null && value !== false) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline)
      throw new Error(`waited ${timeoutMs} ms in vain until ${what}; last seen: ${String(last)}`);
    await delay(everyMs);
  }
};
