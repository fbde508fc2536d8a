import { randomUUID } from 'node:crypto';
import type { EachBatchPayload } from 'kafkajs';
import type { Settings } from '../settings.ts';
import { type Admin, coordinatorReady, kafkaFailure, openKafka, withAdmin } from './cluster.ts';
import { headersOf, type LogRecord, READER_GROUP_PREFIX } from './reader.ts';
import { boundsOf } from './topics.ts';

export interface ScanOptions {
  /** Those that do not exist are left out. */
  readonly topics: readonly string[];
  /** Records of this time or later, milliseconds since 1970. */
  readonly since: number;
  /** Ends the scan from outside. */
  readonly signal?: AbortSignal | undefined;
  /** Told how many of about how many records were looked at. */
  readonly onProgress?: ((looked: number, total: number) => void) | undefined;
}

/** A partition can end in records no client sees (transaction markers): no news for so long is the end as well. */
const QUIET_MS = 5_000;

/** Where to read in a partition: from `first`, up to and without `end`. */
interface Span {
  readonly topic: string;
  readonly partition: number;
  readonly first: number;
  readonly end: number;
}

/**
 * Looks at all records of some topics from a time up to their present end. Topics and partitions come in no order, the
 * records of a partition in theirs. Commits nothing and leaves no consumer group behind.
 *
 * @returns how many records were looked at
 * @throws StreamError BROKER_UNAVAILABLE
 */
export const scanTopics = async (
  settings: Pick<Settings, 'brokers' | 'kafkaAuth'>,
  options: ScanOptions,
  onRecord: (record: LogRecord) => void,
): Promise<number> => {
  const groupId = `${READER_GROUP_PREFIX}${randomUUID()}`;
  const spans = await withAdmin(settings, async (admin) => {
    const found = await spansOf(admin, options);
    if (found.length > 0) await coordinatorReady(admin, groupId);
    return found;
  });
  if (spans.length === 0 || options.signal?.aborted === true) return 0;
  try {
    return await readSpans(settings, groupId, spans, options, onRecord);
  } catch (error) {
    throw kafkaFailure(error, settings);
  } finally {
    await withAdmin(settings, (admin) => admin.deleteGroups([groupId])).catch(() => undefined);
  }
};

const spansOf = async (admin: Admin, { topics, since }: ScanOptions): Promise<readonly Span[]> => {
  const existing = new Set(await admin.listTopics());
  const spans = await Promise.all(
    topics
      .filter((topic) => existing.has(topic))
      .map(async (topic) => {
        const [bounds, offsets] = await Promise.all([
          boundsOf(admin, topic),
          admin.fetchTopicOffsetsByTimestamp(topic, Math.max(0, since)),
        ]);
        const firsts = new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
        return bounds.map(({ partition, begin, end }): Span => {
          const first = firsts.get(partition) ?? -1;
          // Kafka answers -1, or the end, for a time after the last record.
          return { topic, partition, first: first < 0 ? end : Math.max(first, begin), end };
        });
      }),
  );
  return spans.flat().filter(({ first, end }) => first < end);
};

const readSpans = async (
  settings: Pick<Settings, 'brokers' | 'kafkaAuth'>,
  groupId: string,
  spans: readonly Span[],
  { signal, onProgress }: ScanOptions,
  onRecord: (record: LogRecord) => void,
): Promise<number> => {
  const open = new Map(spans.map((span) => [`${span.topic}/${span.partition}`, span]));
  const total = spans.reduce((sum, { first, end }) => sum + end - first, 0);
  const consumer = openKafka(settings).consumer({ groupId, maxWaitTimeInMs: 100, retry: { retries: 3 } });
  let looked = 0;
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...new Set(spans.map(({ topic }) => topic))] });
    await new Promise<void>((resolve, reject) => {
      signal?.addEventListener('abort', () => resolve(), { once: true });
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      let quiet: NodeJS.Timeout | undefined;
      const eachBatch = async ({ batch }: EachBatchPayload): Promise<void> => {
        const { topic, partition } = batch;
        const span = open.get(`${topic}/${partition}`);
        if (span === undefined || signal?.aborted === true) return;
        for (const { offset, timestamp, key, value, headers } of batch.messages) {
          const at = Number(offset);
          if (at < span.first || at >= span.end) continue;
          onRecord({
            topic,
            partition,
            offset: at,
            timestamp: Number(timestamp),
            key,
            value,
            headers: headersOf(headers),
          });
          looked += 1;
        }
        onProgress?.(looked, total);
        if (Number(batch.lastOffset()) + 1 >= span.end) open.delete(`${topic}/${partition}`);
        if (open.size === 0) resolve();
        quiet?.refresh();
      };
      consumer.run({ autoCommit: false, eachBatch }).then(() => {
        quiet = setTimeout(resolve, QUIET_MS).unref();
        for (const { topic, partition, first } of spans) consumer.seek({ topic, partition, offset: String(first) });
      }, reject);
    });
  } finally {
    await consumer.disconnect().catch(() => undefined);
  }
  return looked;
};
