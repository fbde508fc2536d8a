import { TOPICS, type TopicName } from '../../catalog/index.ts';
import type { Admin } from '../../kafka/index.ts';
import { foundSideBySide } from '../../side-by-side.ts';
import { MOVED_BY_HAND } from '../offsets.ts';
import { boundsOf } from '../topics.ts';

/** Where the group of a topic of the catalog stands on one of its partitions. */
export interface GroupPosition {
  readonly topic: TopicName;
  readonly group: string;
  readonly partition: number;
  /** First offset that Kafka still has, and the one after the last. */
  readonly begin: number;
  readonly end: number;
  /** The next offset it reads. */
  readonly committed: number;
  /** Whether an operator's command has put it there: what lies before need not have been delivered. */
  readonly isMovedByHand: boolean;
}

const AT_ONCE = 13;

/**
 * Where groups stand. Partitions on which a group has committed nothing are left out: nothing of them was processed.
 *
 * @param topics those of the catalog that are there; all unless given
 */
export const groupPositions = async (
  admin: Admin,
  topics?: readonly TopicName[],
): Promise<readonly GroupPosition[]> => {
  const there = await admin.listTopics();
  const chosen = TOPICS.filter(({ name }) => there.includes(name) && (topics?.includes(name) ?? true));
  const found = await foundSideBySide(chosen, AT_ONCE, async ({ name, consumerGroup }) => {
    const [bounds, offsets] = await Promise.all([
      boundsOf(admin, name),
      admin.fetchOffsets({ groupId: consumerGroup, topics: [name] }),
    ]);
    const committed = new Map(offsets.flatMap(({ partitions }) => partitions.map((one) => [one.partition, one])));
    return bounds.flatMap((bound): GroupPosition[] => {
      const { offset, metadata } = committed.get(bound.partition) ?? { offset: '-1', metadata: null };
      if (Number(offset) < 0) return [];
      const isMovedByHand = metadata === MOVED_BY_HAND;
      return [{ topic: name, group: consumerGroup, ...bound, committed: Number(offset), isMovedByHand }];
    });
  });
  return found.flat();
};

/** Of a partition, as a key of a map. */
export const placeOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string =>
  `${topic}/${partition}`;
