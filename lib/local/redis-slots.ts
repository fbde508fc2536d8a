import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { messageOf, StreamError } from '../errors.ts';
import type { RedisSettings } from '../settings.ts';

/** Redis cluster specification, "Key distribution model". */
const SLOTS = 16_384;
const WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 50;

/**
 * Gives a lone cluster node all slots, and waits until it works with them; a server that is no cluster needs nothing.
 *
 * @throws StreamError SERVICE_FAILED when it does not come to that
 */
export const takeSlots = async ({ redisUrl, redisMode }: RedisSettings): Promise<void> => {
  if (redisMode !== 'cluster') return;
  const redis = new Redis(redisUrl);
  redis.on('error', () => undefined);
  try {
    const known = stateIn(await redis.cluster('INFO'));
    if (known.assigned < SLOTS) await redis.cluster('ADDSLOTS', ...Array.from({ length: SLOTS }, (_, i) => i));
    for (const end = Date.now() + WITHIN_MS; !stateIn(await redis.cluster('INFO')).isOk; await delay(LOOK_EVERY_MS)) {
      if (Date.now() > end) throw new Error('the cluster stays down');
    }
  } catch (error) {
    throw new StreamError('SERVICE_FAILED', `Redis does not work as a cluster: ${messageOf(error)}`, {
      next: 'Its log tells why: ./stream-manager.sh logs redis',
      cause: error,
    });
  } finally {
    redis.disconnect();
  }
};

const stateIn = (info: string): { readonly assigned: number; readonly isOk: boolean } => ({
  assigned: Number(/cluster_slots_assigned:(\d+)/.exec(info)?.[1] ?? 0),
  isOk: info.includes('cluster_state:ok'),
});
