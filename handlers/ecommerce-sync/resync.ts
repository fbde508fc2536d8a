import type { EventHandler, FollowUp } from '../../lib/consumer/index.ts';
import { timeOf } from '../../lib/events/index.ts';
import { ignored } from './ignored.ts';
import { type Product, productsOfKey, readProduct } from './product.ts';
import { settled } from './settle.ts';

/** Products that one record has checked: little enough for any invocation to end. */
export const PRODUCTS_AT_ONCE = 500;

/**
 * A store has sent all its products once more. This marker lies on the store's partition and says nothing of how far those
 * of its products have been worked, so it deletes nothing. It publishes a check for each known product, and that lies on
 * the product's own partition: behind everything that the resync has put there, because a store publishes its marker when
 * its products are acknowledged. So the log itself keeps the order, whatever lags.
 *
 * A page of products a record; the next record goes on behind it. Stopped and worked again, it publishes the same checks.
 *
 * @throws PermanentError INVALID_EVENT for a bad time
 */
export const storeResyncCompleted: EventHandler<'store.resync.completed'> = async ({ payload }, { redis }) => {
  const { storeId, userId, resyncId, startedAt, after } = payload;
  timeOf('startedAt', startedAt);
  const from = after === null ? '-' : `(${after}`;
  const skus = await redis.zrangebylex(productsOfKey(storeId), from, '+', 'LIMIT', 0, PRODUCTS_AT_ONCE);
  const last = skus.length < PRODUCTS_AT_ONCE ? undefined : skus.at(-1);
  const checks = skus.map(
    (sku): FollowUp => ({
      type: 'product.resync.checked',
      name: sku,
      payload: { storeId, sku, userId, resyncId, startedAt },
    }),
  );
  const next: FollowUp[] =
    last === undefined ? [] : [{ type: 'store.resync.completed', payload: { ...payload, after: last }, name: last }];
  return {
    events: [...checks, ...next],
    updates: after === null ? [{ userId, type: 'store.resync.completed', data: { storeId, resyncId } }] : [],
  };
};

/**
 * A full resync of its store is over: a product that was not part of it, and has shown no sign of life since it began, is
 * gone.
 *
 * @throws PermanentError INVALID_EVENT for a bad time
 */
export const productResyncChecked: EventHandler<'product.resync.checked'> = async ({ payload }, context) => {
  const { storeId, sku, userId, resyncId } = payload;
  const startedAt = timeOf('startedAt', payload.startedAt);
  const { redis } = context;
  const known = await readProduct(redis, payload);
  if (known === undefined) {
    // A tombstone whose time is over.
    return { crossKeyWrites: [{ name: 'products', owner: storeId, writes: [['ZREM', productsOfKey(storeId), sku]] }] };
  }
  if (known.deleted !== null) return ignored(context, 'the product is deleted already');
  if (known.userId !== userId) return ignored(context, 'the product is another user’s');
  if (known.seen?.resyncId === resyncId || lastSignOf(known) >= startedAt) return {};
  return settled(known, { ...known, deleted: { by: 'resync', startedAt } }, redis);
};

/** Milliseconds since 1970. */
const lastSignOf = ({ changed, seen, stock }: Product): number =>
  Math.max(changed?.updatedAt ?? 0, seen?.at ?? 0, stock?.updatedAt ?? 0);
