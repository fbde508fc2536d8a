import type { Place } from '../../lib/stores/places.ts';
import { preferencesKey, unsubscribedKey } from './preferences-state.ts';
import { toldKey } from './told.ts';
import { endpointsKey } from './webhooks/endpoint-state.ts';

/**
 * What this handler keeps of users. The suppression list is not among it: it holds hashes of addresses and no user, and
 * must outlive an erasure, or who has complained would be written to again. A notification that is put off lies in the
 * schedule for a day at most; published after the erasure, it finds no endpoint and ends there.
 */
export const PLACES: readonly Place[] = [
  {
    name: 'notifications: preferences and endpoints',
    holds: 'Addresses, webhook endpoint and secret, language, wishes, marks of what the user was told',
    erase: async (userId, { redis, signal }) => {
      signal.throwIfAborted();
      const keys = [preferencesKey(userId), unsubscribedKey(userId), toldKey(userId), endpointsKey(userId)];
      return redis.del(...keys);
    },
  },
];
