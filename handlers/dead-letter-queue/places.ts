import { deleteLetters, LETTER_INDEX, readLetters } from '../../lib/stores/dead-letters/index.ts';
import type { Place } from '../../lib/stores/places.ts';

const AT_ONCE = 200;

/** What this handler keeps of users. */
export const PLACES: readonly Place[] = [
  {
    name: 'dead-letter-queue: letters',
    holds:
      'Records that could not be worked and name the user; those that cannot be decoded are found by nobody and go by age',
    erase: async (userId, { redis, objects, signal }) => {
      const key = LETTER_INDEX.user(userId);
      for (let erased = 0; ; ) {
        signal.throwIfAborted();
        const ids = await redis.srandmember(key, AT_ONCE);
        if (ids.length === 0) return erased;
        const letters = await readLetters(redis, ids);
        await deleteLetters(redis, objects, letters);
        await redis.srem(key, ...ids);
        erased += letters.length;
      }
    },
  },
];
