import { afterAll, describe, expect, it } from 'vitest';
import { productsOfKey } from '../../../handlers/ecommerce-sync/product.ts';
import { PRODUCTS_AT_ONCE } from '../../../handlers/ecommerce-sync/resync.ts';
import { closeConnections } from '../../../lib/consumer/index.ts';
import { derivedEventId, type EventOf, keyOf } from '../../../lib/events/index.ts';
import { duplicateIdOf } from '../../../lib/idempotency/index.ts';
import { hashTag } from '../../../lib/stores/hash-tag.ts';
import { testStack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';
import { openShops } from './shop.ts';

const { connections, deliver, take, newShop } = openShops(testStack().settings);
const { redis, publisher } = connections;
afterAll(() => closeConnections(connections));

const ofType = (events: readonly EventOf[], type: string) => events.filter(({ eventType }) => eventType === type);

describe('a full resync', () => {
  it('ends products that were not part of it, and none that has shown a sign of life since it began', async () => {
    const [kept, fresh, gone] = [newShop(), newShop(), newShop()];
    for (const shop of [kept, fresh, gone]) await deliver(shop.updated(1, 1));
    await deliver(kept.resent('r1', 12), fresh.updated(2, 11));
    for (const shop of [kept, fresh, gone]) {
      await take();
      await deliver(shop.resynced('r1', 10));
      const checks = ofType(await take(), 'product.resync.checked');
      expect(checks).toHaveLength(1);
      expect(checks.map((check) => keyOf(check).toString())).toEqual([`${shop.storeId}:mug`]);
      await deliver(...checks);
      await deliver(...checks);
    }
    expect((await kept.product())?.deleted).toBeNull();
    expect((await fresh.product())?.deleted).toBeNull();
    expect((await gone.product())?.deleted).toMatchObject({ by: 'resync' });
    expect(await gone.redirect()).toBe('https://shop.example/');
    expect(await gone.updates()).toEqual(expect.arrayContaining(['store.resync.completed', 'product.deleted']));
  });

  it('is over when the log says so: its marker takes effect behind products that are worked after it', async () => {
    const shop = newShop();
    await deliver(shop.updated(1, 1));
    // As a store publishes: the product is in the log before the marker. Functions of the stack work both.
    await publisher.publish(shop.resent('r1', 12));
    const marker = shop.resynced('r1', 10);
    await publisher.publish(marker);
    const check = duplicateIdOf(derivedEventId(marker.eventId, 'product.resync.checked/mug'));
    const owner = hashTag(`${shop.storeId}:mug`);
    await until('the check is processed', async () => {
      const remembered = await redis.keys(`ids:${owner}:ecommerce-syncers:*`);
      return (await Promise.all(remembered.map((key) => redis.sismember(key, check)))).includes(1);
    });
    expect((await shop.product())?.deleted).toBeNull();
  });

  it('that brings a product after all brings it back, though its version is not newer', async () => {
    const shop = newShop();
    await deliver(shop.updated(1, 1));
    await take();
    await deliver(shop.resynced('r1', 10));
    await deliver(...ofType(await take(), 'product.resync.checked'));
    await deliver(shop.updated(1, 1));
    expect((await shop.product())?.deleted).toMatchObject({ by: 'resync' });
    await deliver(shop.resent('r1', 12));
    expect((await shop.product())?.deleted).toBeNull();
  });

  it('of what its store itself has deleted since brings nothing back', async () => {
    const shop = newShop();
    await deliver(shop.updated(1, 1), shop.deleted(2, 11), shop.resent('r1', 12));
    expect((await shop.product())?.deleted).toEqual({ by: 'store' });
  });

  it('of a large shop goes on page by page, and forgets products that are no more', async () => {
    const shop = newShop();
    const skus = Array.from({ length: PRODUCTS_AT_ONCE + 2 }, (_, i) => `sku-${String(i).padStart(5, '0')}`);
    await redis.zadd(productsOfKey(shop.storeId), ...skus.flatMap((sku) => [0, sku]));
    await take();
    await deliver(shop.resynced('r1', 10));
    const first = await take();
    expect(ofType(first, 'product.resync.checked')).toHaveLength(PRODUCTS_AT_ONCE);
    const [next] = ofType(first, 'store.resync.completed');
    if (next === undefined) throw new Error('the resync does not go on');
    await deliver(next);
    const rest = await take();
    expect(rest.map(({ eventType }) => eventType)).toEqual(['product.resync.checked', 'product.resync.checked']);
    await deliver(...rest);
    expect(await redis.zscore(productsOfKey(shop.storeId), 'sku-00501')).toBeNull();
  });

  it('needs a beginning that is a time', async () => {
    const shop = newShop();
    await deliver(shop.resynced('r1', 'noon'));
    expect(await shop.storeReasons()).toEqual(['startedAt must be a time in ISO 8601, not "noon".']);
  });
});
