import { randomUUID } from 'node:crypto';
import { messageOf, TransientError } from '../../lib/errors.ts';
import type { Headers, InboundRecord } from '../../lib/events/index.ts';
import { brokerErrorOf, type EachMessagePayload, type IHeaders, openKafka } from '../../lib/kafka/index.ts';
import type { Settings } from '../../lib/settings.ts';
import type { Range } from './lambda-envelope.ts';

/** Reads records again that were given up without their content. */
export interface SourceLog {
  /**
   * The records of a range that are still there, in order.
   *
   * @throws TransientError BROKER_UNAVAILABLE
   */
  read(range: Range): Promise<readonly InboundRecord[]>;
}

/** A range may end in what no client sees: after so long without news nothing more comes. */
const QUIET_MS = 5_000;

/** The groups of such readers; each lives as long as its reader, and commits nothing. */
const GROUP_PREFIX = 'dead-letter-handlers-reader-';

const headersOf = (headers: IHeaders | undefined): Headers =>
  Object.entries(headers ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one) =>
      one === undefined ? [] : [[name, Buffer.from(one)] as const],
    ),
  );

/** @param settings where the brokers are */
export const openSourceLog = (settings: Pick<Settings, 'brokers'>): SourceLog => {
  const kafka = openKafka(settings, { clientId: 'dead-letter-handlers', retries: 3 });

  /** What there is of a range; undefined when nothing is. */
  const bounded = async ({ topic, partition, first, last }: Range): Promise<Range | undefined> => {
    const admin = kafka.admin();
    await admin.connect();
    try {
      const bounds = (await admin.fetchTopicOffsets(topic)).find((one) => one.partition === partition);
      const range = {
        ...{ topic, partition },
        first: Math.max(first, Number(bounds?.low ?? 0)),
        last: Math.min(last, Number(bounds?.high ?? 0) - 1),
      };
      return range.first > range.last ? undefined : range;
    } catch (error) {
      if (brokerErrorOf(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return undefined;
      throw error;
    } finally {
      await admin.disconnect();
    }
  };

  const readThere = async ({ topic, partition, first, last }: Range): Promise<readonly InboundRecord[]> => {
    const consumer = kafka.consumer({ groupId: `${GROUP_PREFIX}${randomUUID()}`, maxWaitTimeInMs: 100 });
    const found = new Map<number, InboundRecord>();
    try {
      await consumer.connect();
      await consumer.subscribe({ topic });
      await new Promise<void>((resolve, reject) => {
        let quiet: NodeJS.Timeout | undefined;
        const take = async ({ partition: from, message }: EachMessagePayload): Promise<void> => {
          const offset = Number(message.offset);
          if (from !== partition || offset < first) return;
          quiet?.refresh();
          if (offset <= last) {
            const { key, value } = message;
            const place = { topic, partition, offset, timestamp: Number(message.timestamp) };
            found.set(offset, { ...place, key, value, headers: headersOf(message.headers) });
          }
          if (offset >= last) resolve();
        };
        consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
        consumer.run({ autoCommit: false, eachMessage: take }).then(() => {
          quiet = setTimeout(resolve, QUIET_MS).unref();
          consumer.seek({ topic, partition, offset: String(first) });
        }, reject);
      });
    } finally {
      await consumer.disconnect();
    }
    return [...found.values()].sort((a, b) => a.offset - b.offset);
  };

  return {
    read: async (range) => {
      try {
        const there = await bounded(range);
        return there === undefined ? [] : await readThere(there);
      } catch (error) {
        throw new TransientError('BROKER_UNAVAILABLE', `${range.topic} could not be read again: ${messageOf(error)}`, {
          next: 'Check that Kafka is up: ./stream-manager.sh health',
          cause: error,
        });
      }
    },
  };
};
