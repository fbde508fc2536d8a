import type { ObjectStore } from '../../lib/stores/objects.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import { memberOf, readableLines } from './segment.ts';

/**
 * Events of the log that Redis may have forgotten: what it lost, the bookkeeping by which a publisher's duplicate is
 * recognised is lost with. The segments have their ids, so they are read out of those once and kept beside the mark.
 */
const recalledKey = (prefix: string, partition: number): string => `audit:recalled:{${prefix}${partition}}`;

/** As long as a duplicate may come after its event. */
const SECONDS = 60 * 60;
/** A request to Redis carries so many. */
const AT_ONCE = 1_000;

/**
 * Keeps the ids of the events in these segments, as far back as a duplicate may still come.
 *
 * @param keys of segments, in their order
 * @param now milliseconds since 1970
 */
export const recall = async (
  { redis, objects }: { readonly redis: Redis; readonly objects: ObjectStore },
  prefix: string,
  partition: number,
  keys: readonly string[],
  now: number,
): Promise<void> => {
  const key = recalledKey(prefix, partition);
  for (const segment of [...keys].reverse()) {
    const records = readableLines((await objects.get(segment)) ?? Buffer.of())
      .slice(1)
      .map((line) => memberOf(line, 'record'));
    const ids = records.map((record) => String(memberOf(record, 'eventId')));
    for (let from = 0; from < ids.length; from += AT_ONCE) await redis.sadd(key, ...ids.slice(from, from + AT_ONCE));
    const newest = Math.max(...records.map((record) => Date.parse(String(memberOf(record, 'timestamp')))));
    if (newest < now - SECONDS * 1_000) break;
  }
  await redis.expire(key, SECONDS);
};

/** Which of these events are among those. */
export const recalledOf = async (
  redis: Redis,
  prefix: string,
  partition: number,
  eventIds: readonly string[],
): Promise<ReadonlySet<string>> => {
  const found = new Set<string>();
  for (let from = 0; from < eventIds.length; from += AT_ONCE) {
    const some = eventIds.slice(from, from + AT_ONCE);
    const answers = await redis.smismember(recalledKey(prefix, partition), ...some);
    for (const [i, id] of some.entries()) if (answers[i] === 1) found.add(id);
  }
  return found;
};
