import { hashTag } from '../../lib/stores/hash-tag.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import type { RedisCommand } from '../../lib/stores/writes.ts';

/** Domains of a user: with 1 those that count towards the plan's limit, with 0 those that failed. Hash tag and owner: the user. */
export const domainsOfKey = (userId: string): string => `domains-of:${hashTag(userId)}`;

/** KEYS[1] the domains; ARGV: domain, limit (-1: none). Answers 1 when the domain has a place. */
const RESERVE = `
if redis.call('ZSCORE', KEYS[1], ARGV[1]) ~= '1' then
  local limit = tonumber(ARGV[2])
  if limit >= 0 and redis.call('ZCOUNT', KEYS[1], 1, 1) >= limit then return 0 end
  redis.call('ZADD', KEYS[1], 1, ARGV[1])
end
return 1`;

/**
 * Takes a place for a domain within the plan's limit. In one script, because two domains of a user may be added at the same
 * time; done again it changes nothing.
 *
 * @param limit domains the user may have; undefined: as many as they like
 * @returns false when all places are taken
 */
export const reserveDomain = async (
  redis: Redis,
  userId: string,
  domain: string,
  limit: number | undefined,
): Promise<boolean> => (await redis.eval(RESERVE, 1, domainsOfKey(userId), domain, limit ?? -1)) === 1;

/** The write that gives the place of a failed domain back, for an effect's `elsewhere` with the user as owner. */
export const releaseDomain = (userId: string, domain: string): RedisCommand => [
  'ZADD',
  domainsOfKey(userId),
  'XX',
  0,
  domain,
];
