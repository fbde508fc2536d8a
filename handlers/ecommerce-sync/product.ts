import { hashTag } from '../../lib/stores/hash-tag.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import type { RedisCommand } from '../../lib/stores/writes.ts';
import type { Details } from './details.ts';
import type { Level } from './levels.ts';
import type { Version } from './versions.ts';

/** Why a product is gone: its store has said so, or a full resync did not bring it. */
export type Deletion =
  | { readonly by: 'store' }
  | {
      readonly by: 'resync';
      /** When that resync began, milliseconds since 1970. */
      readonly startedAt: number;
    };

/** How many there are. */
export interface Stock extends Version {
  /** What the store counted, less what was ordered since; below zero when more was sold than there was. */
  readonly available: number;
  /** Below zero. */
  readonly oversold: boolean;
}

/** What is known of a product. Its events may come in any order, so that each part may be there without the others. */
export interface Product {
  readonly storeId: string;
  readonly sku: string;
  readonly userId: string;
  /** The newest change or deletion of the product itself. */
  readonly changed: Version | null;
  /** What that change said; kept when the product is gone, for its code. */
  readonly details: Details | null;
  readonly deleted: Deletion | null;
  /** The last full resync it was part of. */
  readonly seen: {
    readonly resyncId: string;
    /** Milliseconds since 1970. */
    readonly at: number;
  } | null;
  /** Has versions of its own: a new price does not make a count older. */
  readonly stock: Stock | null;
  readonly level: Level;
  /** The worst that the owner was told since there was enough. */
  readonly told: Level;
  /** How often the owner was told something: tells one shortage from the next. */
  readonly shortages: number;
  /** What was set over the destination of its code. */
  readonly fallback: { readonly qrId: string; readonly url: string } | null;
}

/** What names a product. */
export interface ProductName {
  readonly storeId: string;
  readonly sku: string;
}

/** A product that is gone is remembered as long as a late change of it may come: longer than its topic keeps records. */
const TOMBSTONE_SECONDS = 30 * 24 * 60 * 60;

/** The same as the harness's tag for records of this product. The SKU behind it tells `a:b` + `c` from `a` + `b:c`. */
const keyOf = (kind: string, { storeId, sku }: ProductName): string => `${kind}:${hashTag(`${storeId}:${sku}`)}:${sku}`;

/** JSON of a {@link Product}. */
export const productKey = (name: ProductName): string => keyOf('product', name);

/** Orders that were counted, by time: each counts once. */
export const ordersKey = (name: ProductName): string => keyOf('orders', name);

/** Items that were sold after the store's last count, as `QUANTITY:ORDER` by time. */
export const soldKey = (name: ProductName): string => keyOf('sold', name);

/** SKUs of a store, in their order. Hash tag and owner: the store. */
export const productsOfKey = (storeId: string): string => `products-of:${hashTag(storeId)}`;

/** Stores of a user. Hash tag and owner: the user. */
export const storesOfKey = (userId: string): string => `stores-of:${hashTag(userId)}`;

/** @returns undefined for a product nobody has spoken of, or not for long since it is gone */
export const readProduct = async (redis: Redis, name: ProductName): Promise<Product | undefined> => {
  const text = await redis.get(productKey(name));
  if (text === null) return undefined;
  const product: Product = JSON.parse(text);
  return product;
};

/** A product of which nothing is known but its name. */
export const newProduct = ({ storeId, sku, userId }: ProductName & { readonly userId: string }): Product => ({
  storeId,
  sku,
  userId,
  changed: null,
  details: null,
  deleted: null,
  seen: null,
  stock: null,
  level: 'ok',
  told: 'ok',
  shortages: 0,
  fallback: null,
});

/** The write that keeps a product. One that is gone stays while a late change may come, or a fallback hangs on it. */
export const keepProduct = (product: Product): RedisCommand => {
  const { deleted, fallback } = product;
  const expiry = deleted !== null && fallback === null ? ['EX', TOMBSTONE_SECONDS] : [];
  return ['SET', productKey(product), JSON.stringify(product), ...expiry];
};
