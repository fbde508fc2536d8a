import { entitlementsKey } from '../../lib/stores/entitlements.ts';
import type { Place, PlaceStores } from '../../lib/stores/places.ts';
import { mapOf, subscriptionFrom } from './customer-store.ts';
import { customersOfKey, keysOf } from './keys.ts';

const eraseSubscriptions = async (userId: string, { redis }: PlaceStores, customerId: string): Promise<number> => {
  const keys = keysOf(customerId);
  const subscriptions = mapOf(await redis.hgetall(keys.subscriptions), subscriptionFrom);
  const own = [...subscriptions.values()].filter((each) => each.userId === userId).map((each) => each.subscriptionId);
  if (own.length === 0) return redis.hdel(keys.grants, userId);
  const [erased] = await Promise.all([redis.hdel(keys.subscriptions, ...own), redis.hdel(keys.grants, userId)]);
  return erased;
};

/** What this handler keeps of users. */
export const PLACES: readonly Place[] = [
  {
    name: 'payment-events: customers',
    holds:
      "Which of the payment provider's customers a user is, and their subscriptions: erased. The payments, the ledger and its " +
      'journal are kept for ten years, as the law of accounts asks; they name a customer of the provider and no user, and ' +
      'after the erasure nothing here leads from one to the other',
    erase: async (userId, stores) => {
      const { redis, signal } = stores;
      let erased = 0;
      for (const customerId of await redis.smembers(customersOfKey(userId))) {
        signal.throwIfAborted();
        await eraseSubscriptions(userId, stores, customerId);
        // Last: what was cut off before is found again.
        await redis.srem(customersOfKey(userId), customerId);
        erased += 1;
      }
      return erased;
    },
  },
  {
    name: 'payment-events: entitlements',
    holds: 'The plan a user has, by the customer who pays for it',
    erase: (userId, { redis }) => redis.del(entitlementsKey(userId)),
  },
];
