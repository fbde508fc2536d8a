import { hashTag } from './hash-tag.ts';
import type { Redis } from './redis.ts';
import type { RedisCommand } from './writes.ts';

/** Longer ones are cut: a name stands in letters to other people. */
const NAME_LENGTH = 100;

/** What a user is called by others. Hash tag and owner: the user. */
export const userNameKey = (userId: string): string => `user-name:${hashTag(userId)}`;

export const keepUserName = (userId: string, name: string): RedisCommand => [
  'SET',
  userNameKey(userId),
  [...name].slice(0, NAME_LENGTH).join(''),
];

/** @returns names by user; the id of a user who has none */
export const readUserNames = async (redis: Redis, userIds: readonly string[]): Promise<(userId: string) => string> => {
  const names = await Promise.all(userIds.map((userId) => redis.get(userNameKey(userId))));
  const found = new Map(userIds.map((userId, i) => [userId, names[i] ?? userId]));
  return (userId) => found.get(userId) ?? userId;
};
