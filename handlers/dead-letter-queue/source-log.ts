import { messageOf, TransientError } from '../../lib/errors.ts';
import type { InboundRecord } from '../../lib/events/index.ts';
import { brokerErrorOf, type KafkaRecord, openKafka, readStretches } from '../../lib/kafka/index.ts';
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

const CLIENT = 'dead-letter-handlers';
/** A function has a minute: a broker that is away for longer is tried with the next attempt at the dead letter. */
const PATIENCE_MS = 15_000;

const inbound = (
  { topic, partition }: Range,
  { offset, timestamp, key, value, headers }: KafkaRecord,
): InboundRecord => ({
  ...{ topic, partition, offset, key, value },
  timestamp: Number(timestamp),
  // Lambda's event does not tell a header without a value from an empty one, either.
  headers: headers.map(([name, content]) => [name, content ?? Buffer.alloc(0)]),
});

/** @param settings where the brokers are */
export const openSourceLog = (settings: Pick<Settings, 'brokers' | 'kafkaAuth'>): SourceLog => {
  const kafka = openKafka(settings, { clientId: CLIENT, retries: 3 });

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

  const readThere = async (range: Range): Promise<readonly InboundRecord[]> => {
    const { topic, partition, first, last } = range;
    const found: InboundRecord[] = [];
    await readStretches(
      settings,
      [{ topic, partition, from: first, end: last + 1 }],
      (_, records) => {
        for (const record of records) if (record.undecodable === undefined) found.push(inbound(range, record));
        return undefined;
      },
      { clientId: CLIENT, openTransaction: 'end', patienceMs: PATIENCE_MS },
    );
    return found;
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
