import type { Redis } from '../../lib/stores/redis.ts';

/** What lies at a key, in an order of its own where Redis has none; of a type that is not read, its name. */
export const contentOf = async (redis: Redis, key: string): Promise<unknown> => {
  const type = await redis.type(key);
  if (type === 'hash') return redis.hgetall(key);
  if (type === 'list') return redis.lrange(key, 0, -1);
  if (type === 'set') return (await redis.smembers(key)).sort();
  if (type === 'zset') return redis.zrange(key, 0, -1, 'WITHSCORES');
  if (type === 'stream') return redis.xrange(key, '-', '+');
  if (type !== 'string') return type;
  const bytes = await redis.getBuffer(key);
  // Redis caches the count of a HyperLogLog in it.
  return bytes?.subarray(0, 4).toString() === 'HYLL' ? redis.pfcount(key) : bytes?.toString('base64');
};
