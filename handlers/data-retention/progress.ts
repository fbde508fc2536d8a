import type { Redis } from '../../lib/stores/redis.ts';
import type { RedisCommand } from '../../lib/stores/writes.ts';

/** How far the erasure of a user is, and what it has deleted so far: kept in Redis, so that it survives a stop. */
export interface Progress {
  /** When it was asked for first, ISO 8601, UTC. */
  readonly requestedAt: string;
  readonly isDone: (place: string) => boolean;
  readonly countOf: (place: string) => number;
  readonly done: (place: string, count: number) => Promise<void>;
  /** The write that ends it. */
  readonly forget: RedisCommand;
}

/** An erasure that was given up begins anew after so long. */
const KEPT_SECONDS = 30 * 24 * 60 * 60;
const REQUESTED = 'requestedAt';

/**
 * @param tag hash tag of the user
 * @param requestedAt ISO 8601, UTC; what counts is the first request's
 */
export const openProgress = async (redis: Redis, tag: string, requestedAt: string): Promise<Progress> => {
  const key = `erasure:${tag}`;
  await redis.multi().hsetnx(key, REQUESTED, requestedAt).expire(key, KEPT_SECONDS).exec();
  const { [REQUESTED]: first = requestedAt, ...known } = await redis.hgetall(key);
  const counts = new Map(Object.entries(known).map(([place, count]) => [place, Number(count)]));
  return {
    requestedAt: first,
    isDone: (place) => counts.has(place),
    countOf: (place) => counts.get(place) ?? 0,
    done: async (place, count) => {
      counts.set(place, count);
      await redis.hset(key, place, count);
    },
    forget: ['DEL', key],
  };
};
