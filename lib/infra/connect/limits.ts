/**
 * What MSK Connect can do and what it cannot, as its Developer Guide says ("Understand MSK Connect", "Supported worker
 * configuration properties").
 */

/** The newest Kafka Connect it runs; connect/aws/pom.xml compiles against the same. */
export const KAFKA_CONNECT_VERSION = '3.7.x';

/** Properties of the worker's own clients that may be set; others with these prefixes are refused. */
export const CLIENT_PROPERTIES: ReadonlySet<string> = new Set([
  ...[
    'acks',
    'batch.size',
    'buffer.memory',
    'compression.type',
    'enable.idempotence',
    'linger.ms',
    'max.request.size',
    'metadata.max.age.ms',
    'metadata.max.idle.ms',
    'partitioner.class',
    'reconnect.backoff.max.ms',
    'reconnect.backoff.ms',
    'request.timeout.ms',
    'retry.backoff.ms',
  ].map((name) => `producer.${name}`),
  ...[
    'allow.auto.create.topics',
    'auto.offset.reset',
    'check.crcs',
    'fetch.max.bytes',
    'fetch.max.wait.ms',
    'fetch.min.bytes',
    'heartbeat.interval.ms',
    'max.partition.fetch.bytes',
    'max.poll.interval.ms',
    'max.poll.records',
    'metadata.max.age.ms',
    'partition.assignment.strategy',
    'reconnect.backoff.max.ms',
    'reconnect.backoff.ms',
    'request.timeout.ms',
    'retry.backoff.ms',
    'session.timeout.ms',
  ].map((name) => `consumer.${name}`),
]);

/** Tasks that one unit of a worker is given where workers come and go ("Understand maximum autoscaling task count"). */
export const TASKS_OF_AN_MCU = 2;

/** Percent of the processor at which a worker comes, or goes. */
export const SCALE_AT = { out: 80, in: 20 } as const;
