import { hashTag } from '../../lib/stores/hash-tag.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import type { RedisCommand } from '../../lib/stores/writes.ts';
import { type ContentState, TRANSITIONS } from './states.ts';

/** What is known of a content. */
export interface Content {
  readonly contentId: string;
  readonly userId: string;
  readonly state: ContentState;
  readonly version: number;
  /** The code that leads to it, once there is one. */
  readonly qrId?: string;
  /** Where that code leads while it is published. */
  readonly destination?: string;
}

/** Hash tag: the content, which is the key of its records. */
export const contentKey = (contentId: string): string => `content:${hashTag(contentId)}`;

/** Contents of a user, for the erasure of their data. Hash tag: the user. */
export const contentsOfKey = (userId: string): string => `contents-of:${hashTag(userId)}`;

const STATES = Object.values(TRANSITIONS).map(({ to }) => to);

/** @returns undefined for a content nobody has spoken of */
export const readContent = async (redis: Redis, contentId: string): Promise<Content | undefined> => {
  const fields = await redis.hgetall(contentKey(contentId));
  const state = STATES.find((one) => one === fields.state);
  if (state === undefined) return undefined;
  const { userId = '', version = '0', qrId, destination } = fields;
  return {
    contentId,
    userId,
    state,
    version: Number(version),
    ...(qrId === undefined ? {} : { qrId }),
    ...(destination === undefined ? {} : { destination }),
  };
};

/** The write that keeps a content. */
export const keepContent = ({ contentId, ...fields }: Content): RedisCommand => [
  'HSET',
  contentKey(contentId),
  ...Object.entries(fields).flat(),
];
