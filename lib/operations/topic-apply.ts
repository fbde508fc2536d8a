import { setTimeout as delay } from 'node:timers/promises';
import { TOPICS, topicSettings } from '../catalog/index.ts';
import { StreamError } from '../errors.ts';
import { type Admin, makeTopics } from '../kafka/index.ts';
import type { Settings } from '../settings.ts';
import { changeTopicSettings } from './brokers/topic-settings.ts';
import { type ActualTopic, type Difference, type PlannedTopic, planTopics } from './topic-plan.ts';
import { topicConfigs } from './topics.ts';

/**
 * In what the cluster differs from the catalog; changes nothing.
 *
 * @param topics what there should be: the catalog's topics unless given
 */
export const topicDrift = async (
  admin: Admin,
  topics: readonly PlannedTopic[] = TOPICS,
): Promise<readonly Difference[]> => {
  const existing = new Set(await admin.listTopics());
  const names = topics.map(({ name }) => name).filter((name) => existing.has(name));
  if (names.length === 0) return planTopics(topics, new Map());
  const [found, configs] = await Promise.all([admin.fetchTopicMetadata({ topics: names }), topicConfigs(admin, names)]);
  const actual = found.topics.map(({ name, partitions }): [string, ActualTopic] => [
    name,
    {
      partitions: partitions.length,
      settings: Object.fromEntries(
        (configs.get(name) ?? []).filter(({ isTopics }) => isTopics).map((each) => [each.name, each.value]),
      ),
    },
  ]);
  return planTopics(topics, new Map(actual));
};

const create = async (admin: Admin, missing: readonly PlannedTopic[]): Promise<void> => {
  if (missing.length === 0) return;
  await makeTopics(
    admin,
    missing.map((topic) => ({
      topic: topic.name,
      numPartitions: topic.partitions,
      // As many copies as the cluster makes by default.
      replicationFactor: -1,
      configEntries: Object.entries(topicSettings(topic)).map(([name, value]) => ({ name, value })),
    })),
  );
};

const grow = async (admin: Admin, differences: readonly Difference[]): Promise<void> => {
  if (differences.length === 0) return;
  const topicPartitions = differences.map(({ topic, wanted }) => ({ topic, count: Number(wanted) }));
  await admin.createPartitions({ topicPartitions });
};

/** How long a change may take to be told by every broker. */
const SETTLED_MS = 5_000;

const isUndone = ({ repair }: Difference): boolean => repair !== 'none';

/**
 * Makes the cluster agree with the catalog as far as Kafka can; every step is one that done again changes nothing, so that
 * what was cut off in the middle is ended by calling it again. The result is read back.
 *
 * @param differences a plan by {@link topicDrift}
 * @param topics those the plan was made for
 * @returns what still differs
 * @throws StreamError REFUSED, SERVICE_FAILED when a change did not take effect
 */
export const applyTopics = async (
  admin: Admin,
  settings: Pick<Settings, 'kafkaAuth'>,
  differences: readonly Difference[],
  topics: readonly PlannedTopic[] = TOPICS,
): Promise<readonly Difference[]> => {
  const of = (...repairs: readonly Difference['repair'][]) =>
    differences.filter(({ repair }) => repairs.includes(repair));
  const missing = new Set(of('create').map(({ topic }) => topic));
  await create(
    admin,
    topics.filter(({ name }) => missing.has(name)),
  );
  await grow(admin, of('grow'));
  await changeTopicSettings(
    admin,
    settings,
    of('set', 'unset').map(({ topic, what, wanted }) => ({ topic, name: what, value: wanted })),
  );
  let left = await topicDrift(admin, topics);
  // A broker may tell for a moment what it knew before.
  for (const end = Date.now() + SETTLED_MS; left.some(isUndone) && Date.now() < end; ) {
    await delay(100);
    left = await topicDrift(admin, topics);
  }
  const undone = left.filter(isUndone);
  if (undone.length > 0) {
    const places = undone.map(({ topic, what }) => `${what} of ${topic}`).join(', ');
    throw new StreamError('SERVICE_FAILED', `Kafka took the changes, and yet these differ: ${places}.`, {
      next: 'Somebody else may change them too; see ./stream-manager.sh topics drift',
    });
  }
  return left;
};
