import type { Redis } from '../../lib/stores/redis.ts';
import type { RedisCommand } from '../../lib/stores/writes.ts';
import { teamKeys } from './keys.ts';
import { LIMITS } from './limits.ts';

/** What a feed says of an event. Texts are as typed: whoever shows them escapes them. */
export interface EntryDetails {
  /** Who did it. */
  readonly actor: string;
  /** Whom it concerns, if not everybody. */
  readonly subject?: string;
  readonly role?: string;
  readonly invitationId?: string;
  readonly commentId?: string;
  /** What it is about. */
  readonly resource?: string;
  readonly access?: string;
  readonly text?: string;
  /** Members called on. */
  readonly mentions?: readonly string[];
}

/** What was done, and when. */
export interface FeedEntry extends EntryDetails {
  /** The event's type. */
  readonly type: string;
  /** ISO 8601. */
  readonly at: string;
}

/** An entry with its place. */
export interface NumberedEntry extends FeedEntry {
  /** Entries count from 1 in the order of the events. */
  readonly number: number;
}

/** Stands in a feed for a user whose data were erased. */
export const FORMER_MEMBER = 'former-member';

/**
 * The writes that put an entry into a feed and let the oldest go. What members have not seen is the difference between two
 * numbers, so that an entry costs the same however many they are.
 *
 * @param number its number
 */
export const entryWrites = (teamId: string, number: number, entry: FeedEntry): RedisCommand[] => {
  const keys = teamKeys(teamId);
  return [
    ['HSET', keys.team, 'entries', number],
    ['HSET', keys.feed, number, JSON.stringify(entry)],
    ['HDEL', keys.feed, number - LIMITS.feedEntries],
  ];
};

/** The write by which a member has seen an entry of their own doing. */
export const ownEntrySeen = (teamId: string, userId: string): RedisCommand => [
  'HINCRBY',
  teamKeys(teamId).seen,
  userId,
  1,
];

/** The write by which a member has seen everything up to an entry. */
export const seenUpTo = (teamId: string, userId: string, number: number): RedisCommand => [
  'HSET',
  teamKeys(teamId).seen,
  userId,
  number,
];

export const forgetSeen = (teamId: string, userId: string): RedisCommand => ['HDEL', teamKeys(teamId).seen, userId];

/**
 * The newest entries of a feed, newest first.
 *
 * @param options.before only those with a smaller number: the next page
 */
export const readFeed = async (
  redis: Redis,
  teamId: string,
  { before = Number.POSITIVE_INFINITY, count = 50 }: { readonly before?: number; readonly count?: number } = {},
): Promise<NumberedEntry[]> => {
  const keys = teamKeys(teamId);
  const entries = Number((await redis.hget(keys.team, 'entries')) ?? 0);
  const newest = Math.min(entries, before - 1);
  const numbers = Array.from({ length: Math.max(0, Math.min(count, newest)) }, (_, i) => newest - i);
  if (numbers.length === 0) return [];
  const found = await redis.hmget(keys.feed, ...numbers.map(String));
  return numbers.flatMap((number, i) => {
    const json = found[i];
    return typeof json === 'string' ? [{ ...entryFrom(json), number }] : [];
  });
};

export const entryFrom = (json: string): FeedEntry => JSON.parse(json);

/** Entries each member of a team has not seen, their own left out. */
export const readUnread = async (redis: Redis, teamId: string): Promise<ReadonlyMap<string, number>> => {
  const keys = teamKeys(teamId);
  const [entries, members, seen] = await Promise.all([
    redis.hget(keys.team, 'entries'),
    redis.zrange(keys.members, 0, -1),
    redis.hgetall(keys.seen),
  ]);
  const unseen = (userId: string): number => Number(entries ?? 0) - Number(seen[userId] ?? 0);
  return new Map(members.map((userId) => [userId, Math.max(0, Math.min(unseen(userId), LIMITS.feedEntries))] as const));
};

/** KEYS: team, members, seen. ARGV: user. */
const READ_ALL = `
if not redis.call('ZSCORE', KEYS[2], ARGV[1]) then return 0 end
return redis.call('HSET', KEYS[3], ARGV[1], redis.call('HGET', KEYS[1], 'entries') or 0)`;

/** A member has looked at the feed: nothing is unread. Nothing happens for somebody who is no member. */
export const markRead = async (redis: Redis, teamId: string, userId: string): Promise<void> => {
  const { team, members, seen } = teamKeys(teamId);
  await redis.eval(READ_ALL, 3, team, members, seen, userId);
};
