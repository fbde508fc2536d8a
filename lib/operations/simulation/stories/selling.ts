import type { Story } from '../draft.ts';
import type { Stage } from '../stage.ts';

const STORES = 10;

/** A product in a store: its data, its stock, and what is ordered of it. */
export function* selling({ dice, code, ago, fresh }: Stage): Story {
  const { qrId, owner } = code();
  const product = {
    storeId: `store-of-${owner.userId}-${dice.integer(1, STORES)}`,
    sku: fresh('sku'),
    userId: owner.userId,
  };
  const data = {
    title: 'Mug',
    price: 1_290,
    currency: 'EUR',
    url: 'https://shop.example.com/mug',
    qrId,
    lowStockAt: 5,
  };
  const fallbackUrl = 'https://shop.example.com/sold-out';
  let version = 1;
  const changed = (ms = 0) => ({ ...product, version, updatedAt: ago(ms) });
  yield { type: 'product.updated', payload: { ...changed(), ...data, fallbackUrl } };
  let available = dice.integer(3, 40);
  yield { type: 'inventory.level.changed', payload: { ...changed(), available } };
  for (let times = dice.integer(2, 10); times > 0; times -= 1) {
    version += 1;
    if (dice.chance(0.6)) {
      const quantity = dice.integer(1, 4);
      yield { type: 'order.created', payload: { ...product, orderId: fresh('order'), quantity, createdAt: ago(0) } };
      available = Math.max(0, available - quantity);
    }
    yield { type: 'inventory.level.changed', payload: { ...changed(), available } };
    // A late change that something newer has overtaken.
    if (dice.chance(0.1)) {
      yield { type: 'inventory.level.changed', payload: { ...changed(60_000), version: version - 1, available: 99 } };
    }
  }
  version += 1;
  if (dice.chance(0.2)) yield { type: 'product.deleted', payload: changed() };
}
