import { hashTag } from '../../lib/stores/hash-tag.ts';
import type { Place } from '../../lib/stores/places.ts';
import { userNameKey } from '../../lib/stores/user-names.ts';
import { userKey } from './user-state.ts';

/** So long an event of the user may still be in the log (the topic keeps 30 days), and one day for what is under way. */
const STAYS_SECONDS = 31 * 24 * 60 * 60;

/** What stays until then: that a user of this id was deleted, and when, so that late events do not make a new record. */
const STAYS = 'deletedAt';

/** What this handler keeps of users. Scheduled letters name a user's id only, and are passed over once there is no record. */
export const PLACES: readonly Place[] = [
  {
    name: 'user-lifecycle: record',
    holds: 'Name, language and plan of a user, a digest of the address, and when they registered and activated',
    erase: async (userId, { redis }) => {
      const key = userKey(hashTag(userId));
      const fields = (await redis.hkeys(key)).filter((field) => field !== STAYS);
      if (fields.length === 0) return 0;
      // An erasure that support has asked for may come without a deletion.
      await redis.hsetnx(key, STAYS, new Date().toISOString());
      await redis.expire(key, STAYS_SECONDS);
      return redis.hdel(key, ...fields);
    },
  },
  {
    name: 'user-lifecycle: name',
    holds: 'What others call a user',
    erase: (userId, { redis }) => redis.del(userNameKey(userId)),
  },
];
