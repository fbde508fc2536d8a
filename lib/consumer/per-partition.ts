import { applyOnce } from '../idempotency/index.ts';
import type { BatchPorts, Process, Settle } from './batch.ts';
import { failed, failureOf } from './dead-letter.ts';
import type { Delivered, PartitionHandler } from './effect.ts';
import { entryOf, type Item, isUnfinished } from './item.ts';
import { eachGroup, orderingGroups } from './ordering-groups.ts';

/** Processes the events of a partition together, partitions side by side. What holds no event is dead-lettered by itself. */
export const perPartition =
  (handle: PartitionHandler): Process =>
  async (items, ports, settle) => {
    await eachGroup(orderingGroups(await items, 'partition'), async (group) => {
      const delivered: Delivered<Item>[] = [];
      for (const item of group) {
        if (item.read.kind === 'event') {
          delivered.push({ event: item.read.event, record: item });
          continue;
        }
        if (item.read.kind !== 'invalid') continue;
        const result = await failureOf(item, item.read.error, ports);
        settle(item, result);
        if (isUnfinished(result)) break;
      }
      await processTogether(delivered, handle, ports, settle);
    });
  };

/**
 * Has events handled together and marks their records. When it fails, all of them are delivered again, whatever the reason:
 * which of them was at fault is not known.
 */
const processTogether = async (
  delivered: readonly Delivered<Item>[],
  handle: PartitionHandler,
  ports: BatchPorts,
  settle: Settle,
): Promise<void> => {
  const [first] = delivered;
  if (first === undefined) return;
  const { topic, redis, objects, deadline, observation } = ports;
  const { remainingMs, signal, within } = deadline;
  const { partition } = first.record;
  try {
    await within(handle(delivered, { redis, objects, remainingMs, signal, partition, logger: observation.logger }));
    signal.throwIfAborted();
    await Promise.all(delivered.map(({ record }) => applyOnce(redis, topic, record.identity.tag, [entryOf(record)])));
    for (const { record } of delivered) settle(record, 'processed');
  } catch (error) {
    await Promise.all(delivered.map(async ({ record }) => settle(record, await failed(record, error, ports))));
  }
};
