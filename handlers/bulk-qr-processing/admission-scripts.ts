/**
 * The two steps of the admission window, each one Lua script. Keys: leases (sorted set: lease by its end, ms), pending
 * (list of entries), tasks (hash: lease to entry), tries (hash: lease to count), memo (string).
 * Arguments: window, lease ms, leases at most, memo seconds; then what each says.
 *
 * An entry is JSON: `[batchId, userId, from, to]` or `[batchId, userId, templateId, itemCount, "plan"]`.
 */
const COMMON = `
local leases, pending, tasks, tries, memo = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local window, leaseMs, leaseLimit, memoSeconds = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local remembered = redis.call('GET', memo)
if remembered then return remembered end
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local abandoned = {}

local function forget(lease)
  redis.call('ZREM', leases, lease)
  redis.call('HDEL', tasks, lease)
  redis.call('HDEL', tries, lease)
end

local function leaseName(entry)
  return cjson.encode({ entry[1], entry[5] and 'plan' or entry[3] })
end

local function take(lease, entry)
  redis.call('ZADD', leases, now + leaseMs, lease)
  redis.call('HSET', tasks, lease, cjson.encode(entry))
end

-- Leases that ran out: to the front of the list again, or given up.
for _, lease in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', now, 'LIMIT', 0, 20)) do
  local entry = redis.call('HGET', tasks, lease)
  redis.call('ZREM', leases, lease)
  if entry and redis.call('HINCRBY', tries, lease, 1) < leaseLimit then
    redis.call('LPUSH', pending, entry)
  else
    if entry then table.insert(abandoned, cjson.decode(entry)) end
    forget(lease)
  end
end
`;

/** Arguments: lease, entry. Answers `admitted` or `queued`. */
export const ADMIT = `${COMMON}
local lease, entry = ARGV[5], ARGV[6]
local answer = 'admitted'
if not redis.call('ZSCORE', leases, lease) then
  if redis.call('ZCARD', leases) < window and redis.call('LLEN', pending) == 0 then
    take(lease, cjson.decode(entry))
  else
    redis.call('RPUSH', pending, entry)
    answer = 'queued'
  end
end
-- Given-up tasks must not get lost here: they come back in the next settling.
for _, given in ipairs(abandoned) do
  local name = leaseName(given)
  redis.call('ZADD', leases, 0, name)
  redis.call('HSET', tasks, name, cjson.encode(given))
  redis.call('HSET', tries, name, leaseLimit)
end
redis.call('SET', memo, answer, 'EX', memoSeconds)
return answer`;

/** Arguments: lease to end (may be empty), entries to add. Answers JSON: admitted and abandoned entries. */
export const SETTLE = `${COMMON}
if ARGV[5] ~= '' then forget(ARGV[5]) end
for i = 6, #ARGV do redis.call('RPUSH', pending, ARGV[i]) end
local admitted = {}
local free = window - redis.call('ZCARD', leases)
while free > 0 do
  local text = redis.call('LPOP', pending)
  if not text then break end
  local entry = cjson.decode(text)
  if not entry[5] and entry[3] < entry[4] then
    -- The rest of the batch goes to the end: batches take turns.
    redis.call('RPUSH', pending, cjson.encode({ entry[1], entry[2], entry[3] + 1, entry[4] }))
    entry[4] = entry[3]
  end
  take(leaseName(entry), entry)
  table.insert(admitted, entry)
  free = free - 1
end
local function list(entries) return #entries == 0 and '[]' or cjson.encode(entries) end
local answer = '{"admitted":' .. list(admitted) .. ',"abandoned":' .. list(abandoned) .. '}'
redis.call('SET', memo, answer, 'EX', memoSeconds)
return answer`;
