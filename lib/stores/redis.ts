import { Redis } from 'ioredis';
import type { Settings } from '../settings.ts';

export type { Redis } from 'ioredis';

/**
 * A Redis client for the life of the process. Commands issued in the same turn of the event loop travel together
 * (auto-pipelining); a command that finds no server within the limits below fails, so that a caller can report a
 * transient failure instead of waiting for its own timeout.
 *
 * @param settings where Redis is; a `rediss://` address uses TLS
 */
export const openRedis = (settings: Pick<Settings, 'redisUrl'>): Redis => {
  const client = new Redis(settings.redisUrl, {
    enableAutoPipelining: true,
    connectTimeout: 2_000,
    commandTimeout: 5_000,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 2_000),
  });
  // Failures surface on the commands; without a listener ioredis would print each reconnect attempt.
  client.on('error', () => undefined);
  return client;
};
