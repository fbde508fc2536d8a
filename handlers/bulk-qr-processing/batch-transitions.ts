import { TransientError } from '../../lib/errors.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import { type BatchRecord, readBatchRecord } from './batch-state.ts';
import { batchKey } from './keys.ts';
import { WORK } from './limits.ts';

/**
 * How a batch's hash changes. Each script decides and writes in one step, so that two functions that handle the same
 * event, or one that handles it twice, cannot count twice or go back.
 */

/** A request as it was first seen. */
export interface Opening {
  readonly batchId: string;
  readonly userId: string;
  readonly priority: 'normal' | 'high';
  readonly total: number;
  readonly requestedAt: string;
}

// A failed batch may be requested again: it starts over, as the next attempt.
const OPEN = `
local state, attempt = unpack(redis.call('HMGET', KEYS[1], 'state', 'attempt'))
if state and state ~= 'failed' then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'state', 'planned', 'attempt', (attempt or 0) + 1, 'userId', ARGV[1], 'priority', ARGV[2],
  'total', ARGV[3], 'requestedAt', ARGV[4], 'done', 0, 'failed', 0, 'chunks', 0, 'chunksDone', 0)
return 1`;

/** Makes the batch known, unless it is already, and returns it. */
export const openBatch = async (redis: Redis, opening: Opening): Promise<BatchRecord> => {
  const { batchId, userId, priority, total, requestedAt } = opening;
  const args = [userId, priority, total, requestedAt];
  const [, batch] = await Promise.all([
    redis.eval(OPEN, 1, batchKey(batchId), ...args),
    readBatchRecord(redis, batchId),
  ]);
  if (batch === undefined) throw new TransientError('REDIS_UNAVAILABLE', `Redis lost batch ${batchId} at once`);
  return batch;
};

// Chunks may be done before their number is set: then it may be the last one that counts here.
const PLAN = `
local state = redis.call('HGET', KEYS[1], 'state')
if state ~= 'planned' and state ~= 'rendering' then return 0 end
if redis.call('HSETNX', KEYS[1], 'planned', 1) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'chunks', ARGV[1])
redis.call('HINCRBY', KEYS[1], 'failed', ARGV[2])
if redis.call('HGET', KEYS[1], 'chunksDone') == ARGV[1] then redis.call('HSET', KEYS[1], 'state', 'assembling') end
return 1`;

/** The plan is there, with so many chunks and entries it rejected: counts them, once, and returns the batch. */
export const planBatch = async (
  redis: Redis,
  batchId: string,
  chunks: number,
  rejected: number,
): Promise<BatchRecord | undefined> => {
  const [, batch] = await Promise.all([
    redis.eval(PLAN, 1, batchKey(batchId), chunks, rejected),
    readBatchRecord(redis, batchId),
  ]);
  return batch;
};

const RECORD = `
local state = redis.call('HGET', KEYS[1], 'state')
if state ~= 'planned' and state ~= 'rendering' then return 0 end
if redis.call('HSETNX', KEYS[1], 'c:' .. ARGV[1], ARGV[2] .. ',' .. ARGV[3]) == 0 then return 0 end
redis.call('HINCRBY', KEYS[1], 'done', ARGV[2])
redis.call('HINCRBY', KEYS[1], 'failed', ARGV[3])
local chunksDone = redis.call('HINCRBY', KEYS[1], 'chunksDone', 1)
local last = tostring(chunksDone) == redis.call('HGET', KEYS[1], 'chunks')
redis.call('HSET', KEYS[1], 'state', last and 'assembling' or 'rendering')
return 1`;

/** Counts a chunk, once, and returns the batch as it is then; undefined when Redis does not know it. */
export const recordChunk = async (
  redis: Redis,
  batchId: string,
  chunk: number,
  counts: { readonly succeeded: number; readonly failed: number },
): Promise<BatchRecord | undefined> => {
  // Both travel together: ioredis sends commands of one turn in one pipeline, and Redis works them in order.
  const [, batch] = await Promise.all([
    redis.eval(RECORD, 1, batchKey(batchId), chunk, counts.succeeded, counts.failed),
    readBatchRecord(redis, batchId),
  ]);
  return batch;
};

export const isChunkDone = async (redis: Redis, batchId: string, chunk: number): Promise<boolean> =>
  (await redis.hexists(batchKey(batchId), `c:${chunk}`)) === 1;

// `0 - n`: Lua's `-n` makes of zero a negative one, which Redis does not take for a number.
// Only what is being assembled: another delivery may have ended the batch and cleared its chunks away meanwhile.
const REOPEN = `
if redis.call('HGET', KEYS[1], 'state') ~= 'assembling' then return 0 end
for _, chunk in ipairs(ARGV) do
  local counts = redis.call('HGET', KEYS[1], 'c:' .. chunk)
  if counts then
    local done, failed = string.match(counts, '(%d+),(%d+)')
    redis.call('HDEL', KEYS[1], 'c:' .. chunk)
    redis.call('HINCRBY', KEYS[1], 'done', 0 - tonumber(done))
    redis.call('HINCRBY', KEYS[1], 'failed', 0 - tonumber(failed))
    redis.call('HINCRBY', KEYS[1], 'chunksDone', -1)
    redis.call('HSET', KEYS[1], 'state', 'rendering')
  end
end
return 1`;

/** Takes chunks of a batch being assembled back, whose objects have gone missing: they are rendered and counted again. */
export const reopenChunks = async (redis: Redis, batchId: string, chunks: readonly number[]): Promise<void> => {
  await redis.eval(REOPEN, 1, batchKey(batchId), ...chunks);
};

// Field by field: a batch with a logo may have more chunks than Lua takes arguments.
const RESTORE = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
for i = 2, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
if ARGV[1] ~= '0' then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return 1`;

/** Puts back a batch that Redis has lost, unless it is known again. */
export const restoreBatch = async (
  redis: Redis,
  batchId: string,
  fields: Readonly<Record<string, string | number>>,
  finished: boolean,
): Promise<void> => {
  const values = Object.entries(fields).flat();
  await redis.eval(RESTORE, 1, batchKey(batchId), finished ? WORK.stateSeconds : 0, ...values);
};

/** How a batch ended. */
export interface Completion {
  readonly state: 'completed' | 'completed_with_errors';
  readonly done: number;
  readonly failed: number;
  readonly zipKey: string;
  readonly zipBytes: number;
  readonly completedAt: string;
  readonly completedBy: string;
}

const FINISH = `
local state = redis.call('HGET', KEYS[1], 'state')
if not state and ARGV[2] == 'completing' then return 0 end
if state == 'completed' or state == 'completed_with_errors' then return 0 end
if state == 'failed' then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 3))
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1`;

/** Ends the batch, unless it has ended before, and returns it as it is then. */
export const completeBatch = async (
  redis: Redis,
  batchId: string,
  completion: Completion,
): Promise<BatchRecord | undefined> => {
  const values = Object.entries(completion).flat();
  const [, batch] = await Promise.all([
    redis.eval(FINISH, 1, batchKey(batchId), WORK.stateSeconds, 'completing', ...values),
    readBatchRecord(redis, batchId),
  ]);
  return batch;
};

/** Why a batch failed, and the event whose handling found out. */
export interface Failure {
  readonly failedBy: string;
  readonly code: string;
  readonly reason: string;
  readonly failedAt: string;
}

/** Ends the batch as failed, unless it has ended before, and returns it as it is then. */
export const failBatch = async (
  redis: Redis,
  batchId: string,
  userId: string,
  failure: Failure,
): Promise<BatchRecord | undefined> => {
  const values = Object.entries({ ...failure, userId, state: 'failed' }).flat();
  const [, batch] = await Promise.all([
    redis.eval(FINISH, 1, batchKey(batchId), WORK.stateSeconds, 'failing', ...values),
    readBatchRecord(redis, batchId),
  ]);
  return batch;
};
