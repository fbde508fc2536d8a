import type { Redis } from './redis.ts';

/** Entries kept per user, about: enough for a browser that was away for a while. */
const KEPT_ENTRIES = 1_000;

/** A user for whom nothing has happened for so long has nothing left to catch up with. */
const KEPT_SECONDS = 30 * 24 * 60 * 60;

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

/** Appends an update to its user's stream, trimmed to about {@link KEPT_ENTRIES} entries and kept for 30 days. */
export const appendUpdate = async (redis: Redis, update: Update): Promise<void> => {
  const key = updatesKey(update.userId);
  const { type, id, data } = update;
  const fields = ['type', type, 'id', id, 'at', new Date().toISOString(), 'data', JSON.stringify(data)];
  await Promise.all([redis.xadd(key, 'MAXLEN', '~', KEPT_ENTRIES, '*', ...fields), redis.expire(key, KEPT_SECONDS)]);
};
