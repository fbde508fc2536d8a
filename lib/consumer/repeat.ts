import { applyOnce, markDeadLettered } from '../idempotency/index.ts';
import type { BatchPorts } from './batch.ts';
import { failed } from './dead-letter.ts';
import { entryOf, type Item, type Result } from './item.ts';

/**
 * Settles a repeat of another record by its own place as well: an event id is remembered for an hour only.
 *
 * @param of what became of the other one, which is finished
 * @returns `skipped`, or `failed` while Redis cannot be asked
 */
export const settleRepeat = async (item: Item, of: Result, ports: BatchPorts): Promise<Result> => {
  const { topic, redis } = ports;
  try {
    if (of === 'dead-lettered') await markDeadLettered(redis, topic, entryOf(item));
    else await applyOnce(redis, topic, item.identity.tag, [entryOf(item)]);
    return 'skipped';
  } catch (error) {
    return failed(item, error, ports);
  }
};
