import { StreamError } from '../../errors.ts';
import type { Settings } from '../../settings.ts';
import { openRedis, type Redis } from '../../stores/redis.ts';
import { withAdmin } from '../cluster.ts';
import { boundsOf } from '../topics.ts';
import { type Commit, commitFor, requireNoMembers } from './commit.ts';
import type { IdMap } from './frames.ts';
import type { Manifest, Part } from './manifest.ts';
import type { Place } from './place.ts';
import type { OnProgress } from './progress.ts';
import { keysOf } from './redis-copy.ts';
import { restoreSchemas } from './registry-copy.ts';
import {
  markerOf,
  markWhole,
  putGroups,
  putObjects,
  putRecords,
  putRedis,
  type RestorePlan,
  WHOLE,
} from './restore-parts.ts';
import { BEGUN, DONE, markText, planTopics, restoreGroup, type TopicPlan } from './restore-plan.ts';
import { finishTopics, prepareTopics } from './restore-topics.ts';

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
  /** Batches that cannot be decoded: their offsets are gaps now. */
  readonly leftOut: number;
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
    const planned = await withAdmin(settings, (admin) => planTopics(settings, admin, place, manifest, topics));
    // Functions may have worked since an unfinished restore, with half of the records: then all is done again.
    const isFinished = marks[WHOLE] === DONE || planned.every(({ state }) => state === 'done');
    return {
      topics: planned,
      redis: !has('redis')
        ? 'not wanted'
        : marks.redis === DONE && isFinished
          ? 'done'
          : marks.redis !== undefined
            ? 'again'
            : (await isEmpty(redis))
              ? 'fill'
              : 'occupied',
      objects: !has('objects') ? 'not wanted' : marks.objects === DONE && isFinished ? 'done' : 'fill',
    };
  } finally {
    redis.disconnect();
  }
};

const isEmpty = async (redis: Redis): Promise<boolean> => {
  for await (const keys of keysOf(redis)) if (keys.length > 0) return false;
  return true;
};

/** @throws StreamError REFUSED, before anything is changed, while a group has members that would commit over its offsets */
const requireFreeGroups = (settings: Settings, { groups }: Manifest, topics: readonly TopicPlan[]): Promise<void> =>
  withAdmin(settings, async (admin) => {
    const names = topics.filter(({ state }) => state !== 'done').map(({ stored }) => stored.name);
    for (const { group, offsets } of groups) {
      if (offsets.some(({ topic }) => names.includes(topic))) await requireNoMembers(admin, group);
    }
  });

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
 * Puts a backup back, or what is missing of it. Nothing may process or publish records meanwhile. Redis and objects come before
 * records, and the groups' positions last: whatever ends it half-way, no record is processed without the idempotency keys of
 * what was done. Settings of topics come at the very end, because under some of them Kafka deletes.
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
  await requireFreeGroups(settings, manifest, plan.topics);
  const ids: IdMap = parts.includes('schemas')
    ? await restoreSchemas(settings, place, manifest.schemas, manifest.registryExport)
    : new Map();
  const keys = await putRedis(settings, place, manifest, plan, ids, onProgress, signal);
  requireGoing(signal);
  const objects = await putObjects(settings, place, manifest, plan, ids, onProgress, signal);
  requireGoing(signal);
  const topics = plan.topics.filter(({ state }) => state !== 'done');
  await prepareTopics(settings, topics);
  await mark(settings, manifest, topics, BEGUN);
  const { records, leftOut } = await putRecords(settings, place, manifest, topics, ids, onProgress, signal);
  requireGoing(signal);
  const groups = await putGroups(settings, manifest, topics, onProgress);
  await finishTopics(
    settings,
    topics.map(({ stored }) => stored),
  );
  await mark(settings, manifest, topics, DONE);
  if (plan.redis !== 'not wanted' || plan.objects !== 'not wanted') await markWhole(settings, manifest);
  return { records, leftOut, groups, keys, objects, renumbered: ids.size };
};

const requireGoing = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted === true) {
    throw new StreamError('REFUSED', 'The restore was stopped before everything was back.', {
      next: 'Run the same again: it continues',
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
      for (const { stored: own } of partitions) {
        const offset = ends.get(own.partition) ?? 0;
        found.push({ topic: stored.name, partition: own.partition, offset, metadata: markText(state, own.begin) });
      }
    }
    return found;
  });
  await commitFor(settings, restoreGroup(id), commits);
};
