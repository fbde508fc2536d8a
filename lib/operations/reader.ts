import { randomUUID } from 'node:crypto';
import { StreamError } from '../errors.ts';
import { type Admin, type Consumer, coordinatorReady, type EachBatchPayload } from '../kafka/index.ts';
import type { Settings } from '../settings.ts';
import { kafkaFailure, openKafka, withAdmin } from './cluster.ts';
import { requireTopic } from './topic-name.ts';
import { boundsOf } from './topics.ts';

/** A record as it lies in the log. */
export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** In order; a name may repeat. */
  readonly headers: readonly (readonly [name: string, value: Buffer])[];
}

export interface ReadOptions {
  /** Where reading begins; `time`: with the first record of that time or later, milliseconds since 1970. */
  readonly from: 'beginning' | 'end' | { readonly time: number };
  /** Only this partition; all of them when absent. */
  readonly partition?: number;
  /** Ends after so many records that `onRecord` took; goes on when absent. */
  readonly max?: number;
  /** Ends at what was the end of the topic when reading began. */
  readonly untilEnd?: boolean;
  /** Ends reading from outside. */
  readonly signal?: AbortSignal;
  /** Called once the places to read from are fixed: what is published from now on will be read. */
  readonly onReady?: () => void;
}

/** Name of the groups made for reading; each lives as long as its reader. */
export const READER_GROUP_PREFIX = 'stream-manager-consume-';

/** A partition can end in records no client sees (transaction markers): no news for so long is the end as well. */
const QUIET_MS = 5_000;

/** First offset to read, and the offset to stop before, of every partition. */
interface Span {
  readonly partition: number;
  readonly first: number;
  readonly end: number;
}

/** Headers as a client gives them, in order but those of one name together; one without a value has none here, either. */
export const headersIn = (
  headers: EachBatchPayload['batch']['messages'][number]['headers'],
): { readonly name: string; readonly value: Buffer | null }[] =>
  Object.entries(headers ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one: Buffer | string | null | undefined) => ({
      name,
      value: one === null || one === undefined ? null : Buffer.from(one),
    })),
  );

/** The same for somebody who looks at them: those without a value are left out. */
export const withValues = (headers: Readonly<ReturnType<typeof headersIn>>): [string, Buffer][] =>
  headers.flatMap(({ name, value }): [string, Buffer][] => (value === null ? [] : [[name, value]]));

/**
 * Reads a topic for somebody to look at: commits nothing and leaves no consumer group behind.
 *
 * @param onRecord called for one record after the other; one of which it says `false`, or a promise of it, does not count
 * @returns how many records were read and counted
 * @throws StreamError NOT_FOUND, BROKER_UNAVAILABLE
 */
export const readTopic = async (
  settings: Pick<Settings, 'brokers' | 'kafkaAuth'>,
  topic: string,
  options: ReadOptions,
  onRecord: (record: LogRecord) => unknown,
): Promise<number> => {
  const groupId = `${READER_GROUP_PREFIX}${randomUUID()}`;
  const spans = await withAdmin(settings, async (admin) => {
    await requireTopic(admin, topic);
    await coordinatorReady(admin, groupId);
    return spansOf(admin, topic, options);
  });
  const wanted = new Set(spans.map(({ partition }) => partition));
  const waiting = new Map(spans.filter(({ first, end }) => first < end).map(({ partition, end }) => [partition, end]));
  if (options.signal?.aborted === true || options.max === 0) return 0;
  if (options.untilEnd === true && waiting.size === 0) return 0;

  const consumer = openKafka(settings).consumer({ groupId, maxWaitTimeInMs: 250, retry: { retries: 3 } });
  let count = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      options.signal?.addEventListener('abort', () => resolve(), { once: true });
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      let quiet: NodeJS.Timeout | undefined;

      const work = async ({ batch }: EachBatchPayload): Promise<void> => {
        if (!wanted.has(batch.partition)) return consumer.pause([{ topic, partitions: [batch.partition] }]);
        for (const message of batch.messages) {
          if (options.signal?.aborted === true || count === options.max) return;
          const offset = Number(message.offset);
          if (options.untilEnd === true && offset >= (waiting.get(batch.partition) ?? 0)) break;
          const isCounted = await onRecord({
            topic,
            partition: batch.partition,
            offset,
            timestamp: Number(message.timestamp),
            key: message.key,
            value: message.value,
            headers: withValues(headersIn(message.headers)),
          });
          if (isCounted === false) continue;
          count += 1;
          if (count === options.max) return resolve();
        }
        if (options.untilEnd !== true) return;
        if (Number(batch.lastOffset()) + 1 >= (waiting.get(batch.partition) ?? 0)) waiting.delete(batch.partition);
        if (waiting.size === 0) resolve();
        quiet?.refresh();
      };
      run(consumer, topic, spans, work).then(() => {
        if (options.untilEnd === true) quiet = setTimeout(resolve, QUIET_MS).unref();
        options.onReady?.();
      }, reject);
    });
  } catch (error) {
    throw kafkaFailure(error, settings);
  } finally {
    await consumer.disconnect().catch(() => undefined);
    await withAdmin(settings, (admin) => admin.deleteGroups([groupId])).catch(() => undefined);
  }
  return count;
};

/** @throws StreamError NOT_FOUND when there is no such partition */
const spansOf = async (admin: Admin, topic: string, { from, partition }: ReadOptions): Promise<readonly Span[]> => {
  const bounds = await boundsOf(admin, topic);
  const wanted = bounds.filter((each) => partition === undefined || each.partition === partition);
  if (wanted.length === 0 && partition !== undefined) {
    throw new StreamError('NOT_FOUND', `${topic} has no partition ${partition}.`, {
      next: `There are ${bounds.length}, from 0 to ${bounds.length - 1}`,
    });
  }
  const atTime = typeof from === 'object' ? await offsetsFrom(admin, topic, from.time) : undefined;
  return wanted.map(({ partition: number, begin, end }) => ({
    partition: number,
    first: atTime === undefined ? (from === 'beginning' ? begin : end) : (atTime.get(number) ?? end),
    end,
  }));
};

/** Of partitions without a record of that time or later Kafka answers -1, and kafkajs the end. */
const offsetsFrom = async (admin: Admin, topic: string, time: number): Promise<ReadonlyMap<number, number>> =>
  new Map(
    (await admin.fetchTopicOffsetsByTimestamp(topic, time)).flatMap(({ partition, offset }) =>
      Number(offset) < 0 ? [] : [[partition, Number(offset)] as const],
    ),
  );

const run = async (
  consumer: Consumer,
  topic: string,
  spans: readonly Span[],
  eachBatch: (payload: EachBatchPayload) => Promise<void>,
): Promise<void> => {
  await consumer.connect();
  await consumer.subscribe({ topic });
  await consumer.run({ autoCommit: false, eachBatch });
  // Places fixed by offset, not by "latest": nothing published while the group forms is missed.
  for (const { partition, first } of spans) consumer.seek({ topic, partition, offset: String(first) });
};
