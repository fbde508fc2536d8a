import type { Redis } from '../stores/redis.ts';

/** A repair of the cache that has begun and not ended: what is left of it is done by running it again. */
export interface CacheRepair {
  /** When it began, ISO 8601, UTC. */
  readonly begunAt: string;
  /** Replays from this time, milliseconds since 1970; undefined where it replays from a backup. */
  readonly since?: number;
  /** Id of the backup it replays from. */
  readonly backup?: string;
  /** Whether all groups are rewound, so that only the replay is left. */
  readonly isRewound: boolean;
}

const REPAIR_KEY = 'cache-repair';

/** The repair that has begun and not ended. */
export const readRepair = async (redis: Redis): Promise<CacheRepair | undefined> => {
  const { begunAt, since, backup, rewound } = await redis.hgetall(REPAIR_KEY);
  if (begunAt === undefined) return undefined;
  return {
    begunAt,
    ...(since === undefined ? {} : { since: Number(since) }),
    ...(backup === undefined ? {} : { backup }),
    isRewound: rewound === '1',
  };
};

/** Remembers a repair, in place of one that was remembered before, until it is forgotten. */
export const rememberRepair = async (
  redis: Redis,
  { begunAt, since, backup, isRewound }: CacheRepair,
): Promise<void> => {
  await redis
    .multi()
    .del(REPAIR_KEY)
    .hset(REPAIR_KEY, {
      begunAt,
      ...(since === undefined ? {} : { since }),
      ...(backup === undefined ? {} : { backup }),
      rewound: isRewound ? '1' : '0',
    })
    .exec();
};

export const forgetRepair = async (redis: Redis): Promise<void> => {
  await redis.del(REPAIR_KEY);
};
