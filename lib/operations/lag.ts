import type { Admin } from '../kafka/index.ts';
import { timeText } from '../record-time.ts';
import type { Settings } from '../settings.ts';
import { withAdmin } from './cluster.ts';
import { describeGroup, type GroupDetail, type GroupPartition, groupDetails } from './groups.ts';
import { type OldestUnread, oldestUnread } from './oldest-unread.ts';

/** How far behind in time. */
export interface TimeLag {
  /** Time of the oldest unread record, ISO 8601, UTC; null while there is none. */
  readonly oldestUnread: string | null;
  /** Its age, milliseconds. */
  readonly lagMs: number | null;
}

/** One group on one topic. */
export interface LagRow extends TimeLag {
  readonly group: string;
  readonly topic: string;
  readonly state: string;
  readonly members: number;
  /** Records published and not yet committed. */
  readonly lag: number;
  /** Partitions with such records. */
  readonly behind: number;
}

export interface TimedGroup extends Omit<GroupDetail, 'partitionDetails'>, TimeLag {
  readonly partitionDetails: readonly (GroupPartition & TimeLag)[];
}

const timeLag = (time: number | null, now: number): TimeLag => ({
  oldestUnread: time === null ? null : timeText(time),
  lagMs: time === null ? null : Math.max(0, now - time),
});

/** The time of the oldest of some records. */
const oldest = (times: readonly (number | null)[]): number | null => {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
};

/** Rows by group and topic, those that are furthest behind in time first, then those with most records. */
export const lagRowsOf = (
  groups: readonly GroupDetail[],
  timeOf: (partition: GroupPartition) => number | null,
  now: number,
): readonly LagRow[] => {
  const rows = groups.flatMap(({ group, state, members, topics, partitionDetails }) =>
    topics.map((topic): LagRow => {
      const own = partitionDetails.filter((partition) => partition.topic === topic);
      return {
        ...{ group, topic, state, members },
        lag: own.reduce((sum, { lag }) => sum + lag, 0),
        behind: own.filter(({ lag }) => lag > 0).length,
        ...timeLag(oldest(own.map(timeOf)), now),
      };
    }),
  );
  return rows.sort((a, b) => (b.lagMs ?? -1) - (a.lagMs ?? -1) || b.lag - a.lag);
};

/** Looks again and again at how far behind all groups are; what has not moved is not read again. */
export const lagWatcher = (settings: Pick<Settings, 'brokers' | 'kafkaAuth'>) => {
  const times = oldestUnread(settings);
  return async (admin: Admin): Promise<readonly LagRow[]> => {
    const groups = await groupDetails(admin);
    const { timeOf } = await timed(groups, times);
    return lagRowsOf(groups, timeOf, Date.now());
  };
};

const timed = async (groups: readonly GroupDetail[], times: OldestUnread) => {
  const partitions = groups.flatMap(({ partitionDetails }) => partitionDetails);
  const found = await times.of(partitions);
  const byPartition = new Map(partitions.map((partition, i) => [partition, found[i] ?? null]));
  return { timeOf: (partition: GroupPartition): number | null => byPartition.get(partition) ?? null };
};

/**
 * One group with how far it is behind in time.
 *
 * @throws StreamError NOT_FOUND, BROKER_UNAVAILABLE
 */
export const describeTimedGroup = async (
  settings: Pick<Settings, 'brokers' | 'kafkaAuth'>,
  name: string,
): Promise<TimedGroup> => {
  const group = await withAdmin(settings, (admin) => describeGroup(admin, name));
  const { timeOf } = await timed([group], oldestUnread(settings));
  const now = Date.now();
  return {
    ...group,
    ...timeLag(oldest(group.partitionDetails.map(timeOf)), now),
    partitionDetails: group.partitionDetails.map((each) => ({ ...each, ...timeLag(timeOf(each), now) })),
  };
};
