import { ordersKey, readProduct } from '../../../../handlers/ecommerce-sync/product.ts';
import { eventOf } from '../../../../lib/events/index.ts';
import { type Act, duplicated } from '../act.ts';
import type { Effect } from './effect.ts';

const ORDERS = 90;
const PRODUCTS = 6;
const POISON = 0.04;
const COUNTED = 1_000;
const HOUR_MS = 60 * 60 * 1_000;

const nameOf = (run: string, product: number) => ({ storeId: `${run}-store`, sku: `sku-${product}` });
const products = Array.from({ length: PRODUCTS }, (_, product) => product);

/** Orders of one piece each, after the store has counted: each is taken off the stock once, and remembered once. */
export const stock: Effect = {
  name: 'stock',
  plan: (stage) => {
    const { dice, run, now } = stage;
    const userId = `${run}-merchant`;
    const origin = { source: 'faults' };
    const counts = products.map((product): Act => {
      const name = nameOf(run, product);
      const updatedAt = new Date(now - HOUR_MS).toISOString();
      const count = { ...name, userId, version: 1, updatedAt, available: COUNTED };
      return {
        line: `stock/${name.sku}`,
        event: eventOf('inventory.level.changed', count, origin),
        signs: [{ sum: `counts of ${name.sku}` }],
      };
    });
    const orders = Array.from({ length: ORDERS }, (_, i): Act => {
      const name = nameOf(run, dice.integer(0, PRODUCTS - 1));
      const orderId = `${run}-order-${i}`;
      const isPoison = dice.chance(POISON);
      const createdAt = new Date(now - HOUR_MS / 2 + i * 1_000).toISOString();
      const order = { ...name, userId, orderId, quantity: isPoison ? 0 : 1, createdAt };
      const act = { line: `stock/${name.sku}`, event: eventOf('order.created', order, origin) };
      if (isPoison) return { ...act, signs: [], refusal: 'INVALID_EVENT' };
      const signs = [{ sum: `sold of ${name.sku}` }, { log: `orders of ${name.sku}`, id: orderId }];
      return { ...act, signs, ...duplicated(stage) };
    });
    return [...counts, ...orders];
  },
  observe: async (run, { redis }) => {
    const logs = new Map<string, readonly string[]>();
    const sums = new Map<string, number>();
    for (const product of products) {
      const name = nameOf(run, product);
      const [known, orders] = await Promise.all([readProduct(redis, name), redis.zrange(ordersKey(name), 0, -1)]);
      const available = known?.stock?.available;
      sums.set(`counts of ${name.sku}`, available === undefined ? 0 : 1);
      sums.set(`sold of ${name.sku}`, available === undefined ? 0 : COUNTED - available);
      logs.set(`orders of ${name.sku}`, orders);
    }
    return { logs, sums, faults: [] };
  },
};
