import { positionOf } from '../events/index.ts';
import { commit } from '../stores/marks.ts';
import type { BatchPorts } from './batch.ts';
import type { Delivered, PartitionHandler } from './effect.ts';
import { recordFailure } from './failure-history.ts';
import type { Item, Result } from './item.ts';

const HOUR = 3_600;

/**
 * Has the events of a partition worked together and marks them done. When it fails, all of them are delivered again,
 * whatever the reason: which of them was at fault is not known.
 */
export const workTogether = async (
  delivered: readonly Delivered<Item>[],
  work: PartitionHandler,
  { topic, redis, objects, deadline, observation }: BatchPorts,
  became: (item: Item, result: Result) => void,
): Promise<void> => {
  const [first] = delivered;
  if (first === undefined) return;
  const unique = withoutRepeats(delivered);
  const { remainingMs, signal, within } = deadline;
  const { partition } = first.record;
  try {
    await within(work(unique, { redis, objects, remainingMs, signal, partition, logger: observation.logger }));
    signal.throwIfAborted();
    await Promise.all(
      unique.map(({ record: { doneMark } }) =>
        doneMark === undefined ? undefined : commit(redis, doneMark, topic.idempotencyHours * HOUR),
      ),
    );
    for (const { record } of delivered) became(record, 'skipped');
    for (const { record } of unique) became(record, 'done');
  } catch (error) {
    const now = new Date().toISOString();
    observation.failed(first.record, error, 'failed');
    for (const { record } of delivered) became(record, 'failed');
    await Promise.all(
      delivered.map(({ record }) => recordFailure(redis, topic.consumerGroup, positionOf(record), now)),
    );
  }
};

/** The same event may have been published twice, and both lie in one batch. */
const withoutRepeats = (delivered: readonly Delivered<Item>[]): readonly Delivered<Item>[] => {
  const seen = new Set<string>();
  return delivered.filter(({ event: { eventId } }) => !seen.has(eventId) && seen.add(eventId));
};
