import { randomUUID } from 'node:crypto';
import type { Redis } from '../stores/redis.ts';

/** Held by one process at a time, for as long as it renews it. */
export interface Lease {
  /** Takes or renews it. @returns whether it is held now */
  hold(): Promise<boolean>;
  /** Lets it go, if it is held. */
  release(): Promise<void>;
}

const HOLD = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/**
 * A lease in Redis. It keeps two processes from doing the same work most of the time, not always: what is done under it
 * must bear being done twice.
 *
 * @param ttlMs milliseconds after which a holder that is gone has lost it
 */
export const openLease = (redis: Redis, key: string, ttlMs: number): Lease => {
  const holder = randomUUID();
  return {
    hold: async () => (await redis.eval(HOLD, 1, key, holder, ttlMs)) === 1,
    release: async () => {
      await redis.eval(RELEASE, 1, key, holder);
    },
  };
};
