import { randomUUID } from 'node:crypto';
import { TransientError } from '../errors.ts';
import { coordinatorReady, type EachBatchPayload } from '../kafka/index.ts';
import type { Settings } from '../settings.ts';
import type { StoredRecord } from './backup/segment.ts';
import { kafkaFailure, openKafka, withAdmin } from './cluster.ts';
import { headersIn, READER_GROUP_PREFIX } from './reader.ts';

/** A stretch of a partition. */
export interface Span {
  readonly topic: string;
  readonly partition: number;
  /** First offset to read, and the offset to stop before. */
  readonly from: number;
  readonly end: number;
}

/** No news for so long is an error: what was not read must not be taken for what is not there. */
const SILENCE_MS = 60_000;
const AT_ONCE = 4;

/**
 * Reads stretches of partitions to their ends, several side by side, each in order. Commits nothing and leaves no group behind.
 *
 * @param onRecords records of a partition that follow each other; awaited, so that memory stays bounded
 * @param signal ends reading: it returns, with less read
 * @throws TransientError BROKER_UNAVAILABLE, TIMED_OUT when a partition gives nothing more before its end
 */
export const readSpans = async (
  settings: Pick<Settings, 'brokers' | 'kafkaAuth'>,
  spans: readonly Span[],
  onRecords: (span: Span, records: readonly StoredRecord[]) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> => {
  const waiting = new Map(
    spans.filter(({ from, end }) => from < end).map((span) => [`${span.topic}/${span.partition}`, span]),
  );
  if (waiting.size === 0 || signal?.aborted === true) return;
  const groupId = `${READER_GROUP_PREFIX}${randomUUID()}`;
  await withAdmin(settings, (admin) => coordinatorReady(admin, groupId));
  const consumer = openKafka(settings).consumer({ groupId, maxWaitTimeInMs: 100, retry: { retries: 5 } });
  let silence: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      signal?.addEventListener('abort', () => resolve(), { once: true });
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      const settled = (topic: string, partition: number, lastOffset: string): void => {
        const name = `${topic}/${partition}`;
        silence?.refresh();
        if (Number(lastOffset) + 1 < (waiting.get(name)?.end ?? Number.POSITIVE_INFINITY)) return;
        waiting.delete(name);
        consumer.pause([{ topic, partitions: [partition] }]);
        if (waiting.size === 0) resolve();
      };
      // Tells also of batches that hold nothing but a transaction's marks, which no handler sees.
      consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) =>
        settled(payload.topic, payload.partition, payload.lastOffset),
      );
      const eachBatch = async ({ batch, heartbeat }: EachBatchPayload): Promise<void> => {
        const span = waiting.get(`${batch.topic}/${batch.partition}`);
        if (span === undefined || signal?.aborted === true) return;
        const records = batch.messages.flatMap((message): StoredRecord[] => {
          const offset = Number(message.offset);
          if (offset < span.from || offset >= span.end) return [];
          const { key, value, headers, timestamp } = message;
          return [{ offset, timestamp: Number(timestamp), key, value, headers: headersIn(headers) }];
        });
        try {
          await onRecords(span, records);
          await heartbeat();
        } catch (error) {
          reject(error);
          throw error;
        }
      };
      const run = async (): Promise<void> => {
        await consumer.connect();
        await consumer.subscribe({ topics: [...new Set(spans.map(({ topic }) => topic))] });
        await consumer.run({ autoCommit: false, partitionsConsumedConcurrently: AT_ONCE, eachBatch });
        for (const { topic, partition, from } of waiting.values())
          consumer.seek({ topic, partition, offset: String(from) });
        for (const { topic, partition } of spans)
          if (!waiting.has(`${topic}/${partition}`)) consumer.pause([{ topic, partitions: [partition] }]);
        silence = setTimeout(() => reject(silent([...waiting.values()])), SILENCE_MS).unref();
      };
      run().catch(reject);
    });
  } catch (error) {
    throw kafkaFailure(error, settings);
  } finally {
    clearTimeout(silence);
    await consumer.disconnect().catch(() => undefined);
    await withAdmin(settings, (admin) => admin.deleteGroups([groupId])).catch(() => undefined);
  }
};

const silent = (left: readonly Span[]): TransientError =>
  new TransientError(
    'TIMED_OUT',
    `No record came for ${SILENCE_MS / 1_000} s of ${left.map(({ topic, partition, end }) => `${topic} [${partition}] before ${end}`).join(', ')}.`,
    { next: 'Look at the brokers, and at transactions left open; then run it again: it continues' },
  );
