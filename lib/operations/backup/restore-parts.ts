import type { Settings } from '../../settings.ts';
import { sideBySide } from '../../side-by-side.ts';
import { openObjects } from '../../stores/objects.ts';
import { openRedis, type Redis } from '../../stores/redis.ts';
import { kafkaFailure, openKafka, withAdmin } from '../cluster.ts';
import { MOVED_BY_HAND } from '../offsets.ts';
import { type Commit, commitFor } from './commit.ts';
import { fill } from './fill.ts';
import type { IdMap } from './frames.ts';
import type { Manifest } from './manifest.ts';
import { restoreObjects } from './objects-copy.ts';
import type { Place } from './place.ts';
import type { OnProgress } from './progress.ts';
import { countRecords } from './records-copy.ts';
import { keysOf, RESTORED_PREFIX, restoreRedis } from './redis-copy.ts';
import { BEGUN, DONE, type TopicPlan } from './restore-plan.ts';
import { reframedKey, reframedPiece } from './waiting-frames.ts';

export interface RestorePlan {
  readonly topics: readonly TopicPlan[];
  /** What is to be done with Redis and the bucket; `done` when this backup was put there already. */
  readonly redis: 'fill' | 'continue' | 'done' | 'occupied' | 'not wanted';
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

/** @returns how many keys were put back */
export const putRedis = async (
  settings: Settings,
  place: Place,
  manifest: Manifest,
  plan: RestorePlan,
  ids: IdMap,
  onProgress: OnProgress,
): Promise<number> => {
  if (plan.redis === 'done' || plan.redis === 'not wanted') return 0;
  const redis = openRedis(settings);
  try {
    if (plan.redis === 'occupied') {
      for await (const keys of keysOf(redis)) await Promise.all(keys.map((key) => redis.unlink(key)));
    }
    await redis.hset(markerOf(manifest), 'redis', BEGUN);
    const count = await restoreRedis(redis, place, manifest.redis, onProgress, (stored) => reframedKey(stored, ids));
    await markDone(redis, manifest, 'redis');
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
): Promise<number> => {
  if (plan.objects !== 'fill') return 0;
  const objects = openObjects(settings);
  const redis = openRedis(settings);
  try {
    const count = await restoreObjects(objects, place, manifest.objects, onProgress, (piece) =>
      reframedPiece(piece, ids),
    );
    await markDone(redis, manifest, 'objects');
    return count;
  } finally {
    redis.disconnect();
    objects.close();
  }
};

/**
 * Fills the partitions, several side by side.
 *
 * @returns how many records there are to be
 */
export const putRecords = async (
  settings: Settings,
  place: Place,
  topics: readonly TopicPlan[],
  ids: IdMap,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<number> => {
  const partitions = topics.flatMap((topic) => topic.partitions.map((plan) => ({ name: topic.stored.name, plan })));
  const total = partitions.reduce((sum, { plan }) => sum + plan.records, 0);
  let done = 0;
  // No retries behind our back: a request that is sent twice would double its records.
  const producer = openKafka(settings).producer({ idempotent: false, retry: { retries: 0 } });
  try {
    await producer.connect();
    await withAdmin(settings, async (admin) => {
      const onWritten = (count: number): void => {
        done += count;
        onProgress({ step: 'records', done, total });
      };
      await sideBySide(partitions, PARTITIONS_AT_ONCE, ({ name, plan }) =>
        fill({ producer, admin, place, ids, onWritten, signal }, name, plan),
      );
    });
    return total;
  } catch (error) {
    throw kafkaFailure(error, settings);
  } finally {
    await producer.disconnect().catch(() => undefined);
  }
};

/** Positions every group at the record it stood at, whichever offset that has now. */
export const putGroups = async (
  settings: Settings,
  place: Place,
  manifest: Manifest,
  topics: readonly TopicPlan[],
  onProgress: OnProgress,
): Promise<number> => {
  const places = new Map(
    topics.flatMap(({ stored: { name }, partitions }) =>
      partitions.map((plan) => [`${name}/${plan.stored.partition}`, plan] as const),
    ),
  );
  let done = 0;
  for (const { group, offsets } of manifest.groups) {
    const commits: Commit[] = [];
    for (const { topic, partition, offset } of offsets) {
      const plan = places.get(`${topic}/${partition}`);
      if (plan === undefined) continue;
      commits.push({
        topic,
        partition,
        offset: plan.base + (await countRecords(place, plan.stored, offset)),
        metadata: MOVED_BY_HAND,
      });
    }
    if (commits.length === 0) continue;
    await commitFor(settings, group, commits);
    done += 1;
    onProgress({ step: 'groups', done, total: manifest.groups.length });
  }
  return done;
};
