import { topic as entryOf, isTopicName } from '../catalog/index.ts';
import type { Admin } from '../kafka/index.ts';
import { READER_GROUP_PREFIX } from './reader.ts';
import type { boundsOf } from './topics.ts';

/** How far a group is on one topic. */
export interface TopicGroup {
  readonly group: string;
  /** Records of the topic it has not committed yet. */
  readonly lag: number;
  /** Partitions it has committed an offset of. */
  readonly partitionsCommitted: number;
}

type Bounds = Awaited<ReturnType<typeof boundsOf>>;

/** Undefined for a group that has nothing to do with the topic. */
const groupOn = async (admin: Admin, topic: string, group: string, bounds: Bounds): Promise<TopicGroup | undefined> => {
  const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  const committed = new Map(
    (found?.partitions ?? []).flatMap(({ partition, offset }) =>
      Number(offset) < 0 ? [] : [[partition, Number(offset)] as const],
    ),
  );
  // The catalog's group reads from the beginning where it has committed nothing (its mapping starts at TRIM_HORIZON).
  const isCatalogs = isTopicName(topic) && entryOf(topic).consumerGroup === group;
  if (committed.size === 0 && !isCatalogs) return undefined;
  const lag = bounds.reduce((sum, { partition, begin, end }) => {
    const from = committed.get(partition) ?? (isCatalogs ? begin : end);
    return sum + Math.max(0, end - Math.max(from, begin));
  }, 0);
  return { group, lag, partitionsCommitted: committed.size };
};

/** The groups that read a topic, the catalog's first, then those furthest behind. */
export const groupsOn = async (admin: Admin, topic: string, bounds: Bounds): Promise<readonly TopicGroup[]> => {
  const own = isTopicName(topic) ? [entryOf(topic).consumerGroup] : [];
  const others = (await admin.listGroups()).groups
    .map(({ groupId }) => groupId)
    .filter((group) => !own.includes(group) && !group.startsWith(READER_GROUP_PREFIX));
  const found = await Promise.all([...own, ...others].map((group) => groupOn(admin, topic, group, bounds)));
  const rank = ({ group }: TopicGroup): number => (own.includes(group) ? 0 : 1);
  return found
    .filter((each): each is TopicGroup => each !== undefined)
    .sort((a, b) => rank(a) - rank(b) || b.lag - a.lag || a.group.localeCompare(b.group));
};

/**
 * Records a second that were published to each partition over the last minutes, by the offsets then and now. A record's time
 * is its publisher's, unless the topic is set to take the broker's.
 */
export const recordsPerSecond = async (
  admin: Admin,
  topic: string,
  minutes: number,
  bounds: Bounds,
  now: number = Date.now(),
): Promise<ReadonlyMap<number, number>> => {
  const then = await admin.fetchTopicOffsetsByTimestamp(topic, now - minutes * 60_000);
  const offsets = new Map(then.map(({ partition, offset }) => [partition, Number(offset)]));
  return new Map(
    bounds.map(({ partition, end }) => {
      const from = offsets.get(partition) ?? -1;
      // No record since then: Kafka answers -1, kafkajs the end.
      return [partition, from < 0 ? 0 : Math.max(0, end - from) / (minutes * 60)];
    }),
  );
};
