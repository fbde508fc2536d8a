import type { Handlers } from '../../lib/consumer/index.ts';
import { productDeleted, productUpdated } from './products.ts';
import { productResyncChecked, storeResyncCompleted } from './resync.ts';
import { inventoryChanged, orderCreated } from './stock.ts';

/** One handler for each event of a store. */
export const COMMERCE_HANDLERS: Handlers<'ecommerce-sync'> = {
  'product.updated': productUpdated,
  'product.deleted': productDeleted,
  'inventory.level.changed': inventoryChanged,
  'order.created': orderCreated,
  'store.resync.completed': storeResyncCompleted,
  'product.resync.checked': productResyncChecked,
};
