import { createHash } from 'node:crypto';
import type { Redis } from './redis.ts';

/** Entries kept per user, at least: enough for a browser that was away for a while. */
export const KEPT_ENTRIES = 1_000;

/** A user for whom nothing has happened for so long has nothing left to catch up with. */
const KEPT_SECONDS = 30 * 24 * 60 * 60;

/** Nudges kept, about; a reader that is further behind looks after all of its users instead. */
const KEPT_NUDGES = 10_000;

/** What a user should see at once, on the Redis Stream `updates:<userId>`. */
export interface Update {
  readonly userId: string;
  /** What happened, dotted, e.g. `bulk.qr.progress`. */
  readonly type: string;
  /** The same id is the same update: a reader drops repeats that a re-delivery may cause. */
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export const updatesKey = (userId: string): string => `updates:${userId}`;

/** The stream whose entries say that something was appended to the stream of somebody in a bucket: field `bucket`. */
export const NUDGES_KEY = 'updates-feed';

/**
 * One of 65,536 parts that users fall into. Nudges name it instead of the user: that is enough to wake the right readers, and
 * a stream that all share holds nothing personal that would have to be erased.
 */
export const bucketOf = (userId: string): number => createHash('sha256').update(userId).digest().readUInt16BE(0);

/**
 * Appends an update to its user's stream, trimmed to about {@link KEPT_ENTRIES} entries and kept for 30 days, then nudges who
 * reads for that user. The nudge comes second: whoever it wakes finds the entry, on whatever node of a cluster either lies.
 *
 * @throws the error of the Redis client; then it is to be appended again, with the same id
 */
export const appendUpdate = async (redis: Redis, update: Update): Promise<void> => {
  const key = updatesKey(update.userId);
  const { type, id, data } = update;
  const fields = ['type', type, 'id', id, 'at', new Date().toISOString(), 'data', JSON.stringify(data)];
  await Promise.all([redis.xadd(key, 'MAXLEN', '~', KEPT_ENTRIES, '*', ...fields), redis.expire(key, KEPT_SECONDS)]);
  await redis.xadd(NUDGES_KEY, 'MAXLEN', '~', KEPT_NUDGES, '*', 'bucket', bucketOf(update.userId));
};
