import type { Redis } from '../../lib/stores/redis.ts';
import { periodKey, type Subject, totalKey } from './keys.ts';
import { latePart, ON_TIME, TOO_SHORT_SECONDS } from './parts.ts';
import { expiryOf, isCountable, startOf } from './periods.ts';

/** Field of the total: the newest minute whose counters were let go, milliseconds since 1970. */
export const CLOSED = 'closed';

/** Redis's answer for a key that is not there (Redis, "TTL"). */
const NO_KEY = -2;

/**
 * In which part of its minute a scan counts. A scan whose window is over is late, unless its minute's counters are certainly
 * whole: they are there for some time still, or they were never let go. So what is replayed hours after a loss in the cache
 * counts where it had counted before, and replaces its row in history instead of adding to it.
 *
 * @param now milliseconds since 1970
 */
export const minutePartOf = async (redis: Redis, subject: Subject, at: number, now: number): Promise<number> => {
  if (isCountable('minute', at, now)) return ON_TIME;
  const minute = startOf('minute', at);
  if (expiryOf('minute', minute) - TOO_SHORT_SECONDS <= now / 1_000) return latePart(now);
  const [secondsLeft, closed] = await Promise.all([
    redis.ttl(periodKey(subject, 'minute', at)),
    redis.hget(totalKey(subject), CLOSED),
  ]);
  const isWhole = secondsLeft === NO_KEY ? minute > Number(closed ?? 0) : secondsLeft > TOO_SHORT_SECONDS;
  return isWhole ? ON_TIME : latePart(now);
};
