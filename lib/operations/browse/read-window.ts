import { randomUUID } from 'node:crypto';
import type { EachBatchPayload } from 'kafkajs';
import type { Settings } from '../../settings.ts';
import { coordinatorReady, kafkaFailure, openKafka, withAdmin } from '../cluster.ts';
import { headersOf, type LogRecord, READER_GROUP_PREFIX } from '../reader.ts';
import type { Bounds } from './window.ts';

/** A partition can end in records no client sees (transaction markers): no news for so long is the end as well. */
const QUIET_MS = 3_000;
/** Fetched of a partition at once: a page of usual records, not a megabyte of those after it. */
const BYTES_PER_PARTITION = 256 * 1024;

/**
 * Reads a window of a topic, and nothing of what lies around it. Partitions come in no order, the records of one in
 * theirs. Commits nothing and leaves no consumer group behind.
 *
 * @param signal ends it from outside
 * @throws StreamError BROKER_UNAVAILABLE
 */
export const readWindow = async (
  settings: Pick<Settings, 'brokers' | 'kafkaAuth'>,
  topic: string,
  window: readonly Bounds[],
  signal: AbortSignal,
  onRecord: (record: LogRecord) => Promise<void> | void,
): Promise<void> => {
  if (window.length === 0 || signal.aborted) return;
  const groupId = `${READER_GROUP_PREFIX}${randomUUID()}`;
  const open = new Map(window.map((each) => [each.partition, each]));
  const consumer = openKafka(settings).consumer({
    ...{ groupId, maxWaitTimeInMs: 50, retry: { retries: 3 } },
    maxBytesPerPartition: BYTES_PER_PARTITION,
  });
  const pause = (partitions: number[]): void => consumer.pause([{ topic, partitions }]);
  try {
    await withAdmin(settings, (admin) => coordinatorReady(admin, groupId));
    await consumer.connect();
    await consumer.subscribe({ topic });
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      let quiet: NodeJS.Timeout | undefined;
      const eachBatch = async ({ batch }: EachBatchPayload): Promise<void> => {
        const { partition } = batch;
        const own = open.get(partition);
        if (own === undefined) return pause([partition]);
        for (const { offset, timestamp, key, value, headers } of batch.messages) {
          const at = Number(offset);
          if (signal.aborted) return;
          if (at < own.begin || at >= own.end) continue;
          const place = { topic, partition, offset: at, timestamp: Number(timestamp) };
          try {
            await onRecord({ ...place, key, value, headers: headersOf(headers) });
          } catch (error) {
            // Thrown from here it would be tried again, and end as one of Kafka.
            return reject(error);
          }
        }
        if (Number(batch.lastOffset()) + 1 >= own.end) {
          open.delete(partition);
          pause([partition]);
        }
        if (open.size === 0) resolve();
        quiet?.refresh();
      };
      consumer.run({ autoCommit: false, eachBatch }).then(() => {
        quiet = setTimeout(resolve, QUIET_MS).unref();
        for (const { partition, begin } of window) consumer.seek({ topic, partition, offset: String(begin) });
      }, reject);
    });
  } catch (error) {
    throw kafkaFailure(error, settings);
  } finally {
    await consumer.disconnect().catch(() => undefined);
    await withAdmin(settings, (admin) => admin.deleteGroups([groupId])).catch(() => undefined);
  }
};
