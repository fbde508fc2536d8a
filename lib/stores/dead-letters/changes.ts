import type { Redis } from '../redis.ts';
import { scriptOf } from '../script.ts';
import { HISTORY_KEPT, type HistoryEntry, historyKey } from './history.ts';
import type { Letter, LetterStatus } from './letter.ts';
import { letterKey } from './letters.ts';

/**
 * KEYS: letter, history. ARGV: status, redrive count, history entry, entries kept, why. Nothing where the letter has been
 * put back more often meanwhile.
 */
const SET_STATUS = scriptOf(`
local before = redis.call('HMGET', KEYS[1], 'redriveCount', 'status')
if not before[1] or tonumber(before[1]) > tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'status', ARGV[1], 'redriveCount', ARGV[2], 'nextRetryAt', '')
if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'why', ARGV[5]) end
if before[2] ~= ARGV[1] or ARGV[5] ~= '' then
  redis.call('RPUSH', KEYS[2], ARGV[3])
  redis.call('LTRIM', KEYS[2], -ARGV[4], -1)
end
return 1`);

/** Who changes a letter, when (ISO 8601, UTC), and why. */
export type Change = Pick<HistoryEntry, 'at' | 'by' | 'why'>;

/** Changes the status of a letter that has not changed since it was read. @returns whether it did */
export const setStatus = async (
  redis: Redis,
  { id, redriveCount }: Pick<Letter, 'id' | 'redriveCount'>,
  status: Extract<LetterStatus, 'parked' | 'discarded' | 'done'>,
  change: Change,
): Promise<boolean> => {
  const entry: HistoryEntry = { ...change, what: status };
  return (
    (await SET_STATUS(
      redis,
      [letterKey(id), historyKey(id)],
      [status, redriveCount, JSON.stringify(entry), HISTORY_KEPT, change.why ?? ''],
    )) === 1
  );
};

/** KEYS: letter, history. ARGV: owner, history entry, entries kept. */
const SET_PATCHED = scriptOf(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'patched', 'yes')
redis.call('RPUSH', KEYS[2], ARGV[2])
redis.call('LTRIM', KEYS[2], -ARGV[3], -1)
return 1`);

/** Says that the payload of a letter was replaced. @param owner hash tag of the new record's owner, if it is known */
export const setPatched = async (
  redis: Redis,
  id: string,
  owner: string | undefined,
  change: Change,
): Promise<void> => {
  const entry: HistoryEntry = { ...change, what: 'patched' };
  await SET_PATCHED(redis, [letterKey(id), historyKey(id)], [owner ?? '', JSON.stringify(entry), HISTORY_KEPT]);
};
