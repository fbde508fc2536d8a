import type { EventHandler } from '../../lib/consumer/index.ts';
import { detailsOf } from './details.ts';
import { ignored } from './ignored.ts';
import { keepProduct, newProduct, type Product, readProduct } from './product.ts';
import { settled } from './settle.ts';
import { isNewer, type Version, versionOf } from './versions.ts';

/**
 * A product is new or has changed. What is older than what is known is ignored, but a resync that sends it once more has
 * seen it nevertheless.
 *
 * @throws PermanentError INVALID_EVENT for a bad price, URL or time
 */
export const productUpdated: EventHandler<'product.updated'> = async ({ payload, timestamp }, context) => {
  const { userId, resyncId } = payload;
  const change = versionOf(payload);
  const details = detailsOf(payload);
  const known = await readProduct(context.redis, payload);
  const product = known ?? newProduct(payload);
  const seen = seenNow(product, resyncId, Date.parse(timestamp));
  if (product.changed !== null && !isNewer(change, product.changed) && !isBack(product, change, seen)) {
    const writes = seen === product.seen ? [] : [keepProduct({ ...product, seen })];
    return ignored(context, 'a newer change of the product is known', { writes });
  }
  return settled(known, { ...product, userId, changed: change, details, deleted: null, seen }, context.redis);
};

/**
 * A product is gone. What is known of it stays as a tombstone, so that a late change does not bring it back. A deletion as
 * old as the newest change counts: stores need not count it as a change.
 *
 * @throws PermanentError INVALID_EVENT for a bad time
 */
export const productDeleted: EventHandler<'product.deleted'> = async ({ payload }, context) => {
  const change = versionOf(payload);
  const known = await readProduct(context.redis, payload);
  const product = known ?? newProduct(payload);
  if (product.changed !== null && isNewer(product.changed, change)) {
    return ignored(context, 'a newer change of the product is known');
  }
  if (product.deleted?.by === 'store' && !isNewer(change, product.changed ?? change)) {
    return ignored(context, 'the product is deleted already');
  }
  return settled(known, { ...product, changed: change, deleted: { by: 'store' } }, context.redis);
};

const seenNow = ({ seen }: Product, resyncId: string | null, at: number): Product['seen'] =>
  resyncId === null || (seen !== null && seen.at >= at) ? seen : { resyncId, at };

/**
 * That a resync has not brought a product was a conclusion, not the store's word. A record of it that comes after all, out
 * of the dead-letter queue for instance, proves the conclusion wrong, although it brings no newer version.
 */
const isBack = ({ changed, deleted }: Product, change: Version, seen: Product['seen']): boolean =>
  deleted?.by === 'resync' &&
  changed !== null &&
  !isNewer(changed, change) &&
  seen !== null &&
  seen.at >= deleted.startedAt;
