import { isTopicName, type TopicName } from '../../catalog/index.ts';
import type { Published } from '../../events/index.ts';
import { statusesOfRecords } from '../../idempotency/index.ts';
import { hashTag } from '../../stores/hash-tag.ts';
import type { Redis } from '../../stores/redis.ts';

/** A record of the run that the broker has acknowledged. */
export interface Entry extends Published {
  readonly topic: TopicName;
  readonly key: string;
  /** Undefined where no consumer can know it: then only a dead letter explains what became of it. */
  readonly eventId: string | undefined;
  /** When it was handed to the publisher, milliseconds since 1970. */
  readonly at: number;
}

/** What became of a record. */
export type Fate = 'processed' | 'dead-lettered' | 'unexplained';

const AT_ONCE = 1_000;

/**
 * What became of each: it is processed when the bookkeeping of its owner says so, which is written in one step with the
 * effect.
 *
 * @param isDead whether a record is among the dead letters
 */
export const fatesOf = async (
  entries: readonly Entry[],
  redis: Redis,
  isDead: (entry: Entry) => Promise<boolean>,
): Promise<readonly Fate[]> => {
  const done = new Set<Entry>();
  const known = entries.filter(({ eventId }) => eventId !== undefined);
  for (let from = 0; from < known.length; from += AT_ONCE) {
    const some = known.slice(from, from + AT_ONCE);
    const statuses = await statusesOfRecords(
      redis,
      some.map(({ topic, partition, offset, key }) => ({ topic, partition, offset, tag: hashTag(key) })),
    );
    for (const [i, entry] of some.entries()) {
      if (statuses[i] === 'applied' || statuses[i] === 'repeat') done.add(entry);
    }
  }
  return Promise.all(
    entries.map(async (entry) => {
      if (done.has(entry)) return 'processed';
      return (await isDead(entry)) ? 'dead-lettered' : 'unexplained';
    }),
  );
};

/** @throws RangeError for a topic that is not of the catalog, which no event type leads to */
export const entryAt = (
  { topic, partition, offset }: Published,
  rest: Pick<Entry, 'key' | 'eventId' | 'at'>,
): Entry => {
  if (!isTopicName(topic)) throw new RangeError(`${topic} is none of the catalog's topics`);
  return { topic, partition, offset, ...rest };
};
