import type { Place } from '../../lib/stores/places.ts';
import { updatesKey } from '../../lib/stores/updates.ts';

/** What the stores under all handlers keep of users; the progress of an erasure goes with its end. */
export const PLACES: readonly Place[] = [
  {
    name: 'stores: updates',
    holds: 'What the user was shown at once, the last thousand entries',
    erase: (userId, { redis }) => redis.del(updatesKey(userId)),
  },
];
