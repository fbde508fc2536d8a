import { createHash } from 'node:crypto';
import type { Redis } from './redis.ts';
import { scriptOf } from './script.ts';

/** A Redis command on one key, with its arguments. */
export type RedisCommand = readonly [name: string, key: string, ...args: (string | number)[]];

/**
 * Marks what is done. Sets the mark and applies the writes, or, where the mark is there, does neither.
 * KEYS[1] the mark, KEYS[2...] the keys of the writes: a script names every key it touches, so that a cluster, and the client
 * before it, refuses keys of different slots (Redis, "Scripting with Lua", "Script parameterization").
 * ARGV[1] the mark's seconds to live; ARGV[2] the commands as JSON.
 */
const COMMIT = scriptOf(`
if not redis.call('SET', KEYS[1], '1', 'NX', 'EX', ARGV[1]) then return 0 end
for _, command in ipairs(cjson.decode(ARGV[2])) do redis.call(unpack(command)) end
return 1`);

const PLAIN_KEY = /^[\w.:@+-]{1,200}$/;

/**
 * The hash tag of a record's key: keys that carry it lie in one slot of a cluster (Redis cluster specification, "Hash
 * tags"), so that one script may touch them all. Keys with other characters than identifiers have are hashed.
 */
export const hashTag = (key: string): string =>
  `{${PLAIN_KEY.test(key) ? key : createHash('sha256').update(key).digest('base64url')}}`;

/** Key of the mark that `group` has done the work named `id`. */
export const markKey = (tag: string, group: string, id: string): string => `done:${tag}:${group}:${id}`;

/**
 * Which of several pieces of work are marked, in one round trip. Each is a list of marks with the same hash tag; one is enough.
 *
 * @throws the error of the Redis client when Redis cannot be reached
 */
export const areMarked = async (redis: Redis, marks: readonly (readonly string[])[]): Promise<boolean[]> =>
  (await Promise.all(marks.map((keys) => redis.exists(...keys)))).map((count) => count > 0);

/**
 * Sets a mark and applies writes, atomically and once.
 *
 * @param mark key of the mark
 * @param ttlSeconds how long it is remembered
 * @param writes commands on keys with the mark's hash tag
 * @returns false when the mark was there already: then nothing has been written
 */
export const commit = async (
  redis: Redis,
  mark: string,
  ttlSeconds: number,
  writes: readonly RedisCommand[] = [],
): Promise<boolean> => {
  const commands = JSON.stringify(writes.map((command) => command.map(String)));
  const keys = new Set(writes.map(([, key]) => key));
  return (await COMMIT(redis, [mark, ...keys], [ttlSeconds, commands])) === 1;
};
