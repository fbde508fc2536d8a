/** Topics in which workers of Kafka Connect keep what they know; the names are those of their configuration. */
export const CONNECT_TOPICS = {
  configs: 'connect-configs',
  offsets: 'connect-offsets',
  status: 'connect-status',
} as const;

/** `topic.prefix` of connect/outbox.json, behind Debezium's own prefix: by its records the slot moves on in a quiet database. */
const HEARTBEAT_TOPIC = '__debezium-heartbeat.qr';

/**
 * Topics that belong to the cluster or to a service beside it: they are hidden unless asked for, not deleted from here, and no
 * part of a backup. Names in full: a topic that merely looks like one of these is a user's.
 *
 * - Kafka's own: org.apache.kafka.common.internals.Topic; `__remote_log_metadata` is that of tiered storage (KIP-405)
 * - Amazon MSK's canary, which writes all the time: https://docs.aws.amazon.com/msk/latest/developerguide/limits.html
 * - what schema registries keep in Kafka: Confluent's `_schemas`, and `kafkasql-journal` of Apicurio where it has no database
 */
const INTERNAL: ReadonlySet<string> = new Set([
  '__consumer_offsets',
  '__transaction_state',
  '__share_group_state',
  '__cluster_metadata',
  '__remote_log_metadata',
  '__amazon_msk_canary',
  '__amazon_msk_canary_state',
  ...Object.values(CONNECT_TOPICS),
  HEARTBEAT_TOPIC,
  '_schemas',
  'kafkasql-journal',
]);

/** Amazon MSK Connect names topics of a connector's worker after it; `qr-ENVIRONMENT-CONNECTOR` are this product's. */
const OF_MSK_CONNECT = /^__amazon_msk_connect_(configs|offsets|status)_qr-[a-z]+-[a-z]+_.+$/;

export const isInternalTopic = (name: string): boolean => INTERNAL.has(name) || OF_MSK_CONNECT.test(name);
