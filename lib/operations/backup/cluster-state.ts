import { isInternalTopic } from '../../catalog/index.ts';
import { StreamError } from '../../errors.ts';
import { type Admin, OF_THE_TOPIC, TOPIC_RESOURCE } from '../../kafka/index.ts';
import { suggestion } from '../nearest.ts';
import { READER_GROUP_PREFIX } from '../reader.ts';
import type { State, StoredGroup } from './manifest.ts';

/** Groups made for reading or restoring; nobody goes on from where they are. */
const OWN_GROUPS = [READER_GROUP_PREFIX, 'stream-manager-restore-'];

/**
 * The topics a backup is to have.
 *
 * @param wanted all but the internal ones unless given
 * @throws StreamError NOT_FOUND for an unknown one, with the nearest name
 */
export const chosenTopics = async (admin: Admin, wanted?: readonly string[]): Promise<readonly string[]> => {
  const there = (await admin.listTopics()).filter((name) => !isInternalTopic(name)).sort();
  const unknown = wanted?.find((name) => !there.includes(name));
  if (unknown === undefined) return wanted ?? there;
  throw new StreamError('NOT_FOUND', `There is no topic ${unknown}.`, {
    next: suggestion(unknown, there) ?? 'See them all: ./stream-manager.sh topics',
  });
};

/** Settings and replicas of topics. */
export const topicStates = async (admin: Admin, names: readonly string[]): Promise<State['topics']> => {
  if (names.length === 0) return [];
  const [{ topics }, { resources }] = await Promise.all([
    admin.fetchTopicMetadata({ topics: [...names] }),
    admin.describeConfigs({
      includeSynonyms: false,
      resources: names.map((name) => ({ type: TOPIC_RESOURCE, name })),
    }),
  ]);
  const configs = new Map(resources.map(({ resourceName, configEntries }) => [resourceName, configEntries]));
  return topics.map(({ name, partitions }) => ({
    name,
    replicas: partitions[0]?.replicas.length ?? 1,
    config: Object.fromEntries(
      (configs.get(name) ?? [])
        .filter(({ configSource }) => configSource === OF_THE_TOPIC)
        .map(({ configName, configValue }) => [configName, configValue]),
    ),
  }));
};

/** Where every group stands on these topics. */
export const groupStates = async (admin: Admin, topics: readonly string[]): Promise<readonly StoredGroup[]> => {
  const names = (await admin.listGroups()).groups
    .map(({ groupId }) => groupId)
    .filter((name) => !OWN_GROUPS.some((prefix) => name.startsWith(prefix)))
    .sort();
  const found: StoredGroup[] = [];
  for (const group of names) {
    const offsets = (await admin.fetchOffsets({ groupId: group })).flatMap(({ topic, partitions }) =>
      topics.includes(topic)
        ? partitions
            .map(({ partition, offset }) => ({ topic, partition, offset: Number(offset) }))
            .filter(({ offset }) => offset >= 0)
        : [],
    );
    offsets.sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition);
    if (offsets.length > 0) found.push({ group, offsets });
  }
  return found;
};
