import type { Redis } from '../../lib/stores/redis.ts';
import { type Product, productsOfKey, readProduct, storesOfKey } from './product.ts';

/** The stores of which something is known that a user has or had. */
export const storesOf = async (redis: Redis, userId: string): Promise<string[]> =>
  (await redis.smembers(storesOfKey(userId))).sort();

/** A page of the products of a store. */
export interface ProductPage {
  readonly products: readonly Product[];
  /** What to give as `after` for the next page; undefined when this is the last. */
  readonly next: string | undefined;
}

/**
 * Products of a store in the order of their SKUs, those that are gone among them while they are remembered.
 *
 * @param after SKU behind which to begin
 */
export const productsOf = async (
  redis: Redis,
  storeId: string,
  { after, limit = 100 }: { readonly after?: string; readonly limit?: number } = {},
): Promise<ProductPage> => {
  const from = after === undefined ? '-' : `(${after}`;
  const skus = await redis.zrangebylex(productsOfKey(storeId), from, '+', 'LIMIT', 0, limit);
  const products = await Promise.all(skus.map((sku) => readProduct(redis, { storeId, sku })));
  return {
    products: products.filter((product) => product !== undefined),
    next: skus.length < limit ? undefined : skus.at(-1),
  };
};
