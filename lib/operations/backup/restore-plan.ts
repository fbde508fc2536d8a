import { StreamError } from '../../errors.ts';
import type { Admin } from '../../kafka/index.ts';
import type { Settings } from '../../settings.ts';
import { suggestion } from '../nearest.ts';
import { boundsOf } from '../topics.ts';
import { type Bounds, isUndisturbed } from './disturbance.ts';
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

/** `begun 7000`: the partition's first offset. Earlier versions moved records to others where an empty topic did not begin at 0. */
export const markText = (state: typeof BEGUN | typeof DONE, begin: number): string => `${state} ${begin}`;

const MARK = /^(begun|done) (\d+)$/;

/** A partition to be filled. */
export interface PartitionPlan {
  readonly stored: StoredPartition;
  /** Records to bring back in all. */
  readonly records: number;
}

export interface TopicPlan {
  readonly stored: StoredTopic;
  /**
   * - `make`: it is not there
   * - `fill`: it is there and empty
   * - `continue`: this backup was begun to be put there, and nothing else has been written since
   * - `done`: it was put there
   * - `occupied`: it has records that this backup did not put there
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
  settings: Pick<Settings, 'brokers' | 'kafkaAuth'>,
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
    const partitions: PartitionPlan[] = [];
    for (const partition of stored.partitions) {
      partitions.push({ stored: partition, records: await countRecords(place, partition) });
    }
    const supposed = stateOf(stored, bounds, marks.get(stored.name) ?? new Map<number, Mark>());
    const isOurs = supposed !== 'continue' || (await isUndisturbed(settings, place, stored, bounds ?? []));
    plans.push({ stored, state: isOurs ? supposed : 'occupied', partitions });
  }
  return plans;
};

/** Undefined when the topic is gone: it may be listed while it is being deleted. */
const currentBounds = async (admin: Admin, name: string): Promise<Bounds | undefined> => {
  const answer = await settled(`${name} has no leaders`, async () =>
    (await admin.listTopics()).includes(name) ? { bounds: await boundsOf(admin, name) } : {},
  );
  return 'bounds' in answer ? answer.bounds : undefined;
};

interface Mark {
  readonly begin: number;
  readonly isDone: boolean;
}

const stateOf = (
  { partitions }: StoredTopic,
  bounds: Bounds | undefined,
  marks: ReadonlyMap<number, Mark>,
): TopicPlan['state'] => {
  if (bounds === undefined) return 'make';
  const isMarked = partitions.every(({ partition, begin }) => marks.get(partition)?.begin === begin);
  if (isMarked && partitions.length === bounds.length) {
    // A topic that was deleted since is shorter than what was put there.
    const isThere = partitions.every(
      ({ partition, end }) =>
        marks.get(partition)?.isDone === true && (bounds.find((each) => each.partition === partition)?.end ?? 0) >= end,
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
          const [, state, begin] = MARK.exec(metadata ?? '') ?? [];
          return begin === undefined ? [] : [[partition, { begin: Number(begin), isDone: state === DONE }]];
        }),
      ),
    ]),
  );
