import type { RedisCommand } from './marks.ts';
import type { Redis } from './redis.ts';
import { scriptOf } from './script.ts';

/**
 * Applies what several pieces of work add together, and marks each of them done. Where one of the marks is there already
 * nothing is done, and the places of such marks are the answer.
 * KEYS the marks, then the keys of the writes; ARGV[1] the marks' seconds to live; ARGV[2] the writes as JSON; ARGV[3] how many
 * of the keys are marks.
 *
 * Every call costs the server as much as everything around it. So a key gets its expiry with its first field only, and a
 * name is counted first and taken back where there was no room for it.
 */
const TOGETHER = scriptOf(`
local call = redis.call
local marked = {}
local marks = tonumber(ARGV[3])
if call('EXISTS', unpack(KEYS, 1, marks)) > 0 then
  for i = 1, marks do
    if call('EXISTS', KEYS[i]) == 1 then marked[#marked + 1] = i - 1 end
  end
  return marked
end
for i = 1, marks do call('SET', KEYS[i], '1', 'EX', ARGV[1]) end

local own = {}
function own.COUNT(keys, expiries, amounts)
  for k, key in ipairs(keys) do
    for i = 1, #amounts, 2 do
      local isNew = call('HINCRBY', key, amounts[i], amounts[i + 1]) == amounts[i + 1]
      if isNew and expiries[k] then call('EXPIREAT', key, expiries[k]) end
    end
  end
end
function own.BOUNDED(keys, limit, dimension, amounts)
  for _, key in ipairs(keys) do
    for i = 1, #amounts, 2 do
      local field, by = dimension .. ':' .. amounts[i], amounts[i + 1]
      if call('HINCRBY', key, field, by) == by and call('HINCRBY', key, '#' .. dimension, 1) > limit then
        call('HINCRBY', key, '#' .. dimension, -1)
        call('HDEL', key, field)
        call('HINCRBY', key, dimension .. ':other', by)
      end
    end
  end
end
function own.DISTINCT(keys, expiries, members)
  for k, key in ipairs(keys) do
    if call('PFADD', key, unpack(members)) == 1 then call('EXPIREAT', key, expiries[k]) end
  end
end
for _, write in ipairs(cjson.decode(ARGV[2])) do
  local name = write[1]
  if own[name] then own[name](write[2], write[3], write[4], write[5]) else call(unpack(write)) end
end
return marked`);

/** Names, each followed by its amount. */
export type Amounts = readonly (string | number)[];

/** A key of counters, and when it expires, seconds since 1970, once it is there. */
export interface Target {
  readonly key: string;
  readonly expiresAt: number;
}

/** What {@link commitTogether} applies beside Redis's own commands; made by the functions here. */
export type CountingWrite =
  | readonly ['COUNT', keys: readonly string[], expiries: readonly number[], amounts: Amounts]
  | readonly ['BOUNDED', keys: readonly string[], limit: number, dimension: string, amounts: Amounts]
  | readonly ['DISTINCT', keys: readonly string[], expiries: readonly number[], members: readonly string[]];

export type SharedWrite = RedisCommand | CountingWrite;

/** Whether a write is one of ours, and no command that Redis knows. */
export const isCounting = (write: SharedWrite): write is CountingWrite => Array.isArray(write[1]);

const keysOf = (targets: readonly Target[]): string[] => targets.map(({ key }) => key);
const expiriesOf = (targets: readonly Target[]): number[] => targets.map(({ expiresAt }) => expiresAt);

/** Adds the same to fields of several hashes. */
export const count = (targets: readonly Target[], amounts: Amounts): CountingWrite => [
  'COUNT',
  keysOf(targets),
  expiriesOf(targets),
  amounts,
];

/**
 * Adds to the fields `<dimension>:<name>` of hashes that have room for so many names each; what comes later is added to
 * `<dimension>:other`. For names that strangers choose, on keys that {@link count} has given their expiry.
 */
export const countBounded = (
  targets: readonly Target[],
  limit: number,
  dimension: string,
  amounts: Amounts,
): CountingWrite => ['BOUNDED', keysOf(targets), limit, dimension, amounts];

/** Adds members to several HyperLogLogs. @param members at most some thousands */
export const countDistinct = (targets: readonly Target[], members: ReadonlySet<string>): CountingWrite => [
  'DISTINCT',
  keysOf(targets),
  expiriesOf(targets),
  [...members],
];

/** Of one script: what Lua's unpack takes is some thousands. */
export const MARKS_TOGETHER = 1_000;

/**
 * Applies writes and sets the marks of everything they come from, atomically, or does neither where one of the marks is set.
 *
 * @param marks keys of the marks, each once, at most {@link MARKS_TOGETHER}, with the same hash tag
 * @param ttlSeconds how long they are remembered
 * @param writes on keys with that hash tag
 * @returns places in `marks` that were set already; when there are none, all is done
 */
export const commitTogether = async (
  redis: Redis,
  marks: readonly string[],
  ttlSeconds: number,
  writes: readonly SharedWrite[],
): Promise<ReadonlySet<number>> => {
  if (marks.length === 0) return new Set();
  const keys = new Set(writes.flatMap((write) => (isCounting(write) ? write[1] : [write[1]])));
  const answer = await TOGETHER(redis, [...marks, ...keys], [ttlSeconds, JSON.stringify(writes), marks.length]);
  return new Set(Array.isArray(answer) ? answer.map(Number) : []);
};
