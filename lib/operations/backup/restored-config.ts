import type { StoredTopic } from './manifest.ts';

type Config = Readonly<Record<string, string>>;

const ANY_TIME = String(2n ** 63n - 1n);
const ANY_SIZE = String(2 ** 31 - 1);

/**
 * What a topic is set to while it is filled. Nothing is deleted, compacted or compressed anew meanwhile, whatever its records
 * are and however long it takes; times are those that are written, and a record may be as large as it is.
 */
const WHILE_FILLED: Config = {
  'cleanup.policy': 'delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'message.timestamp.type': 'CreateTime',
  'message.timestamp.before.max.ms': ANY_TIME,
  'message.timestamp.after.max.ms': ANY_TIME,
  'max.message.bytes': ANY_SIZE,
  'compression.type': 'producer',
};

/** A batch has as many records as fit into so much before it is compressed. */
const BATCH_BYTES = 512 * 1024;
/** What a batch has around its records. */
const HEAD_BYTES = 128;

/** How large batches of a topic are to be, bytes before compression: as its own limit wants them, also once it is back. */
export const batchBytesOf = (config: Config): number => {
  const own = Number(config['max.message.bytes'] ?? BATCH_BYTES);
  return Math.max(0, Math.min(BATCH_BYTES, own - HEAD_BYTES));
};

/** How many replicas a topic gets: those it had, as far as there are brokers. */
export const replicasOf = ({ replicas }: Pick<StoredTopic, 'replicas'>, brokers: number): number =>
  Math.min(replicas, brokers);

/** A topic's own settings as they are to be at the end. More replicas than it has could never be in sync. */
export const configAfter = (
  { config, replicas }: Pick<StoredTopic, 'config' | 'replicas'>,
  brokers: number,
): Config => {
  const inSync = config['min.insync.replicas'];
  const possible = replicasOf({ replicas }, brokers);
  return inSync === undefined || Number(inSync) <= possible
    ? config
    : { ...config, 'min.insync.replicas': String(possible) };
};

/** The same while it is filled. */
export const configDuring = (topic: Pick<StoredTopic, 'config' | 'replicas'>, brokers: number): Config => ({
  ...configAfter(topic, brokers),
  ...WHILE_FILLED,
});

/** As Kafka's requests have it. */
export const entriesOf = (config: Config): { name: string; value: string }[] =>
  Object.entries(config).map(([name, value]) => ({ name, value }));
