import { randomInt } from 'node:crypto';
import { messageOf, PermanentError, TransientError } from '../errors.ts';
import {
  brokerErrorOf,
  headersToWrite,
  isHopeless,
  type Kafka,
  openKafka,
  openProducer,
  type Producer,
  partitionOf,
} from '../kafka/index.ts';
import type { Settings } from '../settings.ts';
import { type Codec, openCodec } from './codec.ts';
import type { AnyEvent, EventOf } from './envelope.ts';
import { type Lane, openLane } from './lane.ts';
import { recordOf } from './outbound.ts';
import type { RawRecord } from './record.ts';
import { openRegistry } from './registry.ts';

/** Where an acknowledged record lies. */
export interface Published {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Publishes events and records. An acknowledged one is in the log of all in-sync replicas; it may be there twice. */
export interface Publisher {
  /**
   * Publishes events, each to the topic and with the key and schema of its type.
   *
   * @returns where they lie, in the order given, once all brokers that must have them do (acks=all)
   * @throws PermanentError INVALID_EVENT, UNKNOWN_EVENT_TYPE, SCHEMA_UNKNOWN, REFUSED (too large)
   * @throws TransientError BROKER_UNAVAILABLE, REGISTRY_UNAVAILABLE: some of them may have been published
   */
  publish(...events: readonly (AnyEvent | EventOf)[]): Promise<readonly Published[]>;
  /**
   * Publishes records as they are: for dead letters, redrive and follow-ups with headers of their own.
   *
   * @throws as {@link publish}; PermanentError NOT_FOUND when there is no such topic
   */
  publishRaw(records: readonly RawRecord[]): Promise<readonly Published[]>;
  /** What turns the events into values. */
  readonly codec: Codec;
  /** Waits for nothing: publish before you close. */
  close(): Promise<void>;
}

export interface PublisherOptions {
  /** Name in the broker's logs. */
  readonly clientId?: string;
  /** Retries of one request, see {@link openKafka}. */
  readonly retries?: number;
}

/** One request may carry so much; the broker's own limit for a batch is 1 MiB unless configured. */
const REQUEST = { items: 500, bytes: 512 * 1024 };
/** How long a topic's partition count is believed: topics can grow. */
const PARTITIONS_FOR_MS = 300_000;

/**
 * A publisher for the life of the process. It connects when it is first needed.
 *
 * Acknowledged records are never lost: kafkajs 2.2 loses some when a broker dies during a send that covers several
 * partitions, and when an idempotent producer sends side by side. So every request here is for one partition, one after
 * the other for a partition, and the producer is not idempotent. Duplicates are possible; consumers make them harmless.
 */
export const openPublisher = (
  settings: Pick<Settings, 'brokers' | 'kafkaAuth' | 'registryUrl'>,
  { clientId = 'qr-publisher', retries = 5 }: PublisherOptions = {},
): Publisher => {
  const kafka = openKafka(settings, { clientId, retries });
  const codec = openCodec(openRegistry(settings));
  const partitions = partitionCounts(kafka);
  const lanes = new Map<string, Lane<RawRecord, Published>>();
  let producer: Promise<Producer> | undefined;

  const connected = (): Promise<Producer> => {
    const opened = producer ?? connect(kafka);
    producer = opened;
    opened.catch(() => {
      producer = undefined;
    });
    return opened;
  };

  const laneOf = (topic: string, partition: number): Lane<RawRecord, Published> => {
    const name = `${topic}/${partition}`;
    const lane = lanes.get(name) ?? openLane((batch) => send(topic, partition, batch), REQUEST, bytesOf);
    lanes.set(name, lane);
    return lane;
  };

  const send = async (topic: string, partition: number, batch: readonly RawRecord[]): Promise<readonly Published[]> => {
    const connection = await connected();
    const [answer] = await connection.send({
      topic,
      acks: -1,
      messages: batch.map(({ key, value, headers }) => ({ key, value, partition, headers: headersToWrite(headers) })),
    });
    const first = Number(answer?.baseOffset ?? -1);
    return batch.map((_, i) => ({ topic, partition, offset: first + i }));
  };

  const put = async (record: RawRecord): Promise<Published> => {
    try {
      const count = await partitions(record.topic);
      return await laneOf(record.topic, partitionFor(record, count)).put(record);
    } catch (error) {
      throw failureOf(error, record.topic, settings);
    }
  };

  return {
    codec,
    publish: async (...events) => {
      const records = await Promise.all(events.map((event) => recordOf(codec, event)));
      return allOf(records.map(put));
    },
    publishRaw: (records) => allOf(records.map(put)),
    close: async () => {
      await (await producer)?.disconnect();
    },
  };
};

/** Waits until none is under way, then gives the results or the first error. */
const allOf = async <Value>(promises: readonly Promise<Value>[]): Promise<Value[]> => {
  await Promise.allSettled(promises);
  return Promise.all(promises);
};

const connect = async (kafka: Kafka): Promise<Producer> => {
  const producer = openProducer(kafka);
  await producer.connect();
  return producer;
};

/** Asks the cluster how many partitions a topic has, and remembers it for a while. */
const partitionCounts = (kafka: Kafka): ((topic: string) => Promise<number>) => {
  const known = new Map<string, { readonly count: Promise<number>; readonly until: number }>();
  const ask = async (topic: string): Promise<number> => {
    const admin = kafka.admin();
    try {
      await admin.connect();
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      return topics[0]?.partitions.length ?? 0;
    } finally {
      await admin.disconnect();
    }
  };
  return (topic) => {
    const found = known.get(topic);
    if (found !== undefined && found.until > Date.now()) return found.count;
    const count = ask(topic);
    known.set(topic, { count, until: Date.now() + PARTITIONS_FOR_MS });
    count.catch(() => known.delete(topic));
    return count;
  };
};

const partitionFor = ({ key, partition }: RawRecord, partitions: number): number => {
  if (partition !== undefined) return partition;
  return key === null ? randomInt(partitions) : partitionOf(key, partitions);
};

const bytesOf = ({ key, value, headers }: RawRecord): number =>
  (key?.length ?? 0) +
  (value?.length ?? 0) +
  headers.reduce((sum, [name, content]) => sum + name.length + content.length, 0);

const failureOf = (error: unknown, topic: string, { brokers }: Pick<Settings, 'brokers'>): unknown => {
  if (error instanceof PermanentError || error instanceof TransientError) return error;
  if (brokerErrorOf(error) === 'UNKNOWN_TOPIC_OR_PARTITION') {
    return new PermanentError('NOT_FOUND', `There is no topic ${topic} on ${brokers.join(', ')}.`, { cause: error });
  }
  if (isHopeless(error)) {
    return new PermanentError('REFUSED', `Kafka can never take this record on ${topic}: ${messageOf(error)}`, {
      next: 'Keep records under 1 MB: put what is large into object storage and publish its key',
      cause: error,
    });
  }
  return new TransientError(
    'BROKER_UNAVAILABLE',
    `Kafka at ${brokers.join(', ')} did not take a record for ${topic}: ${messageOf(error)}`,
    {
      next: 'Check that it is up: ./stream-manager.sh health',
      cause: error,
    },
  );
};
