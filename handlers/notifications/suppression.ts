import { hashTag } from '../../lib/stores/hash-tag.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import type { RedisCommand } from '../../lib/stores/writes.ts';
import { addressHash } from './addresses.ts';

/**
 * Addresses that take nothing any more, because a message came back for good or its reader complained. The list holds
 * hashes, and outlives the erasure of a user: who has complained must not be written to again.
 */
const keyOf = (hash: string): string => `suppressed:${hashTag(hash)}`;

/** Owner of the entry of an address, for an effect's `elsewhere`. */
export const suppressionOwner = addressHash;

/** The writes that put an address on the list. @param at ISO 8601 */
export const suppress = (address: string, kind: string, at: string): readonly RedisCommand[] => [
  ['HSET', keyOf(addressHash(address)), 'kind', kind, 'at', at],
];

export const isSuppressed = async (redis: Redis, address: string): Promise<boolean> =>
  (await redis.exists(keyOf(addressHash(address)))) === 1;
