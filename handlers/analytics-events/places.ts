import { WINDOWS } from '../../lib/catalog/index.ts';
import { historyHere } from '../../lib/stores/history/index.ts';
import type { Place } from '../../lib/stores/places.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import { codesKey, lateKeyIn, latestKey, periodKey, prefixOf, type Subject, totalKey, visitorsKey } from './keys.ts';
import { MOST_AHEAD_MS, PERIOD_NAMES, PERIODS, startOf } from './periods.ts';

/** Keys of one command, codes of one read. */
const CHUNK = 1_000;

/** How long counters were kept before there was a history: what nobody has moved there yet is erased as well. */
const EARLIER_DAYS = { minute: 2, hour: 60, day: 730 } as const;

/** Every key a subject can have now: the periods whose counters live, so that nothing has to be searched for. */
export const keysOf = (subject: Subject, now: number): readonly string[] => {
  const periods = PERIOD_NAMES.flatMap((period) => {
    const { lengthMs } = PERIODS[period];
    const keptMs = Math.max(WINDOWS[period].unsavedMs, EARLIER_DAYS[period] * PERIODS.day.lengthMs);
    const last = startOf(period, now + MOST_AHEAD_MS);
    return Array.from({ length: Math.ceil((keptMs + MOST_AHEAD_MS) / lengthMs) + 1 }, (_, i) =>
      periodKey(subject, period, last - i * lengthMs),
    );
  });
  return [latestKey(subject), ...[totalKey(subject), ...periods].flatMap((key) => [key, visitorsKey(key)])];
};

const eraseSubject = async (redis: Redis, subject: Subject): Promise<number> => {
  const lateKey = lateKeyIn(prefixOf(subject));
  const late = await redis.smembers(lateKey);
  const keys = [...keysOf(subject, Date.now()), ...late.flatMap((key) => [key, visitorsKey(key)]), lateKey];
  const chunks = Array.from({ length: Math.ceil(keys.length / CHUNK) }, (_, i) =>
    keys.slice(i * CHUNK, (i + 1) * CHUNK),
  );
  const erased = await Promise.all(chunks.map((chunk) => redis.unlink(...chunk)));
  return erased.reduce((sum, one) => sum + one, 0);
};

/** What this handler keeps of users. Visitors are not in it: what is kept of them names nobody. */
export const PLACES: readonly Place[] = [
  {
    // Before the counters: they know the user's codes.
    name: 'analytics-events: history',
    holds: 'Scans of a user and their codes by minute, hour and day, in PostgreSQL or in objects',
    erase: async (userId, { redis, objects, signal }) =>
      historyHere(objects).erase(userId, await redis.zrange(codesKey(userId), 0, -1), signal),
  },
  {
    name: 'analytics-events: counters',
    holds: 'Counters, unique visitors and latest scans of a user and their codes',
    erase: async (userId, { redis, signal }) => {
      let erased = 0;
      for (;;) {
        const codes = await redis.zrange(codesKey(userId), 0, CHUNK - 1);
        if (codes.length === 0) break;
        for (const qrId of codes) {
          signal.throwIfAborted();
          erased += await eraseSubject(redis, { kind: 'code', id: qrId });
          // Last: what was cut off before is found again.
          await redis.zrem(codesKey(userId), qrId);
        }
      }
      return erased + (await eraseSubject(redis, { kind: 'user', id: userId }));
    },
  },
];
