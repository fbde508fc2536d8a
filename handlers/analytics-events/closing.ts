import type { Redis } from '../../lib/stores/redis.ts';
import { scriptOf } from '../../lib/stores/script.ts';
import { totalKey, visitorsKey } from './keys.ts';
import { CLOSED } from './minute-part.ts';
import { closedExpiry, ON_TIME } from './parts.ts';
import { countersKey } from './rollup-rows.ts';
import type { Touched } from './touched.ts';

/**
 * Lets counters go whose row is in history, if nothing was added since. KEYS counters, visitors, total; ARGV revision of the
 * row, when the counters expire in seconds since 1970, and the start of their minute, or 0 where that need not be known.
 */
const CLOSE = scriptOf(`
local call = redis.call
local counted = call('HMGET', KEYS[1], 'scans', 'bots')
if (tonumber(counted[1] or 0) or 0) + (tonumber(counted[2] or 0) or 0) ~= tonumber(ARGV[1]) then return 0 end
if call('TYPE', KEYS[3]).ok == 'hash' then
  local closed = tonumber(call('HGET', KEYS[3], '${CLOSED}') or 0) or 0
  if tonumber(ARGV[3]) > closed then call('HSET', KEYS[3], '${CLOSED}', ARGV[3]) end
end
call('EXPIREAT', KEYS[1], ARGV[2])
call('EXPIREAT', KEYS[2], ARGV[2])
return 1`);

/**
 * Lets counters of a minute, and those of late parts, expire as soon as readers can do without: their row has been published
 * with this revision. Hours and days stay for their time anyway.
 *
 * @param now milliseconds since 1970
 */
export const closeCounters = async (redis: Redis, touched: Touched, revision: number, now: number): Promise<void> => {
  const { period, start, part } = touched;
  if (revision === 0 || (period !== 'minute' && part === ON_TIME)) return;
  await expireCounters(redis, touched, revision, closedExpiry(period, start, part, now));
};

/**
 * Lets counters expire whose row is in history, unless something was added since.
 *
 * @param revision of the row
 * @param expiresAt seconds since 1970; what lies in the past deletes them
 * @returns whether nothing was added
 */
export const expireCounters = async (
  redis: Redis,
  touched: Touched,
  revision: number,
  expiresAt: number,
): Promise<boolean> => {
  const { subject, period, start, part } = touched;
  const key = countersKey(touched);
  const isOwnMinute = period === 'minute' && part === ON_TIME;
  const keys = [key, visitorsKey(key), totalKey(subject)];
  return (await CLOSE(redis, keys, [revision, expiresAt, isOwnMinute ? start : 0])) === 1;
};
