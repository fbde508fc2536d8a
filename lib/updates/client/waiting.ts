const LONGEST_MS = 30_000;

/** How long to wait before the next attempt, after some that failed in a row. */
export interface Attempt {
  /** Attempts that failed since the last that did not. */
  readonly failures: number;
  /** What the server has asked for in the stream (`retry:`), milliseconds. */
  readonly retryMs: number;
  /** What it has asked for in an answer (`Retry-After`), milliseconds; undefined when it has not. */
  readonly retryAfterMs: number | undefined;
}

/**
 * Milliseconds to wait: twice as long with each failure, half a minute at most, and anywhere in the upper half of that, so that
 * clients that were cut off together do not come back together. Never before the time the server has asked for.
 *
 * @param dice a number from 0 to 1
 */
export const waitingMs = ({ failures, retryMs, retryAfterMs = 0 }: Attempt, dice: number = Math.random()): number => {
  const most = Math.min(retryMs * 2 ** Math.max(0, failures - 1), LONGEST_MS);
  return Math.max(retryAfterMs, most * (0.5 + dice / 2));
};
