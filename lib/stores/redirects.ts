import { hashTag } from './hash-tag.ts';
import type { Redis } from './redis.ts';
import type { RedisCommand } from './writes.ts';

/**
 * Where a scan of a code leads: what the redirect service reads for every scan. Content publishing sets the destination;
 * a shop sets a fallback over it while a product is sold out.
 */
export interface Redirect {
  /** URL, or `page:KEY` for a landing page in object storage. */
  readonly destination: string;
  readonly by: 'content' | 'fallback';
}

/** Hash tag and owner: the code. */
export const redirectKey = (qrId: string): string => `redirect:${hashTag(qrId)}`;

export const setDestination = (qrId: string, destination: string): RedisCommand => [
  'HSET',
  redirectKey(qrId),
  'content',
  destination,
];
export const clearDestination = (qrId: string): RedisCommand => ['HDEL', redirectKey(qrId), 'content'];
export const setFallback = (qrId: string, destination: string): RedisCommand => [
  'HSET',
  redirectKey(qrId),
  'fallback',
  destination,
];
export const clearFallback = (qrId: string): RedisCommand => ['HDEL', redirectKey(qrId), 'fallback'];

/** @returns undefined while the code leads nowhere */
export const resolveRedirect = async (redis: Redis, qrId: string): Promise<Redirect | undefined> => {
  const [fallback, content] = await redis.hmget(redirectKey(qrId), 'fallback', 'content');
  if (typeof fallback === 'string') return { destination: fallback, by: 'fallback' };
  return typeof content === 'string' ? { destination: content, by: 'content' } : undefined;
};
