import type { EventHandler } from '../../lib/consumer/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import { timeOf } from '../../lib/events/index.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import { ignored } from './ignored.ts';
import { newProduct, ordersKey, type Product, type ProductName, readProduct, soldKey } from './product.ts';
import { settled } from './settle.ts';
import { isNewer, versionOf } from './versions.ts';

/** Orders of a product that are remembered. */
const ORDERS_KEPT = 10_000;
const ORDERS_SECONDS = 30 * 24 * 60 * 60;

const counted = (available: number) => ({ available, oversold: available < 0 });

/**
 * A store has counted: an absolute number, as of `updatedAt`. Orders that came in after that moment but are known already
 * are taken off it; older ones are in the count.
 *
 * @throws PermanentError INVALID_EVENT for a bad time
 */
export const inventoryChanged: EventHandler<'inventory.level.changed'> = async ({ payload }, context) => {
  const { redis } = context;
  const count = versionOf(payload);
  const known = await readProduct(redis, payload);
  const product = known ?? newProduct(payload);
  if (product.stock !== null && !isNewer(count, product.stock)) return ignored(context, 'a newer count is known');
  // The version has the last word; sales up to the later of the two moments are in one of the counts.
  const updatedAt = Math.max(count.updatedAt, product.stock?.updatedAt ?? 0);
  const available = payload.available - (await soldSince(redis, payload, updatedAt));
  const stock = { version: count.version, updatedAt, ...counted(available) };
  return settled(known, { ...product, stock }, redis, [['ZREMRANGEBYSCORE', soldKey(payload), '-inf', updatedAt]]);
};

/**
 * Somebody has bought a product. It reduces the stock when it is younger than the store's last count; one of the same
 * moment is taken to be in the count, because stores count after they have sold. An order counts once, whatever event
 * tells of it.
 *
 * @throws PermanentError INVALID_EVENT for a bad time or quantity
 */
export const orderCreated: EventHandler<'order.created'> = async ({ payload }, context) => {
  const { storeId, sku, orderId, quantity } = payload;
  if (quantity < 1) {
    throw new PermanentError(
      'INVALID_EVENT',
      `Order ${orderId} of store ${storeId} has a quantity of ${quantity} of product ${sku}; it must be 1 at least.`,
    );
  }
  const createdAt = timeOf('createdAt', payload.createdAt);
  const { redis } = context;
  const [known, before] = await Promise.all([readProduct(redis, payload), redis.zscore(ordersKey(payload), orderId)]);
  if (before !== null) return ignored(context, 'the order is counted already');
  const product = known ?? newProduct(payload);
  const { stock } = product;
  const isNew = stock === null || createdAt > stock.updatedAt;
  const changed: Product =
    stock !== null && isNew ? { ...product, stock: { ...stock, ...counted(stock.available - quantity) } } : product;
  return settled(known, changed, redis, [
    ...remember(ordersKey(payload), createdAt, orderId),
    // Taken off the next count too, should that be older than the order.
    ...(isNew ? remember(soldKey(payload), createdAt, `${quantity}:${orderId}`) : []),
  ]);
};

const soldSince = async (redis: Redis, name: ProductName, time: number): Promise<number> => {
  const sales = await redis.zrangebyscore(soldKey(name), `(${time}`, '+inf');
  return sales.reduce((sum, sale) => sum + Number.parseInt(sale, 10), 0);
};

const remember = (key: string, score: number, member: string) =>
  [
    ['ZADD', key, score, member],
    ['ZREMRANGEBYRANK', key, 0, -ORDERS_KEPT - 1],
    ['EXPIRE', key, ORDERS_SECONDS],
  ] as const;
