import { StreamError } from '../errors.ts';
import type { RedisSettings } from '../settings.ts';
import { openRedis, type Redis } from '../stores/redis.ts';
import { redisSilent } from './unreachable.ts';

/**
 * Works with a client of its own.
 *
 * @throws TransientError REDIS_UNAVAILABLE; what `work` throws of its own
 */
export const withRedis = async <Result>(
  settings: RedisSettings,
  work: (redis: Redis) => Promise<Result>,
): Promise<Result> => {
  const redis = openRedis(settings);
  try {
    return await work(redis);
  } catch (error) {
    throw error instanceof StreamError ? error : redisSilent(settings, error);
  } finally {
    redis.disconnect();
  }
};
