import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from '../../stores/redis.ts';
import { NUDGES_KEY } from '../../stores/updates.ts';
import { newestId } from './page.ts';

/** How long one read waits; less than the client's own limit for a command. */
const BLOCK_MS = 2_000;
/** Nudges a read takes; as many mean that the reader is behind. */
const AT_ONCE = 1_000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;

/** Who is told. */
export interface NudgeListener {
  /** Something was appended for somebody in each of these buckets. */
  readonly nudged: (buckets: ReadonlySet<number>) => void;
  /** Nudges may have been missed: it may be anybody. */
  readonly unsure: () => void;
}

/**
 * Reads the nudges of everybody, as they come, until the signal. It holds no state that could be lost: whenever it begins, has
 * lost its connection, or is so far behind that going on from the newest is cheaper, it says that it is unsure.
 *
 * @param redis a client of its own: while it waits nothing else can be asked of that connection
 */
export const readNudges = async (redis: Redis, listener: NudgeListener, signal: AbortSignal): Promise<void> => {
  let last: string | undefined;
  let retryMs = FIRST_RETRY_MS;
  while (!signal.aborted) {
    try {
      if (last === undefined) {
        last = await newestId(redis, NUDGES_KEY);
        listener.unsure();
      }
      const answer = await redis.xread('COUNT', AT_ONCE, 'BLOCK', BLOCK_MS, 'STREAMS', NUDGES_KEY, last);
      retryMs = FIRST_RETRY_MS;
      const entries = answer?.[0]?.[1] ?? [];
      last = entries.length < AT_ONCE ? (entries.at(-1)?.[0] ?? last) : undefined;
      if (last !== undefined && entries.length > 0) {
        listener.nudged(new Set(entries.map(([, [, bucket]]) => Number(bucket))));
      }
    } catch {
      last = undefined;
      await delay(retryMs, undefined, { signal }).catch(() => undefined);
      retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
    }
  }
};
