import type { Redis } from '../redis.ts';
import { scriptOf } from '../script.ts';
import { rememberAtConnector } from './at-connectors.ts';
import { HISTORY_KEPT, type HistoryEntry, historyKey } from './history.ts';
import type { Letter } from './letter.ts';
import { letterKey, PUTTING_BACK } from './letters.ts';

/** Why a letter cannot be put back just now. */
export type Obstacle = 'gone' | 'done' | 'changed' | 'busy';

/** KEYS: letter, all intentions. ARGV: id, redrive count as it was read, time, who. A letter that was retrying is open from here on. */
const BEGIN = scriptOf(`
local before = redis.call('HMGET', KEYS[1], 'redriveCount', 'status', 'puttingBack')
if not before[1] then return 'gone' end
if before[3] and before[3] ~= '' then return 'busy' end
if before[2] == 'done' then return 'done' end
if tonumber(before[1]) ~= tonumber(ARGV[2]) then return 'changed' end
local retrying = before[2] == 'retrying'
local intention = cjson.encode({
  redriveCount = tonumber(ARGV[2]) + 1, at = tonumber(ARGV[3]), by = ARGV[4], wasRetrying = retrying })
redis.call('HSET', KEYS[1], 'puttingBack', intention)
if retrying then redis.call('HSET', KEYS[1], 'status', 'open', 'nextRetryAt', '') end
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
return 'begun'`);

/**
 * KEYS: letter, all intentions, history. ARGV: id, redrive count, history entry, entries kept. A letter that has come back
 * in the meantime says so itself, and one that is seen to be done stays so. Two who look into the same redrive that was cut
 * off may both find its record: the second one has nothing to say.
 */
const END = scriptOf(`
redis.call('ZREM', KEYS[2], ARGV[1])
local before = redis.call('HMGET', KEYS[1], 'redriveCount', 'status', 'puttingBack')
if not before[1] then return 0 end
local isSaid = (not before[3] or before[3] == '') and tonumber(before[1]) >= tonumber(ARGV[2])
if isSaid then return 0 end
redis.call('HSET', KEYS[1], 'puttingBack', '')
redis.call('RPUSH', KEYS[3], ARGV[3])
redis.call('LTRIM', KEYS[3], -ARGV[4], -1)
if tonumber(before[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'redriveCount', ARGV[2], 'nextRetryAt', '')
if before[2] ~= 'done' then redis.call('HSET', KEYS[1], 'status', 'redriven') end
return 1`);

/** KEYS: letter, all intentions. ARGV: id. */
const GIVE_UP = scriptOf(`
redis.call('ZREM', KEYS[2], ARGV[1])
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'puttingBack', '') end
return 1`);

/**
 * Writes down that a letter is about to be put back.
 *
 * @param now milliseconds since 1970
 * @returns what stands in the way, undefined when nothing does
 */
export const beginPutBack = async (
  redis: Redis,
  { id, redriveCount }: Pick<Letter, 'id' | 'redriveCount'>,
  by: string,
  now: number,
): Promise<Obstacle | undefined> => {
  const answer = await BEGIN(redis, [letterKey(id), PUTTING_BACK], [id, redriveCount, now, by]);
  return OBSTACLES.find((obstacle) => obstacle === answer);
};

const OBSTACLES: readonly Obstacle[] = ['gone', 'done', 'changed', 'busy'];

/** Says that a letter was put back, for the `redriveCount`th time, and where it lies. */
export const endPutBack = async (
  redis: Redis,
  letter: Pick<Letter, 'id' | 'shape' | 'consumer'>,
  redriveCount: number,
  put: Pick<HistoryEntry, 'at' | 'by' | 'position'>,
): Promise<void> => {
  const { id } = letter;
  const entry: HistoryEntry = { ...put, what: 'put-back', redriveCount };
  await rememberAtConnector(redis, letter, redriveCount, put);
  const keys = [letterKey(id), PUTTING_BACK, historyKey(id)];
  await END(redis, keys, [id, redriveCount, JSON.stringify(entry), HISTORY_KEPT]);
};

/** Takes an intention back: the record is not in the log. */
export const giveUpPutBack = async (redis: Redis, id: string): Promise<void> => {
  await GIVE_UP(redis, [letterKey(id), PUTTING_BACK], [id]);
};

/** Letters somebody is putting back, or was when the process died; with the time of it, milliseconds since 1970. */
export const intentions = async (redis: Redis): Promise<ReadonlyMap<string, number>> => {
  const answer = await redis.zrange(PUTTING_BACK, 0, -1, 'WITHSCORES');
  return new Map(answer.flatMap((id, i) => (i % 2 === 0 ? [[id, Number(answer[i + 1])] as const] : [])));
};
