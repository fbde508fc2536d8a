import { type Effect, type FollowUp, notifiedInAppAndByEmail } from '../../lib/consumer/index.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import type { RedisCommand } from '../../lib/stores/writes.ts';
import { fallbackWrites, wantedFallback } from './fallback.ts';
import { type Level, levelOf, newsOf, toldOf } from './levels.ts';
import { keepProduct, type Product, productsOfKey, storesOfKey } from './product.ts';

/**
 * Everything that follows from a change of a product: its level, what its owner is told, where its code leads, and the
 * indexes by which it is found. Records of a product come in order, one after the other (the topic is ordered by key), so
 * that `known` is still so when this is written.
 *
 * @param known what was known before; undefined for a product nobody has spoken of
 * @param changed the same with what has changed, but for what follows from that
 * @param more writes on keys of the product that belong to the change
 */
export const settled = async (
  known: Product | undefined,
  changed: Product,
  redis: Redis,
  more: readonly RedisCommand[] = [],
): Promise<Effect> => {
  const next = withLevel(known, changed);
  const product: Product = { ...next, fallback: wantedFallback(next) };
  return {
    events: shortageNotices(known, product),
    updates: updatesOf(known, product),
    crossKeyWrites: [
      ...indexWrites(known, product),
      ...(await fallbackWrites(known?.fallback ?? null, product.fallback, redis)),
    ],
    writes: [keepProduct(product), ...more],
  };
};

/**
 * Nobody is told of what was so when it was first heard of: a shop that is connected with a hundred sold out products
 * means no hundred e-mails. Nor of a product that is gone.
 */
const isWatched = (known: Product | undefined, { deleted }: Product): known is Product =>
  deleted === null && known !== undefined && known.stock !== null && known.details !== null;

const withLevel = (known: Product | undefined, changed: Product): Product => {
  const { stock, details, told, shortages } = changed;
  if (stock === null) return changed;
  const lowStockAt = details?.lowStockAt ?? null;
  const level = levelOf(stock.available, lowStockAt);
  const isTold = isWatched(known, changed) && newsOf(told, level) !== undefined;
  return {
    ...changed,
    level,
    told: toldOf(told, stock.available, lowStockAt),
    shortages: shortages + (isTold ? 1 : 0),
  };
};

const shortageNotices = (known: Product | undefined, product: Product): FollowUp[] => {
  const { storeId, sku, userId, details, stock, level, shortages } = product;
  const news = isWatched(known, product) ? newsOf(known.told, level) : undefined;
  if (news === undefined || stock === null) return [];
  const data = { title: details?.title ?? sku, sku, storeId };
  const about = { userId, dedupeKey: `stock/${storeId}/${sku}/${shortages}` };
  return news === 'out'
    ? notifiedInAppAndByEmail({ ...about, template: 'out-of-stock', data })
    : notifiedInAppAndByEmail({
        ...about,
        template: 'low-stock',
        data: { ...data, available: String(stock.available) },
      });
};

const LEVEL_UPDATE: Readonly<Record<Level, string>> = {
  ok: 'inventory.back',
  low: 'inventory.low',
  out: 'inventory.out',
};

/** What the owner should see at once. A changed text or price is not among it: a resync would push all else out. */
const updatesOf = (known: Product | undefined, product: Product): NonNullable<Effect['updates']> => {
  const { storeId, sku, userId, details, stock, level, deleted } = product;
  const update = (type: string, more: Readonly<Record<string, unknown>> = {}) => ({
    userId,
    type,
    data: { storeId, sku, title: details?.title ?? sku, ...more },
  });
  const wasThere = known !== undefined && known.details !== null && known.deleted === null;
  if (wasThere && deleted !== null) return [update('product.deleted', { by: deleted.by })];
  const available = stock?.available;
  const isOversold = stock?.oversold === true && known?.stock?.oversold !== true;
  return [
    ...(known !== undefined && known.deleted !== null && deleted === null ? [update('product.restored')] : []),
    ...(isWatched(known, product) && known.level !== level ? [update(LEVEL_UPDATE[level], { available })] : []),
    ...(isOversold && deleted === null ? [update('inventory.oversold', { available })] : []),
  ];
};

/** A product that was not known, or has another owner now, is entered where it is looked for. */
const indexWrites = (known: Product | undefined, { storeId, sku, userId }: Product) => {
  if (known?.userId === userId) return [];
  return [
    { name: 'products', owner: storeId, writes: [['ZADD', productsOfKey(storeId), 0, sku]] },
    { name: 'stores', owner: userId, writes: [['SADD', storesOfKey(userId), storeId]] },
  ] satisfies Effect['crossKeyWrites'];
};
