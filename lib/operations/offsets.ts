import { StreamError } from '../errors.ts';
import { type Admin, coordinatorReady } from '../kafka/index.ts';
import type { Settings } from '../settings.ts';
import { kafkaFailure, openKafka, withAdmin } from './cluster.ts';
import { describeGroup, isInactive } from './groups.ts';
import { type PartitionOffsets, planReset, type ResetStep, type ResetTarget } from './reset-plan.ts';
import { requireTopic } from './topic-name.ts';
import { boundsOf } from './topics.ts';

/**
 * Stands beside an offset that an operator's command has committed, until the group commits another: what lies before it
 * need not have been delivered.
 */
export const MOVED_BY_HAND = 'moved by stream-manager';

export interface Reset {
  readonly group: string;
  readonly topic: string;
  readonly state: string;
  readonly members: number;
  readonly steps: readonly ResetStep[];
}

/**
 * First offset at or after a time, by partition; null where there is none: Kafka answers -1, or the end, for a time after
 * the last record.
 */
export const offsetsAt = async (admin: Admin, topic: string, time: Date): Promise<Map<number, number | null>> =>
  new Map(
    (await admin.fetchTopicOffsetsByTimestamp(topic, time.getTime())).map(({ partition, offset }) => [
      partition,
      Number(offset) < 0 ? null : Number(offset),
    ]),
  );

/**
 * What a reset would do; changes nothing.
 *
 * @param only partitions it is about; all of them when absent
 * @throws StreamError NOT_FOUND for an unknown group, topic or partition, REFUSED when the offset lies in no partition
 */
export const planGroupReset = async (
  admin: Admin,
  group: string,
  topic: string,
  target: ResetTarget,
  only?: readonly number[],
): Promise<Reset> => {
  await requireTopic(admin, topic);
  await coordinatorReady(admin, group);
  const [{ state, members }, bounds, offsets, atTime] = await Promise.all([
    describeGroup(admin, group),
    boundsOf(admin, topic),
    admin.fetchOffsets({ groupId: group, topics: [topic] }),
    target.to === 'datetime' ? offsetsAt(admin, topic, target.time) : new Map<number, number | null>(),
  ]);
  const committed = new Map(
    offsets.flatMap(({ partitions }) =>
      partitions.map(({ partition, offset }) => [partition, Number(offset)] as const),
    ),
  );
  const unknown = only?.find((partition) => !bounds.some((bound) => bound.partition === partition));
  if (unknown !== undefined) {
    throw new StreamError('NOT_FOUND', `${topic} has no partition ${unknown}: it has 0 to ${bounds.length - 1}.`);
  }
  const wanted = bounds.filter(({ partition }) => only === undefined || only.includes(partition));
  const partitions = wanted.map(({ partition, begin, end }): PartitionOffsets => {
    const offset = committed.get(partition) ?? -1;
    return { partition, begin, end, committed: offset < 0 ? null : offset, atTime: atTime.get(partition) ?? null };
  });
  return { group, topic, state, members, steps: planReset(partitions, target) };
};

/** @throws StreamError REFUSED while the group has members: a running member would commit its own offsets over ours */
export const requireInactive = ({ group, state, members }: Reset): void => {
  if (isInactive(state)) return;
  throw new StreamError(
    'REFUSED',
    `Group ${group} is active (${state}, ${members} member${members === 1 ? '' : 's'}).`,
    {
      next: 'Stop its consumers, or add --pause to pause its local mapping for the time of the reset.',
    },
  );
};

/**
 * Commits the plan's offsets for an inactive group: joins it as its only member, commits, and leaves. (kafkajs's
 * `resetOffsets` stores a literal -2 for "earliest", and its `setOffsets` takes 5 s because it waits for an empty fetch.)
 * The result is read back, because a commit that was lost must not be reported as done.
 *
 * @throws StreamError SERVICE_FAILED when the offsets read back are not those of the plan
 */
export const applyReset = async (settings: Pick<Settings, 'brokers' | 'kafkaAuth'>, reset: Reset): Promise<void> => {
  const { group, topic, steps } = reset;
  await commit(settings, reset);
  const stored = await withAdmin(settings, (admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }));
  const now = new Map(
    stored.flatMap(({ partitions }) => partitions.map(({ partition, offset }) => [partition, Number(offset)] as const)),
  );
  const wrong = steps.filter(({ partition, to }) => now.get(partition) !== to);
  if (wrong.length > 0) {
    throw new StreamError(
      'SERVICE_FAILED',
      `Kafka did not store the new offset of partition ${wrong.map(({ partition }) => partition).join(', ')}.`,
      { next: `Run the same reset again; see ./stream-manager.sh describe-group ${group}` },
    );
  }
};

const commit = async (
  settings: Pick<Settings, 'brokers' | 'kafkaAuth'>,
  { group, topic, steps }: Reset,
): Promise<void> => {
  const consumer = openKafka(settings).consumer({ groupId: group, maxWaitTimeInMs: 100, retry: { retries: 3 } });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic });
    // Resolves once the group is joined; before that kafkajs drops a commit without a word.
    await consumer.run({ autoCommit: false, eachBatch: () => Promise.resolve() });
    await consumer.commitOffsets(
      steps.map(({ partition, to }) => ({ topic, partition, offset: String(to), metadata: MOVED_BY_HAND })),
    );
  } catch (error) {
    throw kafkaFailure(error, settings);
  } finally {
    await consumer.disconnect().catch(() => undefined);
  }
};
