import type { Place } from '../../lib/stores/places.ts';
import { clearFallback, redirectKey } from '../../lib/stores/redirects.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import { ordersKey, productKey, productsOfKey, readProduct, soldKey, storesOfKey } from './product.ts';

/** Products that are deleted before the time is looked at again. */
const AT_ONCE = 100;

/** What this handler keeps of users. Orders are numbers of a store's, without their buyers. */
export const PLACES: readonly Place[] = [
  {
    name: 'ecommerce-sync: products',
    holds: 'Products, stock, order numbers and fallback destinations of the stores a user has connected',
    erase: async (userId, { redis, signal }) => {
      let erased = 0;
      for (const storeId of await redis.smembers(storesOfKey(userId))) {
        let from = '-';
        for (;;) {
          signal.throwIfAborted();
          const skus = await redis.zrangebylex(productsOfKey(storeId), from, '+', 'LIMIT', 0, AT_ONCE);
          const gone = await Promise.all(skus.map((sku) => eraseProduct(redis, userId, storeId, sku)));
          erased += gone.filter(Boolean).length;
          const last = skus.at(-1);
          if (last === undefined) break;
          from = `(${last}`;
        }
        // Last: what was cut off before is found again.
        await redis.srem(storesOfKey(userId), storeId);
      }
      return erased;
    },
  },
];

/** @returns false where the product has become another user's */
const eraseProduct = async (redis: Redis, userId: string, storeId: string, sku: string): Promise<boolean> => {
  const name = { storeId, sku };
  const product = await readProduct(redis, name);
  if (product !== undefined && product.userId !== userId) return false;
  if (
    product?.fallback &&
    (await redis.hget(redirectKey(product.fallback.qrId), 'fallback')) === product.fallback.url
  ) {
    const [command, ...args] = clearFallback(product.fallback.qrId);
    await redis.call(command, ...args);
  }
  // In a cluster all three lie in one slot.
  await redis.del(productKey(name), ordersKey(name), soldKey(name));
  await redis.zrem(productsOfKey(storeId), sku);
  return product !== undefined;
};
