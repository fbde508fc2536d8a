import type { RedisCommand } from './marks.ts';
import type { Redis } from './redis.ts';
import { scriptOf } from './script.ts';

/**
 * Applies what several pieces of work add together, and marks each of them done. Where one of the marks is there already
 * nothing is done, and the places of such marks are the answer.
 * KEYS the marks; ARGV[1] their seconds to live; ARGV[2] the commands as JSON, COUNT and BOUNDED among them.
 */
const TOGETHER = scriptOf(`
local call = redis.call
local marked = {}
if call('EXISTS', unpack(KEYS)) > 0 then
  for i, mark in ipairs(KEYS) do
    if call('EXISTS', mark) == 1 then marked[#marked + 1] = i - 1 end
  end
  return marked
end
for _, mark in ipairs(KEYS) do call('SET', mark, '1', 'EX', ARGV[1]) end
for _, command in ipairs(cjson.decode(ARGV[2])) do
  local name, key = command[1], command[2]
  if name == 'COUNT' then
    for i = 3, #command, 2 do call('HINCRBY', key, command[i], command[i + 1]) end
  elseif name == 'BOUNDED' then
    local limit, dimension = tonumber(command[3]), command[4]
    for i = 5, #command, 2 do
      local field = dimension .. ':' .. command[i]
      if call('HEXISTS', key, field) == 0 then
        local names = tonumber(call('HGET', key, '#' .. dimension) or 0)
        if names < limit then
          call('HSET', key, '#' .. dimension, names + 1)
        else
          field = dimension .. ':other'
        end
      end
      call('HINCRBY', key, field, command[i + 1])
    end
  else
    call(unpack(command))
  end
end
return marked`);

/** Amounts by name. */
export type Amounts = ReadonlyMap<string, number>;

/** Adds to fields of a hash. Understood by {@link commitTogether} only. */
export const count = (key: string, amounts: Amounts): RedisCommand => ['COUNT', key, ...[...amounts].flat()];

/**
 * Adds to the fields `<dimension>:<name>` of a hash that has room for so many names; what comes later is added to
 * `<dimension>:other`. For names that strangers choose. Understood by {@link commitTogether} only.
 */
export const countBounded = (key: string, limit: number, dimension: string, amounts: Amounts): RedisCommand => [
  'BOUNDED',
  key,
  limit,
  dimension,
  ...[...amounts].flat(),
];

/** Of one script: what Lua's unpack takes is some thousands. */
export const MARKS_TOGETHER = 1_000;

/**
 * Applies writes and sets the marks of everything they come from, atomically, or does neither where one of the marks is set.
 *
 * @param marks keys of the marks, each once, at most {@link MARKS_TOGETHER}, with the same hash tag
 * @param ttlSeconds how long they are remembered
 * @param writes commands on keys with that hash tag
 * @returns places in `marks` that were set already; when there are none, all is done
 */
export const commitTogether = async (
  redis: Redis,
  marks: readonly string[],
  ttlSeconds: number,
  writes: readonly RedisCommand[],
): Promise<ReadonlySet<number>> => {
  if (marks.length === 0) return new Set();
  const answer = await TOGETHER(redis, marks, [ttlSeconds, JSON.stringify(writes)]);
  return new Set(Array.isArray(answer) ? answer.map(Number) : []);
};
