import type { ObjectStore } from '../../lib/stores/objects.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import { GENESIS, type Link, linkOf, placeOf } from './segment.ts';

const headKey = (prefix: string, partition: number): string => `audit:head:{${prefix}${partition}}`;

/** The last segment of a partition, as it was marked; undefined when nothing is marked. */
export const readMark = async (redis: Redis, prefix: string, partition: number): Promise<Link | undefined> => {
  const [key, hash, last] = await redis.hmget(headKey(prefix, partition), 'key', 'hash', 'last');
  if (typeof key !== 'string' || typeof hash !== 'string' || typeof last !== 'string') return undefined;
  return { key, hash, last: Number(last) };
};

export const markHead = async (redis: Redis, prefix: string, partition: number, head: Link): Promise<void> => {
  await redis.hset(headKey(prefix, partition), { key: head.key, hash: head.hash, last: head.last });
};

/**
 * The last segment of a partition. The objects decide, the mark only saves reading all their names: a function may have
 * died between writing and marking, and Redis may have lost the mark or gone back to an older one.
 */
export const findHead = async (
  redis: Redis,
  objects: ObjectStore,
  prefix: string,
  partition: number,
): Promise<Link> => {
  const mark = await readMark(redis, prefix, partition);
  const later = await objects.list(`${prefix}${partition}/`, mark?.key);
  const key = later.filter((name) => placeOf(name) !== undefined).at(-1);
  const bytes = key === undefined ? undefined : await objects.get(key);
  if (key === undefined || bytes === undefined) return mark ?? GENESIS;
  return linkOf({ key, bytes });
};
