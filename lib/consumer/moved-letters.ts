import { applyOnce, type Entry, entryFor, markDeadLettered, statusesOf, tagOf } from '../idempotency/index.ts';
import type { BatchPorts } from './batch.ts';
import type { Item, Result } from './item.ts';

/**
 * A record that could not be read when it was dead-lettered, and can be now that it is put back: its dead letter is known to the
 * owner by its key, and its event has another one. (A record whose key is that of its event has the same owner either way.)
 */
export interface MovedLetter {
  readonly item: Item;
  /** The record in the books of the owner by its key. */
  readonly before: Entry;
}

/** The owner by the key, of a record that was put back and has another owner now. */
const ownerBefore = ({ topic, key, identity: { tag, origin } }: Item): string | undefined => {
  if (origin === undefined) return undefined;
  const before = tagOf({ topic, partition: origin.partition, key }, undefined);
  return before === tag ? undefined : before;
};

/**
 * Tells the owners of such records of their dead letters, so that the first record is settled with the one that was put back.
 *
 * @throws the error of the Redis client when Redis cannot be reached
 */
export const tellNewOwners = async (
  items: readonly Item[],
  { redis, topic }: BatchPorts,
): Promise<readonly MovedLetter[]> => {
  const found = await Promise.all(
    items.map(async (item): Promise<MovedLetter | undefined> => {
      const { identity, log } = item;
      const tag = ownerBefore(item);
      if (tag === undefined || identity.origin === undefined) return undefined;
      const first = { topic: topic.name, ...identity.origin };
      const [letter] = await statusesOf(redis, topic, [await entryFor(redis, { ...first, tag })]);
      if (letter?.status !== 'dead') return undefined;
      await markDeadLettered(redis, topic, await entryFor(redis, { ...first, tag: identity.tag }));
      return { item, before: { identity: { ...identity, tag }, log } };
    }),
  );
  return found.filter((one) => one !== undefined);
};

/** Tells the owners before that the records have taken effect. What fails here changes nothing but what a letter says of itself. */
export const tellOldOwners = async (
  moved: readonly MovedLetter[],
  results: ReadonlyMap<Item, Result>,
  { redis, topic }: BatchPorts,
): Promise<void> => {
  const done = moved.filter(({ item }) => results.get(item) === 'processed');
  await Promise.allSettled(done.map(({ before }) => applyOnce(redis, topic, before.identity.tag, [before])));
};
