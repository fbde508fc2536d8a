import { hashTag } from '../../lib/stores/hash-tag.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import type { RedisCommand } from '../../lib/stores/writes.ts';

/** What is known of a user's life; every moment is ISO 8601, UTC, and absent until it has come. */
export interface UserRecord {
  readonly registeredAt?: string;
  readonly activatedAt?: string;
  readonly deletedAt?: string;
  /** What to call them, for the letters that follow later. */
  readonly name?: string;
  readonly locale?: string;
  /** Tells another address from theirs. The address itself is known to the notifications alone. */
  readonly emailDigest?: string;
  /** The plan they registered with. */
  readonly firstPlan?: string;
  readonly plan?: string;
  /** When the upgrade was that set the plan: an older one does not set it back. Absent while nobody has upgraded. */
  readonly planAt?: string;
  /** The end of the trial of which they have been told. */
  readonly trialToldFor?: string;
  /** When they had been seen last, at the time they were written to for it. */
  readonly absenceToldFor?: string;
}

/** Key of a user's record. @param tag hash tag of the user's id */
export const userKey = (tag: string): string => `user-lifecycle:${tag}`;

/** The record under a hash tag; empty for a user nothing is known of. */
export const recordUnder = (redis: Redis, tag: string): Promise<UserRecord> => redis.hgetall(userKey(tag));

/** The record of a user; empty for one nothing is known of. */
export const readUser = (redis: Redis, userId: string): Promise<UserRecord> => recordUnder(redis, hashTag(userId));

/** The write that keeps these fields of a record; the others stay. */
export const saved = (tag: string, fields: UserRecord): RedisCommand => [
  'HSET',
  userKey(tag),
  ...Object.entries(fields).flatMap(([name, value]) => (typeof value === 'string' ? [name, value] : [])),
];
