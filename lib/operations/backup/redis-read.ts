import { StreamError } from '../../errors.ts';
import type { Redis } from '../../stores/redis.ts';
import type { StoredKey, StoredStream, StoredStreamGroup } from './stored-key.ts';

/**
 * Reads keys with the same hash tag in one step, as a script may have changed them in one: type, milliseconds to live, and
 * the value by its type. A value that Redis does not know is `false`, never nil, at which a list would end.
 */
const READ = `
local call = redis.call
local function named(flat)
  local found = {}
  for i = 1, #flat, 2 do found[flat[i]] = flat[i + 1] end
  return found
end
local read = {}
function read.string(key) return { call('GET', key) } end
function read.hash(key) return call('HGETALL', key) end
function read.list(key) return call('LRANGE', key, 0, -1) end
function read.set(key) return call('SMEMBERS', key) end
function read.zset(key) return call('ZRANGE', key, 0, -1, 'WITHSCORES') end
function read.stream(key)
  local groups = {}
  for i, flat in ipairs(call('XINFO', 'GROUPS', key)) do
    local group = named(flat)
    local consumers = {}
    for j, consumer in ipairs(call('XINFO', 'CONSUMERS', key, group.name)) do consumers[j] = named(consumer).name end
    local pending = {}
    if group.pending > 0 then pending = call('XPENDING', key, group.name, '-', '+', group.pending) end
    groups[i] = { group.name, group['last-delivered-id'], consumers, pending }
  end
  local lastId = named(call('XINFO', 'STREAM', key))['last-generated-id']
  return { lastId, call('XRANGE', key, '-', '+'), groups }
end
local all = {}
for i, key in ipairs(KEYS) do
  local type = call('TYPE', key).ok
  local value = {}
  if read[type] then value = read[type](key) end
  all[i] = { type, call('PTTL', key), value }
end
return all`;

const TYPES = ['string', 'hash', 'list', 'set', 'zset', 'stream'];

/**
 * @param keys with the same hash tag
 * @returns those that are still there
 * @throws StreamError REFUSED for a type that only a module of the server knows
 */
export const readKeys = async (redis: Redis, keys: readonly Buffer[]): Promise<StoredKey[]> => {
  // In a transaction of its own: where commands travel together, callBuffer forgets which it was (ioredis 5.11).
  const [[failure, answer] = []] =
    (await redis
      .multi()
      .callBuffer('eval', READ, keys.length, ...keys)
      .exec()) ?? [];
  if (failure) throw failure;
  const answers = listIn(answer);
  const now = Date.now();
  return keys.flatMap((key, i) => {
    const [typeName, ttl, value] = listIn(answers[i]);
    const type = bytesIn(typeName).toString();
    // Gone since it was listed.
    if (type === 'none') return [];
    if (!TYPES.includes(type)) throw isForeign(key, type);
    const isStream = type === 'stream';
    return [
      {
        key,
        expiresAt: Number(ttl) < 0 ? null : now + Number(ttl),
        type,
        values: isStream ? [] : listIn(value).map(bytesIn),
        stream: isStream ? streamIn(value, now) : null,
      },
    ];
  });
};

const streamIn = (value: unknown, now: number): StoredStream => {
  const [lastId, entries, groups] = listIn(value);
  return {
    lastId: bytesIn(lastId),
    entries: listIn(entries).map((entry) => {
      const [id, fields] = listIn(entry);
      return { id: bytesIn(id), fields: listIn(fields).map(bytesIn) };
    }),
    groups: listIn(groups).map((group) => groupIn(group, now)),
  };
};

const groupIn = (group: unknown, now: number): StoredStreamGroup => {
  const [name, lastDelivered, consumers, pending] = listIn(group);
  return {
    name: bytesIn(name),
    lastDelivered: bytesIn(lastDelivered),
    consumers: listIn(consumers).map(bytesIn),
    pending: listIn(pending).map((one) => {
      const [id, consumer, idle, deliveries] = listIn(one);
      return {
        id: bytesIn(id),
        consumer: bytesIn(consumer),
        deliveredAt: now - Number(idle),
        deliveries: Number(deliveries),
      };
    }),
  };
};

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const bytesIn = (value: unknown): Buffer => {
  if (Buffer.isBuffer(value)) return value;
  throw new StreamError('SERVICE_FAILED', `Redis answered with ${typeof value} where bytes were asked for.`);
};

const isForeign = (key: Buffer, type: string): StreamError =>
  new StreamError('REFUSED', `Key ${key.toString()} is of the type ${type}, which a backup cannot hold.`, {
    next: 'Leave Redis out: --without redis',
  });
