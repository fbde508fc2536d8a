import type { FailureHistory } from '../events/index.ts';
import type { Redis } from '../stores/redis.ts';

/** Longer than any retry goes on: a record is tried for seven days at most (MaximumRecordAgeInSeconds). */
const KEPT_SECONDS = 7 * 24 * 60 * 60;

const keyOf = (group: string, position: string): string => `failures:{${position}}:${group}`;

/**
 * Remembers that a record failed, so that its dead letter can tell since when and how often. Only failures cost this; when
 * Redis is what failed, the count is lost and nothing else.
 *
 * @param now ISO 8601, UTC
 */
export const recordFailure = async (redis: Redis, group: string, position: string, now: string): Promise<void> => {
  const key = keyOf(group, position);
  await Promise.allSettled([
    redis.hsetnx(key, 'first', now),
    redis.hincrby(key, 'attempts', 1),
    redis.expire(key, KEPT_SECONDS),
  ]);
};

/** What is known of a record's failures, the present one included. */
export const failureHistory = async (
  redis: Redis,
  group: string,
  position: string,
  now: string,
): Promise<FailureHistory> => {
  const [first, attempts] = await redis.hmget(keyOf(group, position), 'first', 'attempts').catch(() => []);
  return { attempts: Number(attempts ?? 0) + 1, firstFailure: first ?? now, lastFailure: now };
};
