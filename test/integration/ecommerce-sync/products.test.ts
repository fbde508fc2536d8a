import { afterAll, describe, expect, it } from 'vitest';
import { PLACES } from '../../../handlers/ecommerce-sync/places.ts';
import { productKey } from '../../../handlers/ecommerce-sync/product.ts';
import { productsOf, storesOf } from '../../../handlers/ecommerce-sync/reading.ts';
import { closeConnections } from '../../../lib/consumer/index.ts';
import { TransientError } from '../../../lib/errors.ts';
import { isBookkeeping } from '../../support/bookkeeping.ts';
import { testStack } from '../../support/stack.ts';
import { noticesIn, openShops } from './shop.ts';

const { connections, deliver, deliverWith, take, newShop } = openShops(testStack().settings);
const { redis, objects } = connections;
afterAll(() => closeConnections(connections));

const DONE = { batchItemFailures: [] };

describe('a product', () => {
  it('is as its newest version says, however late an older one comes, and is found by its owner', async () => {
    const shop = newShop();
    expect(
      await deliver(
        shop.updated(2, 5, { title: 'Mug, blue', price: 990, currency: 'EUR' }),
        shop.updated(1, 9, { title: 'Mug, red' }),
        shop.updated(2, 4, { title: 'Mug, green' }),
      ),
    ).toEqual(DONE);
    expect((await shop.product())?.details).toMatchObject({ title: 'Mug, blue', price: 990, currency: 'EUR' });
    await deliver(shop.updated(2, 6, { title: 'Mug, black' }));
    expect((await shop.product())?.details?.title).toBe('Mug, black');
    expect(await storesOf(redis, shop.userId)).toEqual([shop.storeId]);
    const page = await productsOf(redis, shop.storeId);
    expect(page).toMatchObject({ products: [{ sku: 'mug' }], next: undefined });
  });

  it('that is deleted is not brought back by a late change, and its code leads to the fallback', async () => {
    const shop = newShop();
    await deliver(shop.updated(1, 1), shop.deleted(3, 3), shop.updated(2, 2));
    expect(await shop.product()).toMatchObject({ deleted: { by: 'store' } });
    expect(await shop.redirect()).toBe('https://shop.example/');
    expect(await shop.updates()).toEqual(['product.deleted']);
    await deliver(shop.updated(4, 4));
    expect(await shop.product()).toMatchObject({ deleted: null, fallback: null });
    expect(await shop.redirect()).toBeUndefined();
  });

  it('that is deleted before it was ever heard of stays so, for as long as a late change may come', async () => {
    const shop = newShop();
    await deliver(shop.deleted(2, 2), shop.updated(1, 1));
    expect(await shop.product()).toMatchObject({ details: null, deleted: { by: 'store' } });
    expect(await redis.ttl(productKey(shop))).toBeGreaterThan(7 * 24 * 60 * 60);
  });

  it('that is delivered again changes nothing, nor does a batch that is cut off in the middle', async () => {
    const shop = newShop();
    const events = [shop.updated(1, 1), shop.counted(1, 1, 20), shop.ordered('o1', 2, 15), shop.ordered('o2', 3, 5)];
    await deliver(...events);
    const before = await shop.product();
    await take();
    expect(await deliver(...events)).toEqual(DONE);
    expect(await deliver(...events.slice(2))).toEqual(DONE);
    expect(await shop.product()).toEqual(before);
    expect(await take()).toEqual([]);
    expect(await shop.updates()).toEqual(['inventory.low', 'inventory.out']);
  });

  it('with a price or a URL that is none is a dead letter, and the next event is worked', async () => {
    const shop = newShop();
    await deliver(
      shop.updated(1, 1, { price: 5 }),
      shop.updated(2, 2, { url: 'javascript:alert(1)' }),
      shop.ordered('o1', 1, 0),
      shop.updated(3, 3),
    );
    expect((await shop.product())?.changed?.version).toBe(3);
    expect(await shop.reasons()).toEqual([
      `Product mug of store ${shop.storeId} has a price without a currency.`,
      `Product mug of store ${shop.storeId} has a url that is not an http or https URL of at most 2048 characters, without a user name.`,
      `Order o1 of store ${shop.storeId} has a quantity of 0 of product mug; it must be 1 at least.`,
    ]);
  });

  it('whose notifications cannot be published is tried again, with the very same ones', async () => {
    const shop = newShop();
    await deliver(shop.updated(1, 1), shop.counted(1, 1, 20));
    const order = shop.ordered('o1', 2, 20);
    const down = {
      ...connections.publisher,
      publishRaw: () => Promise.reject(new TransientError('BROKER_UNAVAILABLE', 'down')),
    };
    expect((await deliverWith({ publisher: down }, order)).batchItemFailures).toHaveLength(1);
    expect(await shop.stock()).toBe(20);
    expect(await shop.redirect()).toBeUndefined();
    await take();
    expect(await deliver(order)).toEqual(DONE);
    expect(noticesIn(await take())).toEqual(['out-of-stock by in-app', 'out-of-stock by email']);
    expect(await shop.stock()).toBe(0);
  });

  it('is erased with its owner, its orders and the fallback of its code', async () => {
    const shop = newShop();
    await deliver(shop.updated(1, 1), shop.counted(1, 1, 0), shop.ordered('o1', 2, 1));
    expect(await shop.redirect()).toBe('https://shop.example/');
    const stores = { redis, objects, signal: new AbortController().signal };
    const erase = () => Promise.all(PLACES.map((place) => place.erase(shop.userId, stores)));
    expect(await erase()).toEqual([1]);
    expect(await erase()).toEqual([0]);
    expect(await redis.keys(`*${shop.storeId}*`)).toEqual(expect.not.arrayContaining([productKey(shop)]));
    expect((await redis.keys(`*${shop.storeId}*`)).filter((key) => !isBookkeeping(key))).toEqual([]);
    expect(await shop.redirect()).toBeUndefined();
  });
});
