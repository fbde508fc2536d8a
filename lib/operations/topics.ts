import { topic as catalogEntry, eventTypesOf, isInternalTopic, isTopicName, TOPIC_NAMES } from '../catalog/index.ts';
import { StreamError } from '../errors.ts';
import { type Admin, makeTopics, OF_THE_TOPIC, TOPIC_RESOURCE } from '../kafka/index.ts';
import { checkNewName, requireTopic } from './topic-name.ts';

/** One line of the topic list. */
export interface TopicSummary {
  readonly name: string;
  readonly partitions: number;
  /** `retention.ms`: milliseconds, -1 for ever. */
  readonly retentionMs: number;
  /** Records between the first and the last offset of every partition. */
  readonly messages: number;
  /** The group that works the topic, when the catalog knows it. */
  readonly group: string | null;
  readonly internal: boolean;
}

export interface PartitionDetail {
  readonly partition: number;
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface TopicDetail extends TopicSummary {
  readonly purpose: string | null;
  /** What a record's key is, in words. */
  readonly key: string | null;
  readonly eventTypes: readonly string[];
  /** Settings that differ from the broker's defaults. */
  readonly config: Readonly<Record<string, string>>;
  /** All settings, by name. */
  readonly configs: readonly TopicConfig[];
  readonly partitionDetails: readonly PartitionDetail[];
}

/** A setting of a topic, as the broker tells it. */
export interface TopicConfig {
  readonly name: string;
  readonly value: string;
  /** Whether it is what a Kafka broker has by itself. */
  readonly isDefault: boolean;
  /** Whether it was set for this topic; else it comes from the brokers. */
  readonly isTopics: boolean;
}

/** Every setting of these topics, by topic. */
export const topicConfigs = async (
  admin: Admin,
  names: readonly string[],
): Promise<Map<string, readonly TopicConfig[]>> => {
  if (names.length === 0) return new Map();
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type: TOPIC_RESOURCE, name })),
  });
  return new Map(
    resources.map(({ resourceName, configEntries }) => [
      resourceName,
      configEntries.map(({ configName, configValue, isDefault, configSource }) => ({
        name: configName,
        value: configValue,
        isDefault,
        isTopics: configSource === OF_THE_TOPIC,
      })),
    ]),
  );
};

const retentionOf = (configs: readonly TopicConfig[] = []): number =>
  Number(configs.find(({ name }) => name === 'retention.ms')?.value ?? -1);

/** First and next offset of a topic's partitions, in their order. */
export const boundsOf = async (
  admin: Admin,
  name: string,
): Promise<readonly { partition: number; begin: number; end: number }[]> =>
  (await admin.fetchTopicOffsets(name))
    .map(({ partition, low, high }) => ({ partition, begin: Number(low), end: Number(high) }))
    .sort((a, b) => a.partition - b.partition);

const messagesIn = (bounds: readonly { begin: number; end: number }[]): number =>
  bounds.reduce((sum, { begin, end }) => sum + end - begin, 0);

/** The product's topics in the catalog's order, then the others by name. */
const inOrder = (names: readonly string[]): string[] => [
  ...TOPIC_NAMES.filter((name) => names.includes(name)),
  ...names.filter((name) => !isTopicName(name)).sort(),
];

const groupOf = (name: string): string | null => (isTopicName(name) ? catalogEntry(name).consumerGroup : null);

/** @param options.internal also topics of Kafka, Connect and the registry */
export const listTopics = async (admin: Admin, options: { internal?: boolean } = {}): Promise<TopicSummary[]> => {
  const all = await admin.listTopics();
  const names = inOrder(options.internal === true ? all : all.filter((name) => !isInternalTopic(name)));
  const [configs, bounds] = await Promise.all([
    topicConfigs(admin, names),
    Promise.all(names.map((name) => boundsOf(admin, name))),
  ]);
  return names.map((name, index) => ({
    name,
    partitions: bounds[index]?.length ?? 0,
    retentionMs: retentionOf(configs.get(name)),
    messages: messagesIn(bounds[index] ?? []),
    group: groupOf(name),
    internal: isInternalTopic(name),
  }));
};

/** @throws StreamError NOT_FOUND when there is no such topic */
export const describeTopic = async (admin: Admin, name: string): Promise<TopicDetail> => {
  await requireTopic(admin, name);
  const [metadata, configs, bounds] = await Promise.all([
    admin.fetchTopicMetadata({ topics: [name] }),
    topicConfigs(admin, [name]),
    boundsOf(admin, name),
  ]);
  const entry = isTopicName(name) ? catalogEntry(name) : undefined;
  const placed = new Map(metadata.topics[0]?.partitions.map((each) => [each.partitionId, each]));
  return {
    name,
    partitions: bounds.length,
    retentionMs: retentionOf(configs.get(name)),
    messages: messagesIn(bounds),
    group: groupOf(name),
    internal: isInternalTopic(name),
    purpose: entry?.purpose ?? null,
    key: entry?.key ?? null,
    eventTypes: entry === undefined ? [] : eventTypesOf(entry),
    config: Object.fromEntries(
      (configs.get(name) ?? []).filter(({ isDefault }) => !isDefault).map(({ name, value }) => [name, value]),
    ),
    configs: [...(configs.get(name) ?? [])].sort((a, b) => a.name.localeCompare(b.name)),
    partitionDetails: bounds.map(({ partition, begin, end }) => ({
      partition,
      leader: placed.get(partition)?.leader ?? -1,
      replicas: placed.get(partition)?.replicas ?? [],
      inSync: placed.get(partition)?.isr ?? [],
      begin,
      end,
    })),
  };
};

/** More than this on one local broker takes minutes to create and to delete. */
const MAX_PARTITIONS = 1_000;

/**
 * @param request.retentionMs milliseconds, -1 for ever
 * @throws StreamError USAGE for a request Kafka would refuse, REFUSED when the name is taken
 */
export const createTopic = async (
  admin: Admin,
  request: { name: string; partitions: number; retentionMs: number },
): Promise<void> => {
  const { name, partitions, retentionMs } = request;
  checkNewName(name, await admin.listTopics());
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > MAX_PARTITIONS)
    throw new StreamError('USAGE', `PARTITIONS is a whole number from 1 to ${MAX_PARTITIONS}.`);
  if (!Number.isSafeInteger(retentionMs) || (retentionMs !== -1 && retentionMs < 1))
    throw new StreamError('USAGE', 'RETENTION_MS is a whole number of milliseconds, or -1 to keep records for ever.');
  const isMade = await makeTopics(admin, [
    {
      topic: name,
      numPartitions: partitions,
      configEntries: [{ name: 'retention.ms', value: String(retentionMs) }],
    },
  ]);
  if (!isMade) throw new StreamError('REFUSED', `Topic ${name} exists already.`);
};

/** @throws StreamError NOT_FOUND, or REFUSED for the broker's own topics */
export const deleteTopic = async (admin: Admin, name: string): Promise<void> => {
  await requireTopic(admin, name);
  if (isInternalTopic(name))
    throw new StreamError(
      'REFUSED',
      `${name} belongs to the broker or to a service beside it and is not deleted here.`,
    );
  await admin.deleteTopics({ topics: [name] });
};
