import type { Redis } from '../../stores/redis.ts';
import { KEPT_ENTRIES, updatesKey } from '../../stores/updates.ts';
import { ORIGIN } from '../entry-id.ts';
import type { StreamEntry } from '../sse.ts';

/** Entries a read takes. */
const AT_ONCE = 100;

/** What follows an entry of a user's stream. */
export interface Page {
  /** In their order, without the entry they follow. */
  readonly entries: readonly StreamEntry[];
  /** Whether there may be more after the last. */
  readonly more: boolean;
  /** Whether all that ever followed is there: false when some of it was trimmed away, or is gone otherwise. */
  readonly isWhole: boolean;
}

/** The id of the newest entry of a stream, {@link ORIGIN} where there is none. */
export const newestId = async (redis: Redis, key: string): Promise<string> =>
  (await redis.xrevrange(key, '+', '-', 'COUNT', 1))[0]?.[0] ?? ORIGIN;

/**
 * Reads what follows an entry. The entry itself is asked for as well: as long as it is there, nothing after it was trimmed. Who
 * began at the origin has seen no entry; there the length tells, because what is trimmed leaves {@link KEPT_ENTRIES}.
 */
export const readAfter = async (redis: Redis, userId: string, after: string): Promise<Page> => {
  const key = updatesKey(userId);
  const [found, length] = await Promise.all([
    redis.xrange(key, after, '+', 'COUNT', AT_ONCE + 1),
    after === ORIGIN ? redis.xlen(key) : undefined,
  ]);
  const isThere = found[0]?.[0] === after;
  return {
    entries: isThere ? found.slice(1) : found,
    more: found.length > AT_ONCE,
    isWhole: length === undefined ? isThere : length < KEPT_ENTRIES,
  };
};
