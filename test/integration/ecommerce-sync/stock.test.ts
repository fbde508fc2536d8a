import { afterAll, describe, expect, it } from 'vitest';
import { closeConnections } from '../../../lib/consumer/index.ts';
import { randomFrom } from '../../support/random.ts';
import { testStack } from '../../support/stack.ts';
import { noticesIn, openShops } from './shop.ts';

const { connections, deliver, take, newShop } = openShops(testStack().settings);
afterAll(() => closeConnections(connections));

describe('stock', () => {
  it('is what the store counted, less what was ordered since; an order counts once', async () => {
    const shop = newShop();
    await deliver(shop.updated(1, 1), shop.counted(1, 10, 50));
    await deliver(shop.ordered('o1', 11, 3), shop.ordered('o1', 11, 3), shop.ordered('before', 9, 4));
    expect(await shop.stock()).toBe(47);
  });

  it('has versions of its own: a change of the product makes no count older', async () => {
    const shop = newShop();
    await deliver(shop.updated(9, 30), shop.counted(2, 10, 50), shop.counted(1, 20, 99), shop.updated(10, 31));
    expect(await shop.stock()).toBe(50);
  });

  it('is the same in whatever order counts and orders arrive', async () => {
    const random = randomFrom(7);
    const stocks: (number | undefined)[] = [];
    for (let round = 0; round < 8; round += 1) {
      const shop = newShop();
      const events = [
        shop.counted(1, 10, 100),
        shop.counted(2, 20, 80),
        shop.counted(3, 30, 60),
        shop.ordered('a', 5, 7),
        shop.ordered('b', 15, 5),
        shop.ordered('c', 30, 3),
        shop.ordered('d', 35, 2),
        shop.ordered('e', 40, 1),
      ];
      await deliver(
        ...events
          .map((event) => ({ event, place: random() }))
          .sort((a, b) => a.place - b.place)
          .map(({ event }) => event),
      );
      stocks.push(await shop.stock());
    }
    expect(new Set(stocks)).toEqual(new Set([57]));
  });

  it('that falls warns its owner once a shortage, and its code leads to the fallback while there is none', async () => {
    const shop = newShop();
    await deliver(shop.updated(1, 1), shop.counted(1, 1, 20));
    await take();
    await deliver(shop.ordered('o1', 2, 10));
    expect(noticesIn(await take())).toEqual(['low-stock by in-app', 'low-stock by email']);
    await deliver(shop.ordered('o2', 3, 10));
    expect(noticesIn(await take())).toEqual(['out-of-stock by in-app', 'out-of-stock by email']);
    expect(await shop.redirect()).toBe('https://shop.example/');
    await deliver(shop.counted(2, 4, 1), shop.ordered('o3', 5, 1));
    expect(noticesIn(await take())).toEqual([]);
    await deliver(shop.counted(3, 6, 30));
    expect(await shop.redirect()).toBeUndefined();
    await deliver(shop.counted(4, 7, 0));
    expect(noticesIn(await take())).toEqual(['out-of-stock by in-app', 'out-of-stock by email']);
    expect(await shop.updates()).toEqual([
      'inventory.low',
      'inventory.out',
      'inventory.low',
      'inventory.out',
      'inventory.back',
      'inventory.out',
    ]);
  });

  it('that is sold out when the shop is connected is no news, but its code leads to the fallback', async () => {
    const [one, other] = [newShop(), newShop()];
    await take();
    await deliver(one.counted(1, 1, 0), one.updated(1, 1), other.updated(1, 1), other.counted(1, 1, 0));
    expect(noticesIn(await take())).toEqual([]);
    for (const shop of [one, other]) expect(await shop.redirect()).toBe('https://shop.example/');
  });

  it('below zero is kept as it is, and flagged', async () => {
    const shop = newShop();
    await deliver(shop.updated(1, 1), shop.counted(1, 1, 2), shop.ordered('o1', 2, 5));
    expect((await shop.product())?.stock).toMatchObject({ available: -3, oversold: true });
    expect(await shop.updates()).toEqual(['inventory.out', 'inventory.oversold']);
    await deliver(shop.counted(2, 3, 4));
    expect((await shop.product())?.stock).toMatchObject({ available: 4, oversold: false });
  });

  it('of a code that moves to another product takes the fallback along', async () => {
    const shop = newShop();
    await deliver(shop.counted(1, 1, 0), shop.updated(1, 1));
    const other = newShop();
    await deliver(shop.updated(2, 2, { qrId: other.qrId }));
    expect(await shop.redirect()).toBeUndefined();
    expect(await other.redirect()).toBe('https://shop.example/');
  });
});
