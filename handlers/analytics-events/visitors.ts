import { createHash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Redis } from '../../lib/stores/redis.ts';
import { saltKey } from './keys.ts';
import { KEPT_SECONDS, labelOf } from './periods.ts';

/** Finds the salt of the day that holds a time. */
export type Salts = (redis: Redis, time: number) => Promise<string>;

/** A process keeps a salt so long, milliseconds: less than Redis does. */
const REMEMBERED_MS = 3_600_000;

/**
 * Salts of days: random, the same for all functions, and gone after two days. Then no list of addresses leads back from a
 * hash to its address any more.
 */
export const openSalts = (): Salts => {
  const known = new LRUCache<string, Promise<string>>({ max: 8, ttl: REMEMBERED_MS });
  return (redis, time) => {
    const key = saltKey(labelOf('day', time));
    const before = known.get(key);
    if (before !== undefined) return before;
    const salt = saltIn(redis, key);
    known.set(key, salt);
    salt.catch(() => known.delete(key));
    return salt;
  };
};

const saltIn = async (redis: Redis, key: string): Promise<string> => {
  const fresh = randomBytes(32).toString('base64');
  // Whoever comes first sets it for all.
  await redis.set(key, fresh, 'EX', KEPT_SECONDS.salt, 'NX');
  return (await redis.get(key)) ?? fresh;
};

/** Tells one visitor from another within a day; nothing leads from it to the address. */
export const visitorOf = (salt: string, ip: string, userAgent: string | null): string =>
  createHash('sha256')
    .update(`${salt}\0${ip}\0${userAgent ?? ''}`)
    .digest('base64url')
    .slice(0, 22);
