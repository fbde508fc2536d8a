import { StreamError } from '../../errors.ts';
import type { Settings } from '../../settings.ts';
import { openRedis, type Redis } from '../../stores/redis.ts';
import { withAdmin } from '../cluster.ts';
import { boundsOf } from '../topics.ts';
import { type Commit, commitFor } from './commit.ts';
import type { IdMap } from './frames.ts';
import type { Manifest, Part } from './manifest.ts';
import type { Place } from './place.ts';
import type { OnProgress } from './progress.ts';
import { keysOf } from './redis-copy.ts';
import { restoreSchemas } from './registry-copy.ts';
import { markerOf, putGroups, putObjects, putRecords, putRedis, type RestorePlan } from './restore-parts.ts';
import { BEGUN, DONE, markText, planTopics, restoreGroup, type TopicPlan } from './restore-plan.ts';
import { prepareTopics } from './restore-topics.ts';

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

export interface Restored {
  readonly records: number;
  readonly groups: number;
  readonly keys: number;
  readonly objects: number;
  /** Schemas that have other ids than they had. */
  readonly renumbered: number;
}

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
