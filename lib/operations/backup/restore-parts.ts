import type { Settings } from '../../settings.ts';
import { sideBySide } from '../../side-by-side.ts';
import { openObjects } from '../../stores/objects.ts';
import { openRedis, type Redis } from '../../stores/redis.ts';
import { withAdmin } from '../cluster.ts';
import { MOVED_BY_HAND } from '../offsets.ts';
import { type Commit, commitFor } from './commit.ts';
import { fill } from './fill.ts';
import type { IdMap } from './frames.ts';
import type { Manifest } from './manifest.ts';
import { restoreObjects } from './objects-copy.ts';
import type { Place } from './place.ts';
import type { OnProgress } from './progress.ts';
import { keysOf, RESTORED_PREFIX, restoreRedis } from './redis-copy.ts';
import { BEGUN, DONE, type TopicPlan } from './restore-plan.ts';
import type { StoredPiece } from './segment.ts';
import type { StoredKey } from './stored-key.ts';
import { reframedKey, reframedPiece } from './waiting-frames.ts';

export interface RestorePlan {
  readonly topics: readonly TopicPlan[];
  /**
   * What is to be done with Redis and the bucket; `done` when this backup was put there already, `again` when a restore of it
   * was interrupted.
   */
  readonly redis: 'fill' | 'again' | 'done' | 'occupied' | 'not wanted';
  readonly objects: 'fill' | 'done' | 'not wanted';
}

/** Months after which nobody restores the same backup again. */
const REMEMBERED_SECONDS = 90 * 24 * 60 * 60;
const PARTITIONS_AT_ONCE = 8;

/** The key that remembers what of a backup is in Redis and in the bucket. */
export const markerOf = ({ id }: Manifest): string => `${RESTORED_PREFIX}${id}`;

/** Remembers that a part of the backup is whole here. */
const markDone = async (redis: Redis, manifest: Manifest, part: 'redis' | 'objects'): Promise<void> => {
  await redis.hset(markerOf(manifest), part, DONE);
  await redis.expire(markerOf(manifest), REMEMBERED_SECONDS);
};

/** The field that says that a restore was done to its end. */
export const WHOLE = 'whole';

/** Remembers that all of the backup is here. */
export const markWhole = async (settings: Settings, manifest: Manifest): Promise<void> => {
  const redis = openRedis(settings);
  try {
    await redis.hset(markerOf(manifest), WHOLE, DONE);
    await redis.expire(markerOf(manifest), REMEMBERED_SECONDS);
  } finally {
    redis.disconnect();
  }
};

/** @returns how many keys were put back */
export const putRedis = async (
  settings: Settings,
  place: Place,
  manifest: Manifest,
  plan: RestorePlan,
  ids: IdMap,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<number> => {
  if (plan.redis === 'done' || plan.redis === 'not wanted') return 0;
  const redis = openRedis(settings);
  try {
    if (plan.redis === 'occupied' || plan.redis === 'again') {
      for await (const keys of keysOf(redis)) await Promise.all(keys.map((key) => redis.unlink(key)));
    }
    await redis.hdel(markerOf(manifest), WHOLE);
    await redis.hset(markerOf(manifest), 'redis', BEGUN);
    const change = (stored: StoredKey): StoredKey => reframedKey(stored, ids);
    const count = await restoreRedis(redis, place, manifest.redis, onProgress, change, signal);
    if (signal?.aborted !== true) await markDone(redis, manifest, 'redis');
    return count;
  } finally {
    redis.disconnect();
  }
};

/** @returns how many objects were put back */
export const putObjects = async (
  settings: Settings,
  place: Place,
  manifest: Manifest,
  plan: RestorePlan,
  ids: IdMap,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<number> => {
  if (plan.objects !== 'fill') return 0;
  const objects = openObjects(settings);
  const redis = openRedis(settings);
  try {
    const change = (piece: StoredPiece): StoredPiece => reframedPiece(piece, ids);
    const count = await restoreObjects(objects, place, manifest.objects, onProgress, change, signal);
    if (signal?.aborted !== true) await markDone(redis, manifest, 'objects');
    return count;
  } finally {
    redis.disconnect();
    objects.close();
  }
};

/**
 * Fills the partitions, several side by side.
 *
 * @returns how many records there are now, and how many batches were left out because they cannot be decoded
 */
export const putRecords = async (
  settings: Settings,
  place: Place,
  { id }: Manifest,
  topics: readonly TopicPlan[],
  ids: IdMap,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<{ readonly records: number; readonly leftOut: number }> => {
  const partitions = topics.flatMap((topic) => topic.partitions.map((plan) => ({ topic, plan })));
  const total = partitions.reduce((sum, { plan }) => sum + plan.records, 0);
  let [done, leftOut] = [0, 0];
  await withAdmin(settings, async (admin) => {
    const onLeftOut = (): void => {
      leftOut += 1;
    };
    const onWritten = (count: number): void => {
      done += count;
      onProgress({ step: 'records', done, total });
    };
    await sideBySide(partitions, PARTITIONS_AT_ONCE, ({ topic, plan }) =>
      fill({ settings, admin, place, id, ids, onWritten, onLeftOut, signal }, topic, plan),
    );
  });
  return { records: total - leftOut, leftOut };
};

/** Positions every group where it stood; one that stood at records which were deleted by then, at the first that is there. */
export const putGroups = async (
  settings: Settings,
  { groups }: Manifest,
  topics: readonly TopicPlan[],
  onProgress: OnProgress,
): Promise<number> => {
  const places = new Map(
    topics.flatMap(({ stored: { name, partitions } }) =>
      partitions.map((stored) => [`${name}/${stored.partition}`, stored] as const),
    ),
  );
  let done = 0;
  for (const { group, offsets } of groups) {
    const commits = offsets.flatMap(({ topic, partition, offset }): Commit[] => {
      const stored = places.get(`${topic}/${partition}`);
      if (stored === undefined) return [];
      const inside = Math.min(Math.max(offset, stored.begin), stored.end);
      return [{ topic, partition, offset: inside, metadata: MOVED_BY_HAND }];
    });
    if (commits.length === 0) continue;
    await commitFor(settings, group, commits);
    done += 1;
    onProgress({ step: 'groups', done, total: groups.length });
  }
  return done;
};
