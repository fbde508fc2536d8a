import kafkajs, { type Kafka, type Producer } from 'kafkajs';

export type { Message, Producer } from 'kafkajs';

/** Batches of the publisher are as they are; those that only fill a place are worth the processor time. */
export const { None: UNCOMPRESSED, GZIP } = kafkajs.CompressionTypes;

/**
 * A producer that loses no acknowledged record as long as each send is for one partition: kafkajs 2.2 loses some when a
 * broker dies during a send that covers several, and when an idempotent producer sends side by side. Records may be written
 * twice.
 *
 * @param retries of one request; unless given, those of the client
 */
export const openProducer = (kafka: Kafka, retries?: number): Producer =>
  kafka.producer({
    idempotent: false,
    allowAutoTopicCreation: false,
    // Java's partitioner; without this line kafkajs would print a notice about its own.
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    ...(retries === undefined ? {} : { retry: { retries, initialRetryTime: 100 } }),
  });
