import { DEAD_LETTER_TOPIC } from '../catalog/index.ts';
import type { StreamError } from '../errors.ts';
import { deadLetter as deadLetterRecord, type FailureHistory, positionOf } from '../events/index.ts';
import { markDeadLettered } from '../idempotency/index.ts';
import type { Redis } from '../stores/redis.ts';
import type { BatchPorts } from './batch.ts';
import { asStreamError, entryOf, type Item, type Result } from './item.ts';

/** Longer than any retry goes on: a record is tried for seven days at most (MaximumRecordAgeInSeconds). */
const KEPT_SECONDS = 7 * 24 * 60 * 60;

const historyKey = (group: string, position: string): string => `failures:{${position}}:${group}`;

/**
 * Remembers that a record failed, so that its dead letter can tell since when and how often. Only failures cost this; when
 * Redis is what failed, the count is lost and nothing else.
 *
 * @param now ISO 8601, UTC
 */
const recordFailure = async (redis: Redis, group: string, position: string, now: string): Promise<void> => {
  const key = historyKey(group, position);
  await Promise.allSettled([
    redis.hsetnx(key, 'first', now),
    redis.hincrby(key, 'attempts', 1),
    redis.expire(key, KEPT_SECONDS),
  ]);
};

/** What is known of a record's failures, the present one included. @param now ISO 8601, UTC */
export const failureHistory = async (
  redis: Redis,
  group: string,
  position: string,
  now: string,
): Promise<FailureHistory> => {
  const [first, attempts] = await redis.hmget(historyKey(group, position), 'first', 'attempts').catch(() => []);
  return { attempts: Number(attempts ?? 0) + 1, firstFailure: first ?? now, lastFailure: now };
};

/**
 * Sends a record to the dead-letter queue with its reason, and remembers that it is there. When the function dies in between
 * it goes there twice, which is one dead letter to the consumer of that queue.
 *
 * @throws what the publisher and Redis's client throw: then the record is to be delivered again
 */
const deadLetter = async (item: Item, error: StreamError, { topic, publisher, redis }: BatchPorts): Promise<void> => {
  const now = new Date().toISOString();
  const history = await failureHistory(redis, topic.consumerGroup, positionOf(item), now);
  await publisher.publishRaw([deadLetterRecord(item, topic.consumerGroup, error, history)]);
  await markDeadLettered(redis, topic, entryOf(item));
};

/** Logs a transient failure and counts it; the record will be delivered again. */
export const failed = async (item: Item, thrown: unknown, ports: BatchPorts): Promise<Result> => {
  ports.observation.failed(item, thrown, 'failed');
  await recordFailure(ports.redis, ports.topic.consumerGroup, positionOf(item), new Date().toISOString());
  return 'failed';
};

/**
 * What becomes of a record that failed: after a permanent failure a dead letter, else another delivery. A record of the
 * dead-letter queue itself must not return to it: it is left to the event source mapping's own destination.
 *
 * @returns the result; it never throws
 */
export const failureOf = async (item: Item, thrown: unknown, ports: BatchPorts): Promise<Result> => {
  const error = asStreamError(thrown);
  if (error.failureClass !== 'permanent' || ports.topic.name === DEAD_LETTER_TOPIC) return failed(item, error, ports);
  try {
    await ports.deadline.within(deadLetter(item, error, ports));
    ports.observation.failed(item, error, 'dead-lettered');
    return 'dead-lettered';
  } catch (second) {
    return failed(item, second, ports);
  }
};
