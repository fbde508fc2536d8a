import type { Redis } from '../../lib/stores/redis.ts';

/** What lies at a key, in an order of its own where Redis has none; of a type that is not read, its name. */
export const contentOf = async (redis: Redis, key: string): Promise<unknown> => {
  const type = await redis.type(key);
  if (type === 'hash') return redis.hgetall(key);
  if (type === 'list') return redis.lrange(key, 0, -1);
  if (type === 'set') return (await redis.smembers(key)).sort();
  if (type === 'zset') return redis.zrange(key, 0, -1, 'WITHSCORES');
  if (type === 'stream') return redis.xrange(key, '-', '+');
  return type === 'string' ? (await redis.getBuffer(key))?.toString('base64') : type;
};
