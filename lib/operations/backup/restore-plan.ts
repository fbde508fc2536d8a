import { StreamError } from '../../errors.ts';
import type { Admin } from '../../kafka/index.ts';
import { suggestion } from '../nearest.ts';
import { boundsOf } from '../topics.ts';
import type { Manifest, StoredPartition, StoredTopic } from './manifest.ts';
import type { Place } from './place.ts';
import { countRecords } from './records-copy.ts';
import { settled } from './settled.ts';

/**
 * The group in which a restore keeps, in the cluster itself, what it has done: beside an offset of each partition
 * {@link markText}. How many records are written follows from the partition's end.
 */
export const restoreGroup = (id: string): string => `stream-manager-restore-${id}`;

export const BEGUN = 'begun';
export const DONE = 'done';

/** `begun 7000`: the offset at which the partition's first record goes. */
export const markText = (state: typeof BEGUN | typeof DONE, base: number): string => `${state} ${base}`;

const MARK = /^(begun|done) (\d+)$/;

/** A partition to be filled. */
export interface PartitionPlan {
  readonly stored: StoredPartition;
  /** Offset of its first record; the same as it was where nothing is in the way. */
  readonly base: number;
  /** Records to bring back in all. */
  readonly records: number;
}

export interface TopicPlan {
  readonly stored: StoredTopic;
  /**
   * - `make`: it is not there
   * - `fill`: it is there and empty
   * - `continue`: this backup was begun to be put there
   * - `done`: it was put there
   * - `occupied`: it has records of somebody else
   */
  readonly state: 'make' | 'fill' | 'continue' | 'done' | 'occupied';
  readonly partitions: readonly PartitionPlan[];
}

/**
 * What a restore has to do to the topics; changes nothing.
 *
 * @param wanted all of the backup unless given
 * @throws StreamError NOT_FOUND for a topic the backup does not have
 */
export const planTopics = async (
  admin: Admin,
  place: Place,
  manifest: Manifest,
  wanted?: readonly string[],
): Promise<readonly TopicPlan[]> => {
  const names = manifest.topics.map(({ name }) => name);
  const unknown = wanted?.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new StreamError('NOT_FOUND', `Backup ${manifest.id} has no topic ${unknown}.`, {
      next: suggestion(unknown, names) ?? `It has: ${names.join(', ')}`,
    });
  }
  const there = await admin.listTopics();
  const marks = await marksOf(admin, manifest.id);
  const plans: TopicPlan[] = [];
  for (const stored of manifest.topics.filter(({ name }) => wanted?.includes(name) ?? true)) {
    const bounds = there.includes(stored.name) ? await currentBounds(admin, stored.name) : undefined;
    const own = marks.get(stored.name) ?? new Map<number, Mark>();
    const isKept = stored.config['cleanup.policy'] === 'compact';
    const partitions: PartitionPlan[] = [];
    for (const partition of stored.partitions) {
      const end = bounds?.find((each) => each.partition === partition.partition)?.end ?? 0;
      // Records of a compacted topic cannot be deleted, so none can fill the place of those that are gone.
      const base = own.get(partition.partition)?.base ?? Math.max(end, isKept ? 0 : partition.begin);
      partitions.push({ stored: partition, base, records: await countRecords(place, partition) });
    }
    plans.push({ stored, state: stateOf(bounds, own, partitions), partitions });
  }
  return plans;
};

/** Undefined when the topic is gone: it may be listed while it is being deleted. */
const currentBounds = async (admin: Admin, name: string): Promise<Awaited<ReturnType<typeof boundsOf>> | undefined> => {
  const answer = await settled(`${name} has no leaders`, async () =>
    (await admin.listTopics()).includes(name) ? { bounds: await boundsOf(admin, name) } : {},
  );
  return 'bounds' in answer ? answer.bounds : undefined;
};

interface Mark {
  readonly base: number;
  readonly isDone: boolean;
}

const stateOf = (
  bounds: Awaited<ReturnType<typeof boundsOf>> | undefined,
  marks: ReadonlyMap<number, Mark>,
  partitions: readonly PartitionPlan[],
): TopicPlan['state'] => {
  if (bounds === undefined) return 'make';
  if (marks.size > 0) {
    // A topic that was deleted since is shorter than what was put there.
    const isThere = partitions.every(
      ({ stored, base, records }) =>
        marks.get(stored.partition)?.isDone === true &&
        (bounds.find(({ partition }) => partition === stored.partition)?.end ?? 0) >= base + records,
    );
    return isThere ? 'done' : 'continue';
  }
  return bounds.every(({ begin, end }) => begin === end) ? 'fill' : 'occupied';
};

const marksOf = async (admin: Admin, id: string): Promise<Map<string, Map<number, Mark>>> =>
  new Map(
    (await admin.fetchOffsets({ groupId: restoreGroup(id) })).map(({ topic, partitions }) => [
      topic,
      new Map(
        partitions.flatMap(({ partition, metadata }): [number, Mark][] => {
          const [, state, base] = MARK.exec(metadata ?? '') ?? [];
          return base === undefined ? [] : [[partition, { base: Number(base), isDone: state === DONE }]];
        }),
      ),
    ]),
  );
