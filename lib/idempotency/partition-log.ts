import type { Redis } from '../stores/redis.ts';
import { scriptOf } from '../stores/script.ts';
import { partitionKey } from './identity.ts';

/** What one delivery holds of a partition: offsets of its first and last record, and their timestamps. */
export interface PartitionDelivery {
  readonly topic: string;
  readonly partition: number;
  readonly first: number;
  readonly last: number;
  /** Of the first record, and the newest of all, milliseconds since 1970. */
  readonly firstTimestamp: number;
  readonly newestTimestamp: number;
}

/** What is known of a partition once a delivery of it is noted. */
export interface PartitionLog {
  /** 0, and one more each time the topic was deleted and made again. */
  readonly life: number;
  /** Newest timestamp of the life before, milliseconds since 1970; -1 in the first. */
  readonly bornAfter: number;
  /** First offset of what was delivered to the end without a gap. */
  readonly start: number;
  /** First offset of this delivery; of a repeated one, of the delivery it repeats. */
  readonly first: number;
  /** Last offset that was delivered before; -1 where nothing was. */
  readonly before: number;
  /** While a repair replays it: the offset up to which it had been processed when the repair began; else 0. */
  readonly repairedTo: number;
}

/**
 * KEYS: the partition's hash. ARGV: first, last, first timestamp, newest timestamp.
 *
 * A record at an offset that was delivered before, but newer than everything that was, is of a topic that was made again:
 * its offsets are those of other records. Answers life, newest timestamp of the life before, start, first, the last offset
 * before, and where a repair ends.
 */
const NOTE = scriptOf(`
local key, first, last, firstTimestamp, newest = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local known = redis.call('HMGET', key, 'life', 'high', 'newest', 'start', 'first', 'repairedTo', 'bornAfter')
local life, high, seen = tonumber(known[1] or 0), tonumber(known[2] or -1), tonumber(known[3] or -1)
local start, floor = tonumber(known[4] or first), tonumber(known[5] or first)
local before, bornAfter = high, tonumber(known[7] or -1)
local isAnew = known[2] and first <= high and (last <= high and newest or firstTimestamp) > seen
if isAnew then life, bornAfter, high, seen, start, floor, before = life + 1, seen, -1, -1, first, first, -1
elseif first > high then
  if first > high + 1 then start = first end
  floor = first
else floor = math.min(floor, first) end
local function text(number) return string.format('%.0f', number) end
redis.call('HSET', key, 'life', text(life), 'high', text(math.max(high, last)), 'newest', text(math.max(seen, newest)),
  'start', text(start), 'first', text(floor), 'bornAfter', text(bornAfter))
return { text(life), text(bornAfter), text(start), text(floor), text(before), known[6] or '0' }`);

/**
 * Notes that records of a partition were delivered, before anything is done with them.
 *
 * @throws the error of the Redis client when Redis cannot be reached
 */
export const noteDelivery = async (
  redis: Redis,
  { topic, partition, first, last, firstTimestamp, newestTimestamp }: PartitionDelivery,
): Promise<PartitionLog> => {
  const answer = await NOTE(redis, [partitionKey(topic, partition)], [first, last, firstTimestamp, newestTimestamp]);
  const [life = 0, bornAfter = -1, start = first, delivered = first, before = -1, repairedTo = 0] = Array.isArray(
    answer,
  )
    ? answer.map(Number)
    : [];
  return { life, bornAfter, start, first: delivered, before, repairedTo };
};

/**
 * Which life of its log a record belongs to.
 *
 * @param timestamp the record's, milliseconds since 1970; without one it is taken for one of the present life
 */
export const lifeOf = async (redis: Redis, topic: string, partition: number, timestamp?: number): Promise<number> => {
  const [life, bornAfter] = await redis.hmget(partitionKey(topic, partition), 'life', 'bornAfter');
  return lifeAt({ life: Number(life ?? 0), bornAfter: Number(bornAfter ?? -1) }, timestamp);
};

/** The life of a record that was first written at this time: the present one, or the one before. */
export const lifeAt = ({ life, bornAfter }: Pick<PartitionLog, 'life' | 'bornAfter'>, timestamp?: number): number =>
  life > 0 && timestamp !== undefined && timestamp <= bornAfter ? life - 1 : life;

/** Counts records of a partition that took effect again while a repair replays it. */
export const countRepaired = async (redis: Redis, topic: string, partition: number, records: number): Promise<void> => {
  await redis.hincrby(partitionKey(topic, partition), 'repaired', records);
};
