import type { Redis } from '../stores/redis.ts';

/** A partition of which the cache knows less than was told to it: its newest writes, and those of others, are lost. */
export interface CacheLoss {
  readonly topic: string;
  readonly partition: number;
  /** The last offset the cache knows to have been delivered. */
  readonly known: number;
  /** The last offset that was delivered. */
  readonly delivered: number;
  /** When it was noticed, ISO 8601, UTC. */
  readonly at: string;
}

/** Hash of the losses that no repair has mended yet, by `topic/partition`. */
const LOSSES_KEY = 'cache-losses';

const fieldOf = ({ topic, partition }: CacheLoss): string => `${topic}/${partition}`;

/** Remembers a loss until a repair has mended it; of a partition the first one. */
export const reportLoss = async (redis: Redis, loss: CacheLoss): Promise<void> => {
  await redis.hsetnx(LOSSES_KEY, fieldOf(loss), JSON.stringify(loss));
};

const isLoss = (value: unknown): value is CacheLoss =>
  typeof value === 'object' && value !== null && 'topic' in value && 'known' in value && 'at' in value;

/** Losses that no repair has mended yet. */
export const readLosses = async (redis: Redis): Promise<readonly CacheLoss[]> =>
  Object.values(await redis.hgetall(LOSSES_KEY)).flatMap((text) => {
    const value: unknown = JSON.parse(text);
    return isLoss(value) ? [value] : [];
  });

/** Forgets the losses that a repair has mended. */
export const forgetLosses = async (redis: Redis, isMended: (loss: CacheLoss) => boolean): Promise<void> => {
  const mended = (await readLosses(redis)).filter(isMended);
  if (mended.length > 0) await redis.hdel(LOSSES_KEY, ...mended.map(fieldOf));
};
