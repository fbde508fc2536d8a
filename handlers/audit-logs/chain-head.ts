import type { ObjectStore } from '../../lib/stores/objects.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import { GENESIS, type Link, linkOf, placeOf } from './segment.ts';

const headKey = (prefix: string, partition: number): string => `audit:head:{${prefix}${partition}}`;

/** The last segment of a partition, as it was marked; undefined when nothing is marked. */
export const readMark = async (redis: Redis, prefix: string, partition: number): Promise<Link | undefined> => {
  const { key, hash, last, highest } = await redis.hgetall(headKey(prefix, partition));
  const run = key === undefined ? undefined : placeOf(key)?.run;
  if (key === undefined || hash === undefined || run === undefined) return undefined;
  return { key, hash, run, last: Number(last), highest: Number(highest) };
};

export const markHead = async (redis: Redis, prefix: string, partition: number, head: Link): Promise<void> => {
  const { key, hash, last, highest } = head;
  await redis.hset(headKey(prefix, partition), { key, hash, last, highest });
};

/** Where the log of a partition ends. */
export interface Head {
  /** The last segment. */
  readonly link: Link;
  /** The segment that was marked and those after it, where there are any after it: Redis may have forgotten their events. */
  readonly unmarked: readonly string[];
}

/**
 * The last segment of a partition. The objects decide, the mark only saves reading all their names: a function may have
 * died between writing and marking, and Redis may have lost the mark or gone back to an older one.
 */
export const findHead = async (
  redis: Redis,
  objects: ObjectStore,
  prefix: string,
  partition: number,
): Promise<Head> => {
  const mark = await readMark(redis, prefix, partition);
  const later = await objects.list(`${prefix}${partition}/`, mark?.key);
  const segments = later.filter((name) => placeOf(name) !== undefined);
  const key = segments.at(-1);
  const bytes = key === undefined ? undefined : await objects.get(key);
  if (key === undefined || bytes === undefined) return { link: mark ?? GENESIS, unmarked: [] };
  return { link: linkOf({ key, bytes }), unmarked: mark === undefined ? segments : [mark.key, ...segments] };
};
