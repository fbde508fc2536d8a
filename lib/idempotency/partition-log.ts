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
  /**
   * One for each time the topic was deleted and made again: the newest timestamp until then, milliseconds since 1970. A
   * record belongs to the life after the last one before it.
   */
  readonly births: readonly number[];
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
 * its offsets are those of other records. Answers start, first, the last offset before, where a repair
 * ends, and the births.
 */
const NOTE = scriptOf(`
local key, first, last, firstTimestamp, newest = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local known = redis.call('HMGET', key, 'high', 'newest', 'start', 'first', 'repairedTo', 'births')
local high, seen = tonumber(known[1] or -1), tonumber(known[2] or -1)
local start, floor = tonumber(known[3] or first), tonumber(known[4] or first)
local before, births = high, known[6] or ''
local isAnew = known[1] and first <= high and (last <= high and newest or firstTimestamp) > seen
if isAnew then
  births = births .. (births == '' and '' or ',') .. string.format('%.0f', seen)
  high, seen, start, floor, before = -1, -1, first, first, -1
elseif first > high then
  if first > high + 1 then start = first end
  floor = first
else floor = math.min(floor, first) end
local function text(number) return string.format('%.0f', number) end
redis.call('HSET', key, 'high', text(math.max(high, last)), 'newest', text(math.max(seen, newest)),
  'start', text(start), 'first', text(floor), 'births', births)
return { text(start), text(floor), text(before), known[5] or '0', births }`);

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
  const [start, floor, before, repairedTo, births] = Array.isArray(answer) ? answer.map(String) : [];
  return {
    births: birthsIn(births),
    start: Number(start ?? first),
    first: Number(floor ?? first),
    before: Number(before ?? -1),
    repairedTo: Number(repairedTo ?? 0),
  };
};

const birthsIn = (text: string | null | undefined): readonly number[] =>
  text === null || text === undefined || text === '' ? [] : text.split(',').map(Number);

/** When a partition's topic was made again, see {@link PartitionLog.births}. */
export const birthsOf = async (redis: Redis, topic: string, partition: number): Promise<readonly number[]> =>
  birthsIn(await redis.hget(partitionKey(topic, partition), 'births'));

/**
 * Which life of its log a record belongs to, 0 for the first.
 *
 * @param timestamp when the record was first written, milliseconds since 1970
 */
export const lifeAt = (births: readonly number[], timestamp: number): number =>
  births.filter((birth) => birth < timestamp).length;

/** Whether a record of the present life of its log was delivered at some time, with everything between it and the newest. */
export const wasDelivered = async (
  redis: Redis,
  topic: string,
  partition: number,
  offset: number,
): Promise<boolean> => {
  const [start, high] = await redis.hmget(partitionKey(topic, partition), 'start', 'high');
  return offset >= Number(start ?? Number.POSITIVE_INFINITY) && offset <= Number(high ?? -1);
};

/** Counts records of a partition that took effect again while a repair replays it. */
export const countRepaired = async (redis: Redis, topic: string, partition: number, records: number): Promise<void> => {
  await redis.hincrby(partitionKey(topic, partition), 'repaired', records);
};
