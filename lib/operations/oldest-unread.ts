import { type KafkaRecord, readStretches, type Stretch } from '../kafka/index.ts';
import type { Settings } from '../settings.ts';
import { kafkaFailure } from './cluster.ts';
import type { GroupPartition } from './groups.ts';

type Place = Pick<GroupPartition, 'topic' | 'partition' | 'end'> & { readonly offset: number };

/** One record of each partition is wanted, not a megabyte. */
const LIMITS = { partitionBytes: 64 * 1_024, waitMs: 50 };

const nameOf = ({ topic, partition }: Pick<Place, 'topic' | 'partition'>): string => `${topic}/${partition}`;

/** Where a group will read next in a partition that it is behind in. */
const placeOf = ({ topic, partition, committed, begin, end }: GroupPartition): Place => ({
  ...{ topic, partition, end },
  offset: Math.max(committed ?? begin, begin),
});

/** Times of the oldest unread records, read one by one and remembered while their place stays the same. */
export interface OldestUnread {
  /**
   * The time of the first record that each group has not read, in the order given; null where there is none, or where nobody
   * can tell. Milliseconds since 1970.
   *
   * @throws StreamError BROKER_UNAVAILABLE
   */
  of(partitions: readonly GroupPartition[]): Promise<readonly (number | null)[]>;
}

export const oldestUnread = (settings: Pick<Settings, 'brokers' | 'kafkaAuth'>): OldestUnread => {
  let known = new Map<string, number>();
  return {
    of: async (partitions) => {
      const keys = partitions.map((each) => (each.lag > 0 ? `${nameOf(each)}/${placeOf(each).offset}` : undefined));
      const fresh = partitions.filter((_, i) => keys[i] !== undefined && !known.has(keys[i]));
      const read = fresh.length === 0 ? new Map<string, number>() : await timesAt(settings, fresh.map(placeOf));
      // Only what is still asked for is remembered.
      const next = new Map<string, number>();
      for (const key of keys) {
        const time = key === undefined ? undefined : (known.get(key) ?? read.get(key));
        if (key !== undefined && time !== undefined) next.set(key, time);
      }
      known = next;
      return keys.map((key) => (key === undefined ? null : (known.get(key) ?? null)));
    },
  };
};

/** Several groups may be at different places of one partition: each round reads one place of each. */
const timesAt = async (
  settings: Pick<Settings, 'brokers' | 'kafkaAuth'>,
  places: readonly Place[],
): Promise<Map<string, number>> => {
  const rounds: Map<string, Place>[] = [];
  for (const place of places) {
    const round = rounds.find((one) => !one.has(nameOf(place))) ?? new Map<string, Place>();
    if (round.size === 0) rounds.push(round);
    round.set(nameOf(place), place);
  }
  const times = new Map<string, number>();
  for (const round of rounds) await readRound(settings, round, times);
  return times;
};

const readRound = async (
  settings: Pick<Settings, 'brokers' | 'kafkaAuth'>,
  places: ReadonlyMap<string, Place>,
  times: Map<string, number>,
): Promise<void> => {
  const stretches = [...places.values()].map(({ offset, ...place }) => ({ ...place, from: offset }));
  const take = (place: Stretch, [record]: readonly KafkaRecord[]): 'enough' | undefined => {
    if (record === undefined) return undefined;
    times.set(`${nameOf(place)}/${place.from}`, Number(record.timestamp));
    return 'enough';
  };
  try {
    await readStretches(settings, stretches, take, {
      clientId: 'stream-manager',
      openTransaction: 'end',
      limits: LIMITS,
    });
  } catch (error) {
    throw kafkaFailure(error, settings);
  }
};
