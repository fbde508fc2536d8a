import { type Admin, makeTopics, TOPIC_RESOURCE } from '../../kafka/index.ts';
import type { Settings } from '../../settings.ts';
import { withAdmin } from '../cluster.ts';
import { boundsOf } from '../topics.ts';
import type { TopicPlan } from './restore-plan.ts';
import { settled } from './settled.ts';

/**
 * Makes the topics of a restore ready: makes those that are missing, makes anew those that have records of somebody else, and
 * gives all of them the settings and at least the partitions they had.
 *
 * @returns the plans, with the places where records go in topics that were made
 */
export const prepareTopics = (settings: Settings, plans: readonly TopicPlan[]): Promise<readonly TopicPlan[]> =>
  withAdmin(settings, async (admin) => {
    const brokers = (await admin.describeCluster()).brokers.length;
    const occupied = plans.filter(({ state }) => state === 'occupied').map(({ stored }) => stored.name);
    if (occupied.length > 0) {
      await admin.deleteTopics({ topics: occupied });
      await settled('topics are to be gone', async () =>
        (await admin.listTopics()).some((name) => occupied.includes(name)) ? undefined : true,
      );
    }
    const made = plans.filter(({ state }) => state === 'make' || state === 'occupied');
    if (made.length > 0) {
      const topics = made.map(({ stored: { name, partitions, replicas, config } }) => ({
        topic: name,
        numPartitions: partitions.length,
        replicationFactor: Math.min(replicas, brokers),
        configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
      }));
      // A topic that is still being deleted is refused as one that exists.
      await settled('topics are to be made', async () => {
        await makeTopics(admin, topics);
        const there = await admin.listTopics();
        return topics.every(({ topic }) => there.includes(topic)) || undefined;
      });
    }
    await adapt(
      admin,
      plans.filter((plan) => !made.includes(plan)),
    );
    for (const { stored } of plans) {
      await settled(`${stored.name} has no leaders`, async () =>
        (await boundsOf(admin, stored.name)).length >= stored.partitions.length ? true : undefined,
      );
    }
    return plans.map((plan) => (plan.state === 'occupied' ? fresh(plan) : plan));
  });

const fresh = (plan: TopicPlan): TopicPlan => ({
  ...plan,
  partitions: plan.partitions.map((each) => ({
    ...each,
    base: plan.stored.config['cleanup.policy'] === 'compact' ? 0 : each.stored.begin,
  })),
});

const adapt = async (admin: Admin, plans: readonly TopicPlan[]): Promise<void> => {
  for (const { stored } of plans) {
    const { topics } = await admin.fetchTopicMetadata({ topics: [stored.name] });
    if ((topics[0]?.partitions.length ?? 0) < stored.partitions.length) {
      await admin.createPartitions({ topicPartitions: [{ topic: stored.name, count: stored.partitions.length }] });
    }
    const configEntries = Object.entries(stored.config).map(([name, value]) => ({ name, value }));
    if (configEntries.length === 0) continue;
    await admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: TOPIC_RESOURCE, name: stored.name, configEntries }],
    });
  }
};
