import type { Redis } from './redis.ts';

/** Entries kept per user, about: enough for a browser that was away for a while. */
const KEPT_ENTRIES = 1_000;

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

/** Appends an update to its user's stream (XADD), trimmed to about {@link KEPT_ENTRIES} entries. */
export const appendUpdate = async (redis: Redis, update: Update): Promise<void> => {
  await redis.xadd(
    updatesKey(update.userId),
    'MAXLEN',
    '~',
    KEPT_ENTRIES,
    '*',
    'type',
    update.type,
    'id',
    update.id,
    'at',
    new Date().toISOString(),
    'data',
    JSON.stringify(update.data),
  );
};
