import { createHash } from 'node:crypto';
import type { Channel } from '../../lib/catalog/index.ts';
import { hashTag } from '../../lib/stores/hash-tag.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import type { RedisCommand } from '../../lib/stores/writes.ts';

/** A user, a channel and a key are told once in so long. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1_000;

/** A sorted set: what the user has been told, by when. One key, so that erasing a user finds all of it. */
export const toldKey = (userId: string): string => `notify:${hashTag(userId)}:told`;

/**
 * The id of a message: the same for the same user, channel and key, however often it is sent. Webhooks carry it, so that
 * their receivers recognise a repeat.
 */
export const messageId = (userId: string, channel: Channel, dedupeKey: string): string =>
  `msg_${createHash('sha256').update([userId, channel, dedupeKey].join('\0')).digest('base64url').slice(0, 27)}`;

/** @param now milliseconds since 1970 */
export const isTold = async (redis: Redis, userId: string, id: string, now: number): Promise<boolean> => {
  const at = await redis.zscore(toldKey(userId), id);
  return at !== null && Number(at) > now - KEPT_MS;
};

/** The writes that mark a message as told, and forget old ones. @param now milliseconds since 1970 */
export const tell = (userId: string, id: string, now: number): readonly RedisCommand[] => [
  ['ZADD', toldKey(userId), now, id],
  ['ZREMRANGEBYSCORE', toldKey(userId), '-inf', now - KEPT_MS],
  ['EXPIRE', toldKey(userId), KEPT_MS / 1_000],
];
