import { randomUUID } from 'node:crypto';
import { COMMERCE_HANDLERS } from '../../../handlers/ecommerce-sync/handlers.ts';
import { readProduct } from '../../../handlers/ecommerce-sync/product.ts';
import { createConsumer } from '../../../lib/consumer/index.ts';
import { type EventInputs, type EventOf, eventOf } from '../../../lib/events/index.ts';
import type { Settings } from '../../../lib/settings.ts';
import { resolveRedirect } from '../../../lib/stores/redirects.ts';
import { deliveryTo } from '../../support/delivery.ts';
import { recorderOn } from '../../support/recorder.ts';
import { updateTypesOf } from '../../support/updates.ts';

type Type = keyof typeof COMMERCE_HANDLERS;

/** Minutes of one morning, so that a test reads like its story. */
export const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 9, minute)).toISOString();

/** A shop with one product in it, and the consumer that its events are delivered to. */
export const openShops = (settings: Settings) => {
  const { connections, deliverWith, reasons } = deliveryTo(
    'ecommerce-sync',
    (options) => createConsumer('ecommerce-sync', COMMERCE_HANDLERS, options),
    settings,
  );
  const { redis } = connections;
  const { publisher, events: take } = recorderOn(connections.publisher);
  const deliver = (...events: readonly EventOf[]) => deliverWith({ publisher }, ...events);

  const newShop = (sku = 'mug') => {
    const [storeId, userId, qrId] = [randomUUID(), randomUUID(), randomUUID()];
    const product = { storeId, sku, userId };
    const event = <T extends Type>(type: T, payload: EventInputs[T], minute = 0): EventOf =>
      eventOf(type, payload, { source: 'test', timestamp: at(minute) });
    return {
      ...product,
      qrId,
      /** A change of the product in this minute of the morning. */
      updated: (version: number, minute: number, more: Partial<EventInputs['product.updated']> = {}) =>
        event(
          'product.updated',
          {
            ...product,
            version,
            updatedAt: at(minute),
            title: 'Mug',
            qrId,
            fallbackUrl: 'https://shop.example/',
            lowStockAt: 10,
            ...more,
          },
          minute,
        ),
      /** The product sent once more by a resync in this minute, as it was. */
      resent: (resyncId: string, minute: number, more: Partial<EventInputs['product.updated']> = {}) =>
        event(
          'product.updated',
          { ...product, version: 1, updatedAt: at(1), title: 'Mug', qrId, resyncId, ...more },
          minute,
        ),
      deleted: (version: number, minute: number) =>
        event('product.deleted', { ...product, version, updatedAt: at(minute) }, minute),
      counted: (version: number, minute: number, available: number) =>
        event('inventory.level.changed', { ...product, version, updatedAt: at(minute), available }, minute),
      ordered: (orderId: string, minute: number, quantity: number) =>
        event('order.created', { ...product, orderId, quantity, createdAt: at(minute) }, minute),
      resynced: (resyncId: string, startedAt: number | string) =>
        event('store.resync.completed', {
          storeId,
          userId,
          resyncId,
          startedAt: typeof startedAt === 'string' ? startedAt : at(startedAt),
        }),
      product: () => readProduct(redis, product),
      stock: async () => (await readProduct(redis, product))?.stock?.available,
      redirect: async () => (await resolveRedirect(redis, qrId))?.destination,
      updates: () => updateTypesOf(redis, userId),
      reasons: () => reasons(`${storeId}:${sku}`),
      storeReasons: () => reasons(storeId),
    };
  };

  return { connections, deliver, deliverWith, take, newShop };
};

/** What users were told, as `template by channel`. */
export const noticesIn = (events: readonly EventOf[]): string[] =>
  events.flatMap(({ eventType, payload }) =>
    eventType === 'notification.requested' && 'template' in payload
      ? [`${payload.template} by ${payload.channel}`]
      : [],
  );
