import type { Redis } from '../../lib/stores/redis.ts';
import { entryFrom, type FeedEntry, FORMER_MEMBER } from './feed-state.ts';
import { teamKeys } from './keys.ts';
import { LIMITS } from './limits.ts';

/**
 * Takes a user out of a team, in one step. Where no owner is left, the longest-serving admin becomes one, else the
 * longest-serving editor (as `successorIn` has it); where there is neither, the team is dissolved.
 * KEYS: team, members, roles, invitations, feed, seen. ARGV: user, now (ISO 8601), seconds a dissolved team is known of.
 * Answers: how many memberships went, who became owner or '', and who is left without a team.
 */
const LEAVE = `
local team, members, roles, invitations, feed, seen = unpack(KEYS)
local gone = redis.call('ZREM', members, ARGV[1])
redis.call('ZREM', roles, ARGV[1])
redis.call('HDEL', seen, ARGV[1])
if gone == 0 or redis.call('ZCOUNT', roles, 3, 3) > 0 then return {gone, '', {}} end
for rank = 2, 1, -1 do
  local heir, since
  for _, user in ipairs(redis.call('ZRANGEBYSCORE', roles, rank, rank)) do
    local joined = tonumber(redis.call('ZSCORE', members, user))
    if joined and (not since or joined < since) then heir, since = user, joined end
  end
  if heir then
    redis.call('ZADD', roles, 'XX', 3, heir)
    return {gone, heir, {}}
  end
end
local left = redis.call('ZRANGE', members, 0, -1)
redis.call('DEL', team, members, roles, invitations, feed, seen)
redis.call('HSET', team, 'dissolvedAt', ARGV[2])
redis.call('EXPIRE', team, ARGV[3])
return {gone, '', left}`;

/** What a user leaves behind. */
export interface Legacy {
  /** Memberships that went: one, or none where they had left before. */
  readonly gone: number;
  /** Who has become owner by it. */
  readonly heir: string | undefined;
  /** Members of a team that was dissolved by it. */
  readonly left: readonly string[];
}

export const leaveForGood = async (redis: Redis, teamId: string, userId: string): Promise<Legacy> => {
  const { team, members, roles, invitations, feed, seen } = teamKeys(teamId);
  const keys = [team, members, roles, invitations, feed, seen];
  const now = new Date().toISOString();
  const answer: unknown = await redis.eval(LEAVE, keys.length, ...keys, userId, now, LIMITS.memorySeconds);
  const [gone, heir, left]: unknown[] = Array.isArray(answer) ? answer : [];
  return {
    gone: Number(gone ?? 0),
    heir: typeof heir === 'string' && heir !== '' ? heir : undefined,
    left: Array.isArray(left) ? left.map(String) : [],
  };
};

/** Changes an entry that is still what it was: it may have been trimmed meanwhile. KEYS: feed. ARGV: number, before, after. */
const REPLACE = `
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1`;

/** Takes a user's name out of a feed; what they said stays, as of a former member. @returns in how many entries it stood */
export const anonymise = async (redis: Redis, teamId: string, userId: string, signal: AbortSignal): Promise<number> => {
  const { feed } = teamKeys(teamId);
  let changed = 0;
  for (let cursor = '0', more = true; more; ) {
    signal.throwIfAborted();
    const [next, flat] = await redis.hscan(feed, cursor, 'COUNT', 200);
    const pairs = flat.flatMap((number, i) => (i % 2 === 0 ? [[number, flat[i + 1] ?? ''] as const] : []));
    const named = pairs.filter(([, json]) => json.includes(JSON.stringify(userId)));
    const done = await Promise.all(
      named.map(([number, json]) => {
        const without = JSON.stringify(withoutUser(entryFrom(json), userId));
        return without === json ? 0 : redis.eval(REPLACE, 1, feed, number, json, without);
      }),
    );
    changed += done.filter((one) => one === 1).length;
    cursor = next;
    more = next !== '0';
  }
  return changed;
};

const withoutUser = (entry: FeedEntry, userId: string): FeedEntry => {
  const other = (id: string): string => (id === userId ? FORMER_MEMBER : id);
  return {
    ...entry,
    actor: other(entry.actor),
    ...(entry.subject === undefined ? {} : { subject: other(entry.subject) }),
    ...(entry.mentions === undefined ? {} : { mentions: entry.mentions.filter((id) => id !== userId) }),
  };
};
