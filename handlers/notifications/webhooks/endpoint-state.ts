import { createHash } from 'node:crypto';
import { hashTag } from '../../../lib/stores/hash-tag.ts';
import type { Redis } from '../../../lib/stores/redis.ts';
import type { RedisCommand } from '../../../lib/stores/writes.ts';

/** Deliveries that fail in a row, each after a longer wait, before an endpoint is paused: three quarters of an hour. */
export const FAILURES_TO_PAUSE = 10;

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60 * 60 * 1_000;

/** What is known of an endpoint that is not simply well. */
export interface Endpoint {
  readonly failures: number;
  /** Not tried before; milliseconds since 1970. */
  readonly retryAt: number;
  /** ISO 8601; set while it is paused. */
  readonly pausedAt: string | undefined;
  /** Why it is paused, in a few words. */
  readonly pausedFor: string;
  /** Whether its owner has been told of the pause. */
  readonly isTold: boolean;
}

/** A hash with the fields of each endpoint of a user. Hash tag: the user. */
export const endpointsKey = (userId: string): string => `notify:${hashTag(userId)}:endpoints`;

/** Short name of an endpoint; its address may hold a secret. */
export const endpointName = (url: string): string => createHash('sha256').update(url).digest('base64url').slice(0, 16);

const FIELDS = ['failures', 'retryAt', 'pausedAt', 'pausedFor', 'told'] as const;

const fieldsOf = (url: string): string[] => FIELDS.map((field) => fieldOf(url, field));
const fieldOf = (url: string, field: (typeof FIELDS)[number]): string => `${endpointName(url)}:${field}`;

export const readEndpoint = async (redis: Redis, userId: string, url: string): Promise<Endpoint> => {
  const [failures, retryAt, pausedAt, pausedFor, told] = await redis.hmget(endpointsKey(userId), ...fieldsOf(url));
  return {
    failures: Number(failures ?? 0),
    retryAt: Number(retryAt ?? 0),
    pausedAt: pausedAt ?? undefined,
    pausedFor: pausedFor ?? '',
    isTold: told === '1',
  };
};

/**
 * The three that follow are written at once and not with the effect of the event: they tell what an endpoint did, and that
 * stays true when the event is a dead letter or is delivered again.
 */

/** It has taken a message: whatever was, is forgotten. */
export const endpointIsWell = async (redis: Redis, userId: string, url: string): Promise<void> => {
  await redis.hdel(endpointsKey(userId), ...fieldsOf(url));
};

/** It is not to be tried before a time, milliseconds since 1970. */
export const endpointWaits = async (redis: Redis, userId: string, url: string, retryAt: number): Promise<void> => {
  await redis.hset(endpointsKey(userId), fieldOf(url, 'retryAt'), retryAt);
};

/** A failure of an endpoint. */
export interface Failure {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** In a few words, of no language. */
  readonly reason: string;
  /** Milliseconds it has asked for. */
  readonly wait?: number | undefined;
  /** It says that it is gone for good: paused at once. */
  readonly isGone?: boolean;
}

/** It has failed. @returns what is known of it by now */
export const endpointFailed = async (
  redis: Redis,
  userId: string,
  url: string,
  { now, reason, wait = 0, isGone = false }: Failure,
): Promise<Endpoint> => {
  const key = endpointsKey(userId);
  const failures = await redis.hincrby(key, fieldOf(url, 'failures'), 1);
  const growing = Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS);
  await endpointWaits(redis, userId, url, now + Math.max(growing, wait));
  if (failures >= FAILURES_TO_PAUSE || isGone) {
    await redis.hsetnx(key, fieldOf(url, 'pausedFor'), `${reason} × ${failures}`);
    await redis.hsetnx(key, fieldOf(url, 'pausedAt'), new Date(now).toISOString());
  }
  return readEndpoint(redis, userId, url);
};

/** The write that remembers that the owner was told of a pause. */
export const pauseTold = (userId: string, url: string): RedisCommand => [
  'HSET',
  endpointsKey(userId),
  fieldOf(url, 'told'),
  1,
];

/** The writes that forget what is known of a user's endpoints. */
export const resumeEndpoints = (userId: string): readonly RedisCommand[] => [['DEL', endpointsKey(userId)]];
