import { partitionOf } from '../../lib/events/index.ts';
import { hashTag } from '../../lib/stores/hash-tag.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import { KEPT_SECONDS, labelOf, minuteOf, startOf } from './periods.ts';
import type { Scan } from './scan.ts';

/**
 * Which codes were counted in which minutes, so that a rollup finds them without looking through Redis. What is counted is
 * noted before it is counted, under the minute in which that happens: a generation. A scan that is late is in a new
 * generation with its old minute.
 */

/** Places over which the codes spread, each with a hash tag of its own. */
const SHARDS = 8;

/** What rollups of the product go by; tests have names of their own, which no rollup of the stack knows. */
export const ROLLUP = 'rollup';

const shardOf = (name: string, i: number): string => `${name}-${i}`;

/** The shards, by what their hash tags are made of. */
export const shardsOf = (name: string): readonly string[] => Array.from({ length: SHARDS }, (_, i) => shardOf(name, i));

/** Set of a shard's open generations. */
export const generationsKey = (owner: string): string => `analytics:touched:${hashTag(owner)}`;

/** Set of what is to be looked at, as {@link memberOf} writes it. */
export const touchedKey = (owner: string, generation: string): string => `${generationsKey(owner)}:${generation}`;

/** Hash of what was looked at, with the revision that was found: each is looked at once more, when nobody can be counting. */
export const seenKey = (owner: string, generation: string): string => `${touchedKey(owner, generation)}:seen`;

/** A code in a minute. */
export interface Touched {
  readonly minute: string;
  readonly qrId: string;
}

const memberOf = ({ minute, qrId }: Touched): string => `${minute}${qrId}`;

const LABEL_LENGTH = labelOf('minute', 0).length;

export const touchedIn = (member: string): Touched => ({
  minute: member.slice(0, LABEL_LENGTH),
  qrId: member.slice(LABEL_LENGTH),
});

/**
 * Notes that these codes are about to be counted; one round trip.
 *
 * @param now milliseconds since 1970
 */
export const touch = async (redis: Redis, name: string, scans: readonly Scan[], now: number): Promise<void> => {
  const members = new Map<string, Set<string>>();
  for (const { qrId, at } of scans) {
    if (qrId === null) continue;
    const minute = labelOf('minute', at);
    // Clocks differ: of a minute that has not begun here the rollup has to wait.
    const generation = labelOf('minute', Math.max(startOf('minute', now), minuteOf(minute)));
    const owner = shardOf(name, partitionOf(Buffer.from(qrId), SHARDS));
    const key = `${owner} ${generation}`;
    const known = members.get(key) ?? new Set();
    members.set(key, known.add(memberOf({ minute, qrId })));
  }
  await Promise.all(
    [...members].flatMap(([key, set]) => {
      const [owner = '', generation = ''] = key.split(' ');
      return [
        redis.sadd(touchedKey(owner, generation), ...set),
        redis.expire(touchedKey(owner, generation), KEPT_SECONDS.touched),
        redis.sadd(generationsKey(owner), generation),
      ];
    }),
  );
};
