import { scriptOf } from '../stores/script.ts';
import { WRITES } from './writes-script.ts';

/**
 * The bookkeeping of one owner, and the writes that go with it, in one script: Redis runs nothing in between, but it does
 * not roll back either. So everything is decoded and checked first, then applied, then marked: there is no mark without its
 * effect, and no effect without its mark.
 *
 * KEYS  1 seen, 2 exceptions, 3-5 event ids of this half hour and the two before; then the keys of the writes.
 * ARGV  1 what to do: `check`, `apply`, `dead-letter`, `claim`, `keep`; `unless-there`: apply unless KEYS[1] is there
 *       2 seconds the owner's state is kept, 3 seconds exceptions are kept, 4 seconds event ids are
 *       remembered
 *       5 the mapping's largest batch, 6 now (milliseconds since 1970), 7 how many entries, 8 the version that the writes rest
 *       on ('' none); then for each entry
 *         field, offset, first offset of the delivery (to `claim`: 1 where no hole can be taken for an effect), start of what was delivered without a gap (to `claim`: since when it
 *         may have taken effect, milliseconds since 1970), event id ('' none), field and offset of the first record of a redriven
 *         one ('' none)
 *       then the writes, each as: kind, number of arguments, arguments (lib/stores/writes.ts).
 *
 * `seen` is a hash; its fields are source partitions, with `#name` for a named write to another owner's keys. A value is
 * the set of offsets that have taken effect, as ranges: varints of gap * 2 + (longer than one), and the length where it is.
 * Holes between ranges are closed when nothing can be delivered there any more: below the first offset of the current
 * delivery, inside what was delivered without a gap, and a largest batch behind the newest offset, because AWS does not
 * say which half of a bisected batch runs first.
 *
 * Before a record is handled, `check` reserves its event id: then a publisher's duplicate is one from the first step on, which may
 * be a write to another owner. While it is reserved, the field `~partition@life/offset` of `seen` says whose it is,
 * and for which record it stands. Who is given up or dead-lettered gives it back; from one that its group has gone past another
 * record of the event takes it over.
 *
 * The field `!` of `seen` is the version of the owner: it grows with what is written in turn. Writes that rest on another version
 * than there is are not applied: two invocations may be at one partition side by side.
 *
 * `exceptions` is a hash `field/offset`: `dead` where the record was dead-lettered, `applied` where a write to another
 * owner's keys took effect although its record failed; then also `id#name`, for its publisher's duplicates.
 */
const text = `
local call, byte, char, floor = redis.call, string.byte, string.char, math.floor
local SEEN, EXCEPTIONS = KEYS[1], KEYS[2]
local mode = ARGV[1]
local MOST_RANGES = 64

local function decode(packed)
  local ranges, at, last = {}, 1, -2
  local function varint()
    local value, unit = 0, 1
    while true do
      local one = byte(packed, at)
      at = at + 1
      if one < 128 then return value + one * unit end
      value, unit = value + (one - 128) * unit, unit * 128
    end
  end
  while at <= #packed do
    local head = varint()
    local from = last + 2 + floor(head / 2)
    local to = from
    if head % 2 == 1 then to = from + 1 + varint() end
    ranges[#ranges + 1] = { from, to }
    last = to
  end
  return ranges
end

local function encode(ranges)
  local out, last = {}, -2
  local function varint(value)
    while value >= 128 do
      out[#out + 1] = char(value % 128 + 128)
      value = floor(value / 128)
    end
    out[#out + 1] = char(value)
  end
  for _, range in ipairs(ranges) do
    local gap, extra = range[1] - last - 2, range[2] - range[1]
    varint(gap * 2 + (extra > 0 and 1 or 0))
    if extra > 0 then varint(extra - 1) end
    last = range[2]
  end
  return table.concat(out)
end

local function contains(ranges, offset)
  for i = #ranges, 1, -1 do
    if offset >= ranges[i][1] then return offset <= ranges[i][2] end
  end
  return false
end

local function insert(ranges, offset)
  local i = #ranges
  while i > 0 and ranges[i][1] > offset do i = i - 1 end
  if i > 0 and offset <= ranges[i][2] then return end
  local before, after = i > 0 and ranges[i], ranges[i + 1]
  local joinsBefore = before and before[2] == offset - 1
  local joinsAfter = after and after[1] == offset + 1
  if joinsBefore and joinsAfter then
    before[2] = after[2]
    table.remove(ranges, i + 1)
  elseif joinsBefore then before[2] = offset
  elseif joinsAfter then after[1] = offset
  else table.insert(ranges, i + 1, { offset, offset }) end
end

local function compact(ranges, limit, start)
  local i = 1
  while i < #ranges do
    local hole = ranges[i][2] + 1
    if hole >= start and ranges[i + 1][1] - 1 <= limit then
      ranges[i][2] = ranges[i + 1][2]
      table.remove(ranges, i + 1)
    else i = i + 1 end
  end
  while #ranges > MOST_RANGES do
    local best, size
    for j = 1, #ranges - 1 do
      local hole = ranges[j + 1][1] - ranges[j][2]
      if ranges[j + 1][1] - 1 <= limit and (not size or hole < size) then best, size = j, hole end
    end
    if not best then return end
    ranges[best][2] = ranges[best + 1][2]
    table.remove(ranges, best + 1)
  end
end

local states = {}
local function rangesOf(field)
  if not states[field] then states[field] = decode(call('HGET', SEEN, field) or '') end
  return states[field]
end

local function text(number) return string.format('%.0f', number) end
local function exceptionKey(field, offset) return field .. '/' .. text(offset) end
local entries, at = {}, 9
local function versionNow() return call('HGET', SEEN, '!') or '0' end
for i = 1, tonumber(ARGV[7]) do
  entries[i] = {
    field = ARGV[at], offset = tonumber(ARGV[at + 1]), first = tonumber(ARGV[at + 2]), start = tonumber(ARGV[at + 3]),
    id = ARGV[at + 4], partition = string.match(ARGV[at], '^%d+'), life = string.match(ARGV[at], '^%d+(@?%d*)'), name = string.match(ARGV[at], '#.+'), origin = ARGV[at + 5], originOffset = tonumber(ARGV[at + 6]) }
  at = at + 7
end

local function exceptionOf(field, offset) return call('HGET', EXCEPTIONS, exceptionKey(field, offset)) end
local function setException(field, offset, what)
  call('HSET', EXCEPTIONS, exceptionKey(field, offset), what)
  call('EXPIRE', EXCEPTIONS, ARGV[3])
end
local hasExceptions = call('EXISTS', EXCEPTIONS) == 1
local hasIds
local function isRemembered(id)
  if not hasIds then
    hasIds = {}
    for i = 3, 5 do if call('EXISTS', KEYS[i]) == 1 then hasIds[#hasIds + 1] = KEYS[i] end end
  end
  for _, key in ipairs(hasIds) do if call('SISMEMBER', key, id) == 1 then return true end end
  return false
end

-- Reservations.
local function placeOf(entry) return '~' .. entry.partition .. entry.life .. '/' .. text(entry.offset) end
-- An id, and for which record it was reserved.
local function reservation(value) return string.match(value, '^(%S+) ?(%d*)$') end
local function reservedBy(entry) return reservation(call('HGET', SEEN, placeOf(entry)) or '') end
local function reserve(entry, standsFor)
  call('SADD', KEYS[3], entry.id)
  call('EXPIRE', KEYS[3], ARGV[4])
  call('HSET', SEEN, placeOf(entry), entry.id .. (standsFor and ' ' .. standsFor or ''))
  call('EXPIRE', SEEN, ARGV[2])
  hasIds = nil
end
-- The record that has reserved an id: its field, partition, life and offset, and for which record it stands.
local function holderOf(id)
  local fields = call('HGETALL', SEEN)
  for i = 1, #fields, 2 do
    local partition, life, offset = string.match(fields[i], '^~(%d+)(@?%d*)/(%d+)$')
    if partition then
      local reserved, standsFor = reservation(fields[i + 1])
      if reserved == id then
        return {
          field = fields[i], partition = partition, life = life, offset = tonumber(offset), standsFor = standsFor }
      end
    end
  end
end
local function giveBack(entry, id)
  call('HDEL', SEEN, placeOf(entry))
  for i = 3, 5 do call('SREM', KEYS[i], id) end
end

-- 'open', 'applied', 'dead', or 'repeat': another record of the same event has taken effect, or is about to.
local function statusOf(entry)
  local exception = hasExceptions and exceptionOf(entry.field, entry.offset)
  if exception == 'dead' then return 'dead' end
  if exception == 'applied' or contains(rangesOf(entry.field), entry.offset) then return 'applied' end
  if entry.origin ~= '' then
    local first = hasExceptions and exceptionOf(entry.origin, entry.originOffset)
    if first == 'applied' then return 'repeat' end
    if not entry.name and not first and contains(rangesOf(entry.origin), entry.originOffset) then return 'repeat' end
  end
  if entry.id == '' then return 'open' end
  local isRepeat
  if entry.name then isRepeat = hasExceptions and call('HGET', EXCEPTIONS, entry.id .. entry.name)
  else isRepeat = isRemembered(entry.id) and reservedBy(entry) ~= entry.id end
  if not isRepeat then return 'open' end
  if entry.name then return 'repeat' end
  local holder = holderOf(entry.id)
  if not holder then return 'repeat' end
  -- Of one in another partition nobody knows whether it is still to come: the first of both to take effect does.
  if holder.partition ~= entry.partition then
    entry.rival = holder.field
    return 'open'
  end
  return 'reserved', holder
end

local changed = {}
local function mark(entry, isRepeat)
  local ranges = rangesOf(entry.field)
  insert(ranges, entry.offset)
  local newest = ranges[#ranges][2]
  compact(ranges, math.min(entry.first - 1, newest - tonumber(ARGV[5])), entry.start)
  changed[entry.field] = true
  if entry.origin ~= '' and hasExceptions and exceptionOf(entry.origin, entry.originOffset) == 'dead'
    and not (isRepeat and entry.id ~= '' and holderOf(entry.id)) then
    insert(rangesOf(entry.origin), entry.originOffset)
    changed[entry.origin] = true
    call('HDEL', EXCEPTIONS, exceptionKey(entry.origin, entry.originOffset))
  end
end
local function save()
  local any = false
  for field in pairs(changed) do
    call('HSET', SEEN, field, encode(states[field]))
    any = true
  end
  if any then call('EXPIRE', SEEN, ARGV[2]) end
end

if mode == 'check' then
  local found = {}
  for i, entry in ipairs(entries) do
    local status, holder = statusOf(entry)
    local isOfOtherLife = holder and holder.life ~= entry.life
    if holder and (isOfOtherLife or holder.offset < entry.first) then
      -- Its group has gone past that one. Where it did so by a gap, a loss in the cache or a reset, what that one wrote to other
      -- owners is known there under its offset. Not so of a topic that was made again: it may be this record, too, that reserved
      -- it while nobody knew that.
      local standsFor = not isOfOtherLife and holder.standsFor or ''
      if standsFor == '' and not isOfOtherLife and holder.offset < entry.start then standsFor = text(holder.offset) end
      call('HDEL', SEEN, holder.field)
      reserve(entry, standsFor ~= '' and standsFor)
      status = 'open'
    elseif status == 'open' and entry.id ~= '' and not isRemembered(entry.id) then reserve(entry) end
    if status == 'open' and entry.id ~= '' then
      local _, standsFor = reservedBy(entry)
      if standsFor and standsFor ~= '' then status = 'open ' .. standsFor end
    end
    found[i] = status
  end
  found[#found + 1] = versionNow()
  return found
end

if mode == 'dead-letter' then
  for _, entry in ipairs(entries) do
    local id = reservedBy(entry)
    if id then giveBack(entry, id) end
    if id or statusOf(entry) ~= 'applied' then setException(entry.field, entry.offset, 'dead') end
  end
  return { 'OK' }
end

if mode == 'keep' then
  for _, entry in ipairs(entries) do
    if contains(rangesOf(entry.field), entry.offset) then
      setException(entry.field, entry.offset, 'applied')
      if entry.id ~= '' then call('HSET', EXCEPTIONS, entry.id .. entry.name, 'applied') end
    end
  end
  return { 'OK' }
end

-- A record that Lambda gave up, or that is about to be redriven: whether it has taken effect is decided once and for all.
if mode == 'claim' then
  local entry = entries[1]
  local status, reserved = statusOf(entry), reservedBy(entry)
  if status == 'dead' then return { status } end
  if reserved and (entry.id == '' or reserved == entry.id) then
    -- It was begun and never took effect.
    giveBack(entry, reserved)
    setException(entry.field, entry.offset, 'dead')
    return { 'open' }
  end
  if status == 'repeat' or status == 'reserved' then return { 'repeat' } end
  if status == 'applied' and (entry.first == 1 or entry.id ~= '' and isRemembered(entry.id)) then return { 'applied' } end
  setException(entry.field, entry.offset, 'dead')
  -- In a hole that was closed since; what took effect lately would be remembered by its event id.
  if status == 'open' then return { 'open' } end
  local isLate = entry.start <= tonumber(ARGV[6]) - tonumber(ARGV[4]) * 1000
  return { isLate and 'unknown' or 'open' }
end

if mode == 'unless-there' and call('EXISTS', SEEN) == 1 then return { 'settled' } end

local settled, own = {}, {}
for i, entry in ipairs(entries) do
  local status = statusOf(entry)
  -- Two records of one event in one call: neither is marked yet, and the first one counts.
  local event = entry.id .. (entry.name or '')
  if status == 'open' and entry.id ~= '' and own[event] then status = 'repeat' end
  if status == 'open' then own[event] = true else settled[#settled + 1] = i - 1 end
  if status == 'repeat' or status == 'reserved' then mark(entry, true) end
end
if #settled > 0 then
  save()
  return { 'settled', unpack(settled) }
end

if ARGV[8] ~= '' and versionNow() ~= ARGV[8] then return { 'conflict', versionNow() } end

-- Nothing has been written yet.
${WRITES}
local hasWrites = ARGV[at] ~= nil
local refusal = checkWrites(at)
if refusal then return { 'refused', refusal } end
applyWrites()

-- Mark.
for _, entry in ipairs(entries) do
  mark(entry)
  if entry.id ~= '' and not entry.name then
    -- Anew: it is remembered for an hour from now.
    call('SADD', KEYS[3], entry.id)
    call('EXPIRE', KEYS[3], ARGV[4])
    call('HDEL', SEEN, placeOf(entry))
    if entry.rival then call('HDEL', SEEN, entry.rival) end
  end
end
if ARGV[8] ~= '' and hasWrites then
  call('HINCRBY', SEEN, '!', 1)
  if #entries == 0 then call('EXPIRE', SEEN, ARGV[2]) end
end
save()
return { 'applied', mode == 'apply' and versionNow() or '' }`;

export const ownerScript = scriptOf(text);
