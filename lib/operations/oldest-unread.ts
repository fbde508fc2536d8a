import { randomUUID } from 'node:crypto';
import { coordinatorReady, type EachBatchPayload } from '../kafka/index.ts';
import type { Settings } from '../settings.ts';
import { kafkaFailure, openKafka, withAdmin } from './cluster.ts';
import type { GroupPartition } from './groups.ts';
import { READER_GROUP_PREFIX } from './reader.ts';

type Place = Pick<GroupPartition, 'topic' | 'partition'> & { readonly offset: number };

/** A place whose record is gone, or of a kind no client sees, has no time; nobody waits longer for it. */
const PATIENCE_MS = 3_000;
/** One record of each partition is wanted, not a megabyte. */
const FETCH = { maxBytesPerPartition: 64 * 1_024, maxBytes: 4 * 1_024 * 1_024, maxWaitTimeInMs: 50 };

const nameOf = ({ topic, partition }: Pick<Place, 'topic' | 'partition'>): string => `${topic}/${partition}`;

/** Where a group will read next in a partition that it is behind in. */
const placeOf = ({ topic, partition, committed, begin }: GroupPartition): Place => ({
  ...{ topic, partition },
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
  const groupId = `${READER_GROUP_PREFIX}${randomUUID()}`;
  const open = new Map(places);
  const consumer = openKafka(settings).consumer({ groupId, ...FETCH, retry: { retries: 3 } });
  try {
    await withAdmin(settings, (admin) => coordinatorReady(admin, groupId));
    await consumer.connect();
    await consumer.subscribe({ topics: [...new Set([...places.values()].map(({ topic }) => topic))] });
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      const eachBatch = async ({ batch }: EachBatchPayload): Promise<void> => {
        const { topic, partition } = batch;
        const place = open.get(nameOf({ topic, partition }));
        const message = batch.messages.find(({ offset }) => place !== undefined && Number(offset) >= place.offset);
        if (place === undefined || message === undefined) return;
        times.set(`${nameOf(place)}/${place.offset}`, Number(message.timestamp));
        open.delete(nameOf(place));
        consumer.pause([{ topic, partitions: [partition] }]);
        if (open.size === 0) resolve();
      };
      consumer.run({ autoCommit: false, eachBatch }).then(() => {
        setTimeout(resolve, PATIENCE_MS).unref();
        for (const { topic, partition, offset } of places.values()) {
          consumer.seek({ topic, partition, offset: String(offset) });
        }
      }, reject);
    });
  } catch (error) {
    throw kafkaFailure(error, settings);
  } finally {
    await consumer.disconnect().catch(() => undefined);
    await withAdmin(settings, (admin) => admin.deleteGroups([groupId])).catch(() => undefined);
  }
};
