import { type TopicName, topic as topicNamed } from '../catalog/index.ts';
import { type EventOf, type InboundRecord, letterId } from '../events/index.ts';
import { groupBy } from '../group-by.ts';
import { hashTag } from '../stores/hash-tag.ts';
import type { Redis } from '../stores/redis.ts';
import { type Entry, type RecordStatus, statusesOf } from './bookkeeping.ts';
import { ownerOf } from './identity.ts';
import { birthsOf } from './partition-log.ts';

/** A record on a topic of the catalog, as far as an operator knows it. */
export interface KnownRecord {
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: number;
  /** Which life of its log it belongs to (see {@link birthsOf}); the present one when absent. */
  readonly life?: number;
  /** Hash tag of its owner, see {@link tagOf}. */
  readonly tag: string;
}

/** Hash tag of the owner of a record. @param event what it holds; undefined where it holds none */
export const tagOf = (record: Pick<InboundRecord, 'topic' | 'partition' | 'key'>, event: EventOf | undefined): string =>
  hashTag(ownerOf(record, event));

/** The id of the dead letter of a record that is on its topic now, if there is one. */
export const letterIdNow = async (
  redis: Redis,
  { topic, partition, offset }: Pick<InboundRecord, 'topic' | 'partition' | 'offset'>,
): Promise<string> => letterId(topic, partition, offset, (await birthsOf(redis, topic, partition)).length);

/** A record as its owner's bookkeeping knows it. */
export const entryFor = async (redis: Redis, record: KnownRecord): Promise<Entry> =>
  entryIn(record, await birthsOf(redis, record.topic, record.partition));

const entryIn = (record: KnownRecord, births: readonly number[]): Entry => ({
  identity: { ...record, timestamp: timestampIn(births, record.life), origin: undefined, duplicateId: '' },
  log: { births, start: 0, first: 0 },
});

/** A timestamp of a record of this life, see {@link lifeAt}. */
const timestampIn = (births: readonly number[], life = births.length): number => births[life] ?? Date.now();

/** What the consumers of records have made of them, in their order. */
export const statusesOfRecords = async (
  redis: Redis,
  records: readonly KnownRecord[],
): Promise<readonly RecordStatus[]> => {
  const placeOf = ({ topic, partition }: KnownRecord): string => `${topic}/${partition}`;
  const births = new Map(
    await Promise.all(
      [...groupBy(records, placeOf)].map(
        async ([place, [first]]) =>
          [place, first === undefined ? [] : await birthsOf(redis, first.topic, first.partition)] as const,
      ),
    ),
  );
  const found = new Map<KnownRecord, RecordStatus>();
  await Promise.all(
    [...groupBy(records, ({ topic }) => topic)].map(async ([topic, group]) => {
      const entries = group.map((record) => entryIn(record, births.get(placeOf(record)) ?? []));
      const statuses = await statusesOf(redis, topicNamed(topic), entries);
      for (const [i, record] of group.entries()) found.set(record, statuses[i]?.status ?? 'open');
    }),
  );
  return records.map((record) => found.get(record) ?? 'open');
};
