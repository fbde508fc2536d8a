import type { Redis } from '../stores/redis.ts';
import { scriptOf } from '../stores/script.ts';
import { partitionKey } from './identity.ts';

/** A partition of a topic of the catalog. */
export interface Partition {
  readonly topic: string;
  readonly partition: number;
}

/** What the cache knows of a partition's deliveries, and of a repair that replays it. */
export interface PartitionKnowledge {
  /** Last offset that was delivered; -1 where nothing is known. */
  readonly high: number;
  /** First offset of the delivery that was noted last; -1 where nothing is known. Its effects may not all be in the cache. */
  readonly first: number;
  /** The offset up to which a repair replays it; 0 while none does. */
  readonly repairedTo: number;
  /** Records that have taken effect again since the repair began. */
  readonly appliedAgain: number;
}

/** What the cache knows of partitions, in their order; one round trip. */
export const knowledgeOf = (redis: Redis, partitions: readonly Partition[]): Promise<readonly PartitionKnowledge[]> =>
  Promise.all(
    partitions.map(async ({ topic, partition }) => {
      const key = partitionKey(topic, partition);
      const [high, first, repairedTo, repaired] = await redis.hmget(key, 'high', 'first', 'repairedTo', 'repaired');
      return {
        high: Number(high ?? -1),
        first: Number(first ?? -1),
        repairedTo: Number(repairedTo ?? 0),
        appliedAgain: Number(repaired ?? 0),
      };
    }),
  );

/** A repair that was interrupted goes on: it ends where it was to end, and keeps what it has counted. */
const BEGIN = scriptOf(`
local to = math.max(tonumber(redis.call('HGET', KEYS[1], 'repairedTo') or 0), tonumber(ARGV[1]))
redis.call('HSET', KEYS[1], 'repairedTo', string.format('%.0f', to))
redis.call('HSETNX', KEYS[1], 'repaired', '0')
return redis.status_reply('OK')`);

/**
 * Says that a partition is about to be replayed: records before `upTo` that take effect from now on are counted.
 *
 * @param upTo offset that its group has committed
 */
export const beginRepair = async (redis: Redis, { topic, partition }: Partition, upTo: number): Promise<void> => {
  await BEGIN(redis, [partitionKey(topic, partition)], [upTo]);
};

/**
 * What was replayed counts as delivered, also where there was no record left to deliver. A stretch that the cache does not
 * know and that was not replayed is no part of what was delivered without a gap (`start`); its records are older than now,
 * so that none of them is taken for one of a topic that was made again.
 */
const END = scriptOf(`
local known = redis.call('HMGET', KEYS[1], 'repairedTo', 'high')
redis.call('HDEL', KEYS[1], 'repairedTo', 'repaired')
local to, high = tonumber(known[1] or 0), tonumber(known[2] or -1)
if to - 1 > high then
  local text = string.format('%.0f', to)
  redis.call('HSET', KEYS[1], 'high', string.format('%.0f', to - 1), 'start', text, 'first', text, 'newest', ARGV[1])
end
return redis.status_reply('OK')`);

/** Says that a partition is replayed to the end of its repair. */
export const endRepair = async (redis: Redis, { topic, partition }: Partition): Promise<void> => {
  await END(redis, [partitionKey(topic, partition)], [Date.now()]);
};
