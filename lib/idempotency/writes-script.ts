import { COMMANDS, ZADD_OPTIONS } from '../stores/writes.ts';

/**
 * The part of the script that does the writes (lib/stores/writes.ts): `checkWrites(at)` looks at all of them, from place `at` of
 * ARGV, and answers in Redis's words why they would be refused, or nothing; `applyWrites()` does them. Redis does not roll back
 * a script that fails half-way, so what is checked is at least as strict as Redis; what it may not foresee it refuses.
 *
 * Counting writes come first, whatever their place; then the commands in their order. A command that depends on what lies at its
 * key is checked against what will lie there by then (`view`).
 */
const text = `
local RULES = RULES_OF_COMMANDS
local ZADD_OPTIONS = OPTIONS_OF_ZADD
local WRONGTYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value'
local OVERFLOW = 'ERR increment or decrement would overflow'
local LARGEST = 9007199254740992

-- As Redis reads integers (string2ll): no plus, no space, no leading zero, no -0.
local function integer(value)
  if value == '0' then return 0 end
  local number = value and string.find(value, '^-?[1-9]%d*$') and tonumber(value)
  if number and math.abs(number) < LARGEST then return number end
end
-- A decimal number, neither infinite nor so small that it is 0.
local function score(value)
  local number = string.find(value, '^-?[.%d][-+.%deE]*$') and tonumber(value)
  if number and math.abs(number) < math.huge and (number ~= 0 or not string.find(value, '[1-9]')) then return number end
end
local NOT_INTEGER = 'ERR value is not an integer or out of range'
local ARGUMENTS = {
  integer = { integer, NOT_INTEGER },
  lifetime = { function(value) return (integer(value) or 0) > 0 end, 'ERR invalid expire time' },
  score = { score, 'ERR value is not a valid float' },
  bound = {
    function(value) return value == '-inf' or value == '+inf' or score(string.gsub(value, '^%(', '')) end,
    'ERR min or max is not a float' },
  EX = { function(value) return value == 'EX' end, 'ERR syntax error' },
}

-- What a key will hold once the writes before are done, as far as it was asked for: false where there is nothing.
local views = {}
local function viewOf(key)
  if not views[key] then
    local kind = call('TYPE', key).ok
    views[key] = { key = key, kind = kind, isNew = kind == 'none', values = {} }
  end
  return views[key]
end
local function load(view, fields)
  local missing = {}
  for _, field in ipairs(fields) do
    if view.values[field] == nil then
      if view.isNew then view.values[field] = false else missing[#missing + 1] = field end
    end
  end
  for from = 1, #missing, 2000 do
    local to = math.min(from + 1999, #missing)
    local found = view.kind == 'hash' and call('HMGET', view.key, unpack(missing, from, to)) or { call('GET', view.key) }
    for i = from, to do view.values[missing[i]] = found[i - from + 1] end
  end
end
-- Adds to the value of a field that is loaded; that of a string is ''. Answers why it cannot.
local function increase(view, field, amount)
  local by = integer(amount)
  if not by then return NOT_INTEGER end
  local value = view.values[field]
  local present = type(value) == 'number' and value or integer(value or '0')
  if not present then
    -- A number that is full may be one of 64 bits: it is no less right to say so.
    local isLarge = string.find(value, '^-?[1-9]%d+$')
    return isLarge and OVERFLOW or view.kind == 'hash' and 'ERR hash value is not an integer' or NOT_INTEGER
  end
  if math.abs(present + by) >= LARGEST then return OVERFLOW end
  view.values[field] = present + by
end

local counted, distinct, commands = {}, {}, {}

-- The hashes that a write counts in, each with its expiry, and where its arguments go on.
local function targetsIn(from, kind, failureOf)
  local number, targets = tonumber(ARGV[from]), {}
  for i = 1, number do
    local view, expiry = viewOf(ARGV[from + 2 * i - 1]), ARGV[from + 2 * i]
    if not integer(expiry) then return nil, nil, NOT_INTEGER end
    local failure = view.kind ~= 'none' and view.kind ~= kind and WRONGTYPE or failureOf and failureOf(view)
    if failure then return nil, nil, failure end
    view.kind = kind
    targets[i] = { view = view, expiry = expiry }
  end
  return targets, from + 2 * number + 1
end
local function countIn(target, field, amount)
  local view = target.view
  if not view.dirty then
    view.dirty = {}
    counted[#counted + 1] = { view = view, expiry = view.isNew and target.expiry }
  end
  view.dirty[field] = true
  return increase(view, field, amount)
end

local counting = {}
counting['count'] = function(from, to)
  local targets, first, failure = targetsIn(from, 'hash')
  if failure then return failure end
  local fields = {}
  for i = first, to, 2 do fields[#fields + 1] = ARGV[i] end
  for _, target in ipairs(targets) do
    load(target.view, fields)
    for i = first, to, 2 do failure = failure or countIn(target, ARGV[i], i < to and ARGV[i + 1]) end
    if failure then return failure end
  end
end
counting['count-bounded'] = function(from, to)
  local targets, first, failure = targetsIn(from, 'hash')
  if failure then return failure end
  local limit, dimension = tonumber(ARGV[first]), ARGV[first + 1]
  local total, other = '#' .. dimension, dimension .. ':other'
  local fields = { total, other }
  for i = first + 2, to, 2 do fields[#fields + 1] = dimension .. ':' .. ARGV[i] end
  for _, target in ipairs(targets) do
    load(target.view, fields)
    local values = target.view.values
    for i = first + 2, to, 2 do
      local field = dimension .. ':' .. ARGV[i]
      if not values[field] or tonumber(values[field]) == 0 then
        if (tonumber(values[total] or 0) or 0) < limit then failure = countIn(target, total, '1') else field = other end
      end
      failure = failure or countIn(target, field, i < to and ARGV[i + 1])
      if failure then return failure end
    end
  end
end
-- A dense HyperLogLog is whole when it has its length (Redis, hyperloglog.c). Of another one PFCOUNT says what is wrong, if it is
-- given twice: of one key it may answer what it answered before, and PFADD would find it.
local DENSE, DENSE_LENGTH = 'HYLL' .. char(0), 12304
local function isDense(key) return call('GETRANGE', key, 0, 4) == DENSE and call('STRLEN', key) == DENSE_LENGTH end
local function damage(view)
  if view.kind == 'none' or view.isDistinct then return end
  view.isDistinct = true
  local answer = not isDense(view.key) and redis.pcall('PFCOUNT', view.key, view.key)
  return type(answer) == 'table' and answer.err
end
counting['count-distinct'] = function(from, to)
  local targets, first, failure = targetsIn(from, 'string', damage)
  if failure then return failure end
  for _, target in ipairs(targets) do
    distinct[#distinct + 1] = { target.view.key, target.view.isNew and target.expiry, first, to }
    target.view.values[''] = 'no number'
  end
end

-- What commands change of what later ones depend on.
local changes = {}
changes['DEL'] = function(view) views[view.key] = { key = view.key, kind = 'none', isNew = true, values = {} } end
changes['SET'] = function(view, first)
  views[view.key] = { key = view.key, kind = 'string', isNew = true, values = { [''] = ARGV[first] } }
end
local function add(view, field, amount)
  load(view, { field })
  return increase(view, field, amount)
end
changes['INCR'] = function(view) return add(view, '', '1') end
changes['INCRBY'] = function(view, first) return add(view, '', ARGV[first]) end
changes['HINCRBY'] = function(view, first) return add(view, ARGV[first], ARGV[first + 1]) end
changes['HSET'] = function(view, first, to) for i = first, to, 2 do view.values[ARGV[i]] = ARGV[i + 1] end end
changes['HDEL'] = function(view, first, to) for i = first, to do view.values[ARGV[i]] = false end end
changes['HSETNX'] = function(view, first)
  load(view, { ARGV[first] })
  view.values[ARGV[first]] = view.values[ARGV[first]] or ARGV[first + 1]
end

local function misfit(name, rule, first, to)
  if name == 'ZADD' and ZADD_OPTIONS[ARGV[first]] then first = first + 1 end
  local number, takes = math.max(0, to - first + 1), #rule.takes
  local fits = number == takes or rule.may and number == takes + #rule.may
    or rule.repeats and number > 0 and number % takes == 0
  if not fits then return "ERR wrong number of arguments for '" .. string.lower(name) .. "' command" end
  for i = 0, number - 1 do
    local what = rule.repeats and rule.takes[i % takes + 1] or rule.takes[i + 1] or rule.may[i - takes + 1]
    local check = ARGUMENTS[what]
    if check and not check[1](ARGV[first + i]) then return check[2] end
  end
end
local function checkCommand(from, to)
  local name, key = ARGV[from], ARGV[from + 1]
  local rule = RULES[name]
  if not rule then return 'ERR unknown command ' .. name end
  local failure = misfit(name, rule, from + 2, to)
  if failure then return failure end
  local view = viewOf(key)
  if view.kind ~= 'none' and rule.type ~= 'any' and view.kind ~= rule.type then return WRONGTYPE end
  if rule.type ~= 'any' then view.kind = rule.type end
  failure = changes[name] and changes[name](view, from + 2, to)
  commands[#commands + 1] = { from, to }
  return failure
end

local function checkWrites(at)
  local others = {}
  while ARGV[at] do
    local kind, from, to = ARGV[at], at + 2, at + 1 + tonumber(ARGV[at + 1])
    local failure
    if counting[kind] then failure = counting[kind](from, to) else others[#others + 1] = { from, to } end
    if failure then return failure end
    at = to + 1
  end
  for _, one in ipairs(counted) do
    one.values = {}
    for field in pairs(one.view.dirty) do
      one.values[#one.values + 1] = field
      one.values[#one.values + 1] = string.format('%.0f', one.view.values[field])
    end
  end
  for _, other in ipairs(others) do
    local failure = checkCommand(other[1], other[2])
    if failure then return failure end
  end
end

-- None of this can fail any more, but for want of memory, which Redis says before the first write only.
local function applyWrites()
  for _, one in ipairs(counted) do
    local values = one.values
    for from = 1, #values, 2000 do call('HSET', one.view.key, unpack(values, from, math.min(from + 1999, #values))) end
    if one.expiry and #values > 0 then call('EXPIREAT', one.view.key, one.expiry) end
  end
  for _, one in ipairs(distinct) do
    for from = one[3], one[4], 2000 do call('PFADD', one[1], unpack(ARGV, from, math.min(from + 1999, one[4]))) end
    if one[2] then call('EXPIREAT', one[1], one[2]) end
  end
  for _, command in ipairs(commands) do call(unpack(ARGV, command[1], command[2])) end
end
`;

/** What TypeScript knows as Lua knows it, so that there is only one. */
const luaOf = (value: unknown): string => {
  if (Array.isArray(value)) return `{ ${value.map(luaOf).join(', ')} }`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value).flatMap(([name, one]) => (one === undefined ? [] : [`${name} = ${luaOf(one)}`]))} }`;
};

const zaddOptions = Object.fromEntries(ZADD_OPTIONS.map((option) => [option, true]));

/** See above. Of the script around it, it needs `call`. */
export const WRITES = text.replace('RULES_OF_COMMANDS', luaOf(COMMANDS)).replace('OPTIONS_OF_ZADD', luaOf(zaddOptions));
