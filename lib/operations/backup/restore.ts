import { StreamError } from '../../errors.ts';
import type { Settings } from '../../settings.ts';
import { sideBySide } from '../../side-by-side.ts';
import { openObjects } from '../../stores/objects.ts';
import { openRedis, type Redis } from '../../stores/redis.ts';
import { kafkaFailure, openKafka, withAdmin } from '../cluster.ts';
import { boundsOf } from '../topics.ts';
import { type Commit, commitFor } from './commit.ts';
import { fill } from './fill.ts';
import type { IdMap } from './frames.ts';
import type { Manifest, Part } from './manifest.ts';
import { restoreObjects } from './objects-copy.ts';
import type { Place } from './place.ts';
import type { OnProgress } from './progress.ts';
import { countRecords } from './records-copy.ts';
import { keysOf, RESTORED_PREFIX, restoreRedis } from './redis-copy.ts';
import { restoreSchemas } from './registry-copy.ts';
import { BEGUN, DONE, markText, planTopics, restoreGroup, type TopicPlan } from './restore-plan.ts';
import { prepareTopics } from './restore-topics.ts';
import { reframedKey, reframedPiece } from './waiting-frames.ts';

export interface RestoreOptions {
  /** All of the backup unless given. */
  readonly topics?: readonly string[] | undefined;
  readonly parts: readonly Part[];
  /** Topics and keys of somebody else are deleted, instead of being a reason to refuse. */
  readonly replace: boolean;
  readonly onProgress: OnProgress;
  /** Ends it between two requests; called again it continues. */
  readonly signal?: AbortSignal;
}

export interface RestorePlan {
  readonly topics: readonly TopicPlan[];
  /** What is to be done with Redis and the bucket; `done` when this backup was put there already. */
  readonly redis: 'fill' | 'continue' | 'done' | 'occupied' | 'not wanted';
  readonly objects: 'fill' | 'done' | 'not wanted';
}

export interface Restored {
  readonly records: number;
  readonly groups: number;
  readonly keys: number;
  readonly objects: number;
  /** Schemas that have other ids than they had. */
  readonly renumbered: number;
}

/** Months after which nobody restores the same backup again. */
const REMEMBERED_SECONDS = 90 * 24 * 60 * 60;
const PARTITIONS_AT_ONCE = 8;

const markerOf = ({ id }: Manifest): string => `${RESTORED_PREFIX}${id}`;

/** What a restore would do; changes nothing. */
export const planRestore = async (
  settings: Settings,
  place: Place,
  manifest: Manifest,
  { topics, parts }: Pick<RestoreOptions, 'topics' | 'parts'>,
): Promise<RestorePlan> => {
  const has = (part: Part): boolean => parts.includes(part) && manifest.parts.includes(part);
  const redis = openRedis(settings);
  try {
    const marks = await redis.hgetall(markerOf(manifest));
    return {
      topics: await withAdmin(settings, (admin) => planTopics(admin, place, manifest, topics)),
      redis: !has('redis')
        ? 'not wanted'
        : marks.redis === DONE
          ? 'done'
          : marks.redis === BEGUN
            ? 'continue'
            : (await isEmpty(redis))
              ? 'fill'
              : 'occupied',
      objects: !has('objects') ? 'not wanted' : marks.objects === DONE ? 'done' : 'fill',
    };
  } finally {
    redis.disconnect();
  }
};

const isEmpty = async (redis: Redis): Promise<boolean> => {
  for await (const keys of keysOf(redis)) if (keys.length > 0) return false;
  return true;
};

/** @throws StreamError REFUSED when something of somebody else is in the way */
export const requireRoom = ({ topics, redis }: RestorePlan): void => {
  const names = topics.filter(({ state }) => state === 'occupied').map(({ stored }) => stored.name);
  const things = [...names.map((name) => `topic ${name}`), ...(redis === 'occupied' ? ['Redis'] : [])];
  if (things.length === 0) return;
  throw new StreamError('REFUSED', `There are data that this backup did not put there: ${things.join(', ')}.`, {
    next: 'Restore into an empty stack, or delete what is there with --replace',
  });
};

/**
 * Puts a backup back, or what is missing of it. Nobody may work or publish records meanwhile. Redis and objects come before
 * records, and the groups' positions last: whatever ends it half-way, no record is worked without the marks of what was done.
 *
 * @throws StreamError REFUSED, SERVICE_FAILED and what the stores say; called again it continues
 */
export const restoreBackup = async (
  settings: Settings,
  place: Place,
  manifest: Manifest,
  plan: RestorePlan,
  { parts, replace, onProgress, signal }: RestoreOptions,
): Promise<Restored> => {
  if (!replace) requireRoom(plan);
  const ids: IdMap = parts.includes('schemas')
    ? await restoreSchemas(settings, place, manifest.schemas, manifest.registryExport)
    : new Map();
  const keys = await putRedis(settings, place, manifest, plan, ids, onProgress);
  requireGoing(signal);
  const objects = await putObjects(settings, place, manifest, plan, ids, onProgress);
  requireGoing(signal);
  const topics = plan.topics.filter(({ state }) => state !== 'done');
  const prepared = await prepareTopics(settings, topics);
  await mark(settings, manifest, prepared, BEGUN);
  const records = await putRecords(settings, place, prepared, ids, onProgress, signal);
  requireGoing(signal);
  const groups = await putGroups(settings, place, manifest, prepared, onProgress);
  await mark(settings, manifest, prepared, DONE);
  return { records, groups, keys, objects, renumbered: ids.size };
};

const requireGoing = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted === true) {
    throw new StreamError('REFUSED', 'The restore was stopped before all was back.', {
      next: 'Run it again: it continues',
    });
  }
};

/**
 * Remembers in the cluster how far the partitions are. The offsets beside it are the partitions' ends: one that lies outside
 * of its partition would be thrown away by kafkajs as soon as it joins the group.
 */
const mark = async (
  settings: Settings,
  { id }: Manifest,
  topics: readonly TopicPlan[],
  state: typeof BEGUN | typeof DONE,
): Promise<void> => {
  const commits = await withAdmin(settings, async (admin) => {
    const found: Commit[] = [];
    for (const { stored, partitions } of topics) {
      const ends = new Map((await boundsOf(admin, stored.name)).map(({ partition, end }) => [partition, end]));
      for (const { stored: own, base } of partitions) {
        const offset = ends.get(own.partition) ?? 0;
        found.push({ topic: stored.name, partition: own.partition, offset, metadata: markText(state, base) });
      }
    }
    return found;
  });
  await commitFor(settings, restoreGroup(id), commits);
};

/** Remembers that a part of the backup is whole here. */
const markDone = async (redis: Redis, manifest: Manifest, part: 'redis' | 'objects'): Promise<void> => {
  await redis.hset(markerOf(manifest), part, DONE);
  await redis.expire(markerOf(manifest), REMEMBERED_SECONDS);
};

const putRedis = async (
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

const putObjects = async (
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

const putRecords = async (
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
const putGroups = async (
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
    const commits: { topic: string; partition: number; offset: number }[] = [];
    for (const { topic, partition, offset } of offsets) {
      const plan = places.get(`${topic}/${partition}`);
      if (plan === undefined) continue;
      commits.push({ topic, partition, offset: plan.base + (await countRecords(place, plan.stored, offset)) });
    }
    if (commits.length === 0) continue;
    await commitFor(settings, group, commits);
    done += 1;
    onProgress({ step: 'groups', done, total: manifest.groups.length });
  }
  return done;
};
